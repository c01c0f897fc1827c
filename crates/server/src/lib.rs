//! The reference backend of the member page: the HTTP API with its database, the built page, and the commands
//! that manage the data. A company with its own backend implements `docs/openapi.yaml` instead.

pub mod cli;
pub mod clock;
mod counter;
mod demo;
mod events;
pub mod http;
mod import;
mod live;
mod members;
pub mod openapi;
mod programme;
pub mod refunds;
mod routes;
mod secret;
pub mod serve;
mod shops;
mod spreadsheet;
mod state;

use std::path::Path;

use member_storage::{Database, StorageResult};

pub use import::{
    Encoding, ImportError, Notes, ShopImport, ShopsImported, UnreadHours, import_events, import_members, import_shops,
    import_shops_from,
};
pub use routes::api_routes;

/// Opens the database in this file with this server's shop rules. Creates the file if it is missing.
pub fn open_database(path: &Path) -> StorageResult<Database> {
    Database::open(path, shops::RULES)
}
