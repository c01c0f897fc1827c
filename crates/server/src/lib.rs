//! Reference backend of the member page: the HTTP API over embedded SQLite, the built page, and the commands that keep
//! the data. A company with a backend of its own implements `docs/openapi.yaml` instead.

pub mod cli;
pub mod clock;
mod cors;
mod counter;
mod demo;
mod import;
mod limits;
mod listeners;
mod markup;
mod opening_hours;
pub mod origin;
mod pin;
mod policy;
mod problem;
mod programme;
mod programme_end;
mod programme_status;
mod readings;
mod redeeming;
mod refund_batch;
mod routes;
mod secret;
mod security_reports;
mod sender;
pub mod serve;
mod session;
mod site;
mod spreadsheet;
mod sticker;
pub mod storage;
mod test_code;
mod trust;
pub mod webhook;

pub use import::{
    Encoding, ImportError, ShopImport, ShopsImported, UnreadHours, import_events, import_members, import_shops,
    import_shops_from,
};
pub use routes::API_ROUTES;
