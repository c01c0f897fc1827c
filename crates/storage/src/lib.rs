//! The database of the member server. This crate owns all SQL. The methods of [`Database`] take and return
//! domain types. No connection, statement or row leaves this crate.
//!
//! The folders have the names of the server's folders. This crate checks no rate limits and judges no codes.
//! If a method needs a rule of the server, the caller passes the rule as a function. The method calls that
//! function inside the transaction, with the data it has read. A transaction may run more than once. So such
//! a function, like all code in a transaction, must have no effect outside the database.
//!
//! The engine is `SQLite` in WAL mode. It has one writer, and a few readers for each processor. Each of them
//! has its own thread.

mod columns;
mod counter;
mod database;
mod demo;
mod engine;
mod error;
mod events;
mod http;
#[cfg(feature = "inspect")]
pub mod inspect;
mod live;
mod members;
mod open;
mod programme;
#[cfg(test)]
mod races;
mod refunds;
mod shops;
pub use counter::{
    AttemptRecord, CancelOutcome, Cancellation, CodeRules, NewPairing, NewTestCode, Pairing, PhoneRecord, PinSettled,
    PinTry, PinTryId, Presented, RedeemOutcome, RedemptionAttempt, ReportBy, ReportRow, Settled, TerminalKind,
    TerminalRecord, TestScan,
};
pub use database::Database;
pub use demo::SeedRedemption;
pub use error::{EngineError, StorageError, StorageResult};
pub use events::{EventOverview, EventRecord, LONGEST_EVENT_MILLIS, SignUpRefusal, SignUpRow};
pub use http::SecurityCount;
pub use live::{CHANGES_AT_ONCE, Change, ChangeKind};
pub use members::{CardRecord, CardRow, DEFAULT_CHANNEL, HeldCard, MemberRecord, MemberRow, NewCredential};
pub use programme::ProgrammeRecord;
pub use refunds::*;
pub use shops::{
    COUNTED_AT_MOST, FoundShops, ShopChanges, ShopHealth, ShopOrder, ShopRecord, ShopRules, ShopSearch, ShopStaging,
};
