//! Shops: finding them, their opening hours, their record at the counter, and the sticker on their door.

pub(crate) mod list;
pub(crate) mod opening_hours;
mod readings;
pub(crate) mod sticker;
pub(crate) mod trust;

use member_domain::wire::OpenState;
use member_storage::ShopRules;

/// The rules of shops that storage is given.
pub(crate) const RULES: ShopRules = ShopRules {
    is_open: |hours, at| matches!(opening_hours::open_state(hours, at), OpenState::Open { .. }),
    pinyin: readings::of_shop,
};
