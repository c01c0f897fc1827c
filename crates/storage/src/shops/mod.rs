//! Shops: their records, the search, the import, and how redeeming works at their counters.

mod columns;
mod health;
mod import;
mod one;
mod record;
pub(crate) mod search;
pub(crate) mod trust;
pub(crate) mod writes;
pub use health::ShopHealth;
pub use import::{ShopChanges, ShopStaging};
pub use record::ShopRecord;
pub use search::{COUNTED_AT_MOST, FoundShops, ShopOrder, ShopSearch};
pub use writes::ShopRules;
