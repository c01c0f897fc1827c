//! The features that members see, one folder each.

pub mod member_card;
pub mod member_events;
pub mod nearby_shops;
pub mod redemption_code;
pub mod refund_banner;
pub mod reminders;
pub mod savings;
pub mod shop_sheet;
