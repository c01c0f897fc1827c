//! Shops: search, the record at the counter, and the sticker for the door.

pub(crate) mod list;
mod readings;
mod scripts;
pub(crate) mod sticker;
pub(crate) mod trust;

use member_domain::wire::OpenState;
use member_opening_hours::open_state;
use member_storage::ShopRules;

/// The shop rules that storage uses.
pub(crate) const RULES: ShopRules = ShopRules {
    is_open: |hours, at| matches!(open_state(hours, at), OpenState::Open { .. }),
    pinyin: readings::of_shop,
    normalize: scripts::normalize,
};
