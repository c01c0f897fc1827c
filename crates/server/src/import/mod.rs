//! CSV imports. The whole file is checked. Each fault is reported with line, column and reason, and a file
//! with a fault imports nothing. Shops and refund results are read row by row, so that memory does not grow
//! with the file.

mod calendar;
mod cell;
mod characters;
mod encoding;
mod events;
mod evidence;
mod fault;
mod field;
mod identifier;
mod members;
mod note;
mod number;
mod payments;
mod place;
mod record;
mod refund_results;
mod row;
mod separator;
mod shop_row;
mod shops;
mod table;
pub use encoding::Encoding;
pub use events::import_events;
pub(crate) use events::import_events_from;
pub(crate) use evidence::is_https;
pub use fault::ImportError;
pub(crate) use fault::quoted;
pub(crate) use field::{id as checked_id, typed_text as checked_text};
pub use members::import_members;
pub(crate) use members::import_members_from;
pub use note::Notes;
pub(crate) use refund_results::{CheckedResults, SHOWN as IDLE_RESULTS_SHOWN, check_refund_results};
pub use shops::{ShopImport, ShopsImported, UnreadHours, import_shops, import_shops_from};
