//! CSV imports. A file is read whole and checked whole: every bad row is reported with line, column and reason, and
//! nothing is imported unless all of it is good.

mod events;
mod members;
mod shops;
mod table;

pub use events::import_events;
pub use members::import_members;
pub use shops::import_shops;
pub use table::ImportError;
