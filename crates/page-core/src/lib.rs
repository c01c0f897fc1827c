//! The decisions of the page as pure functions: from state and event to new state and effects. This crate knows no
//! browser; events carry the time. `src/app/` of the page connects the functions to signals, requests and storage.

mod basis;
pub mod code_sheet;
pub mod codes;
mod favourites;
mod ledger;
pub mod live;
pub mod load;
pub mod member;
pub mod pin;
mod place;
pub mod redemptions;
mod requests;
mod shop_list;
mod shop_query;
pub mod shops;
pub mod sign_ups;
mod street;
mod worked_ways;

pub use basis::Basis;
pub use codes::{CodeSource, Codes, Credential, LastRequest};
pub use favourites::FavouriteShops;
pub use ledger::{append_older, join_newest};
pub use live::RefreshRules;
pub use load::{ApiError, Load};
pub use pin::{PinEntry, PinRefusal, PinState, PinTries};
pub use place::{NoPosition, Place, Renewal};
pub use redemptions::Redemptions;
pub use requests::{Request, Requests};
pub use shop_list::{Arranged, Listed, Ordered, PAGE, Row, Section, ShopList};
pub use shop_query::{ListOrder, ShopQuery};
pub use sign_ups::{SignUpStep, SignUps};
pub use street::street_of;
pub use worked_ways::WorkedWays;
