//! The database, and all SQL there is. Methods speak the domain's types; nothing outside this module sees a connection,
//! a statement or a row, so that another database can take SQLite's place by replacing this module.
//!
//! SQLite in WAL mode: one writer and a few readers for each processor, all with threads of their own.

mod attempts;
mod cancellations;
mod cards;
mod changes;
mod credentials;
mod event_seats;
mod ledger;
mod member_events;
mod pins;
mod presentations;
mod programme_figures;
mod programmes;
mod readers;
mod redemptions;
mod refund_batch;
mod refund_history;
mod refund_orders;
mod refund_reconcile;
mod refund_results;
mod refund_reviews;
mod refunds;
mod reports;
mod security_reports;
mod sessions;
mod settings;
mod settled;
mod shop_health;
mod shop_import;
mod shop_search;
mod shop_tests;
mod shop_writes;
mod shops;
mod terminals;
mod terms;
mod trust;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

pub(crate) use attempts::AttemptRecord;
pub(crate) use cancellations::{CancelOutcome, Cancellation};
pub use cards::{CardRow, MemberRow};
pub(crate) use cards::{DEFAULT_CHANNEL, HeldCard, MemberRecord};
pub(crate) use changes::{CHANGES_AT_ONCE, Change, ChangeKind};
pub(crate) use credentials::NewCredential;
pub(crate) use event_seats::SignUpRefusal;
pub(crate) use ledger::SeedRedemption;
pub(crate) use member_events::{EventRecord, LONGEST_EVENT_MILLIS};
pub(crate) use pins::PinTry;
pub(crate) use presentations::Presented;
pub(crate) use programme_figures::ProgrammeFigures;
pub(crate) use programmes::ProgrammeRecord;
use readers::Readers;
pub(crate) use redemptions::{RedeemOutcome, RedemptionAttempt};
pub(crate) use refund_batch::{BatchStep, RefundPlan, ScheduleTally, Sum};
pub(crate) use refund_orders::RefundOrder;
pub(crate) use refund_reconcile::{Account, Finding, FindingKind};
pub(crate) use refund_results::{RefundResult, ResultStaging, Verdict, place as state_place};
pub(crate) use refund_reviews::Reviewed;
pub(crate) use refunds::{CURRENCY, NewRefund, NewReport, ReportSource, Reported};
pub(crate) use reports::{ReportBy, ReportRow};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};
pub(crate) use settled::Settled;
pub(crate) use shop_health::ShopHealth;
pub use shop_import::ShopChanges;
pub(crate) use shop_import::ShopStaging;
pub(crate) use shop_search::{COUNTED_AT_MOST, ShopOrder, ShopSearch};
pub(crate) use shop_tests::{NewTestCode, TestScan};
pub use shops::ShopRecord;
pub(crate) use terminals::{NewPairing, Pairing, TerminalKind, TerminalRecord};
use tokio::sync::Notify;
use writer::Writer;

/// The schema's history; entries are added at the end and never changed.
const MIGRATIONS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_first_version.sql")),
    M::up(include_str!("migrations/0002_counter.sql")),
    M::up(include_str!("migrations/0003_scans.sql")),
    M::up(include_str!("migrations/0004_shops.sql")),
    M::up(include_str!("migrations/0005_counter_record.sql")),
    M::up(include_str!("migrations/0006_programme_end.sql")),
    M::up(include_str!("migrations/0007_security_reports.sql")),
];

/// How long a statement waits for another process's lock before it fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How many readers there are for each processor. More would not be faster, and each keeps 2 MB of pages.
const READERS_A_PROCESSOR: usize = 4;

/// The database failed; what was asked has not happened.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database engine reports an error.
    #[error("database: {0}")]
    Engine(#[from] rusqlite::Error),
    /// The schema could not be brought up to date.
    #[error("database migration: {0}")]
    Migration(#[from] rusqlite_migration::Error),
    /// The database holds something this version does not understand.
    #[error("database holds an unreadable {0}")]
    Unreadable(&'static str),
    /// The transaction that this change was in could not be committed.
    #[error("database: {0}")]
    NotCommitted(Arc<rusqlite::Error>),
    /// A blocking task was cancelled, which happens at shutdown only.
    #[error("database call was cancelled")]
    Cancelled,
}

pub(crate) type StorageResult<T> = Result<T, StorageError>;

/// A handle on the database; clones share it.
#[derive(Clone, Debug)]
pub struct Database {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    writer: Writer,
    readers: Readers,
    /// Wakes whoever follows the changes after a write of this process.
    written: Arc<Notify>,
}

impl Database {
    /// Opens the SQLite file at `path`, creating it if needed, and brings its schema up to date.
    pub fn open(path: &Path) -> Result<Self, StorageError> {
        let mut writer = connect(path)?;
        migrate(&mut writer)?;
        shop_writes::complete_search_texts(&mut writer)?;
        // What undoes one of several writes is a few pages, yet enough for a file each time.
        writer.pragma_update(None, "temp_store", "MEMORY")?;
        let written = Arc::new(Notify::new());
        let writer = Writer::start(writer, Arc::clone(&written));
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let readers = Readers::start(path, READERS_A_PROCESSOR * processors);
        Ok(Self { inner: Arc::new(Inner { path: path.to_owned(), writer, readers, written }) })
    }

    /// Runs `query` on one of the connections that read, once one is free.
    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> StorageResult<T> + Send + 'static,
    ) -> StorageResult<T> {
        self.inner.readers.read(query).await
    }

    /// Runs `change` in a transaction that has the write lock from its start; an error undoes all of it. What it answers is
    /// on the disk.
    async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> StorageResult<T> + Send + 'static,
    ) -> StorageResult<T> {
        self.inner.writer.write(change).await
    }

    /// Whether the database answers.
    pub(crate) async fn ping(&self) -> StorageResult<()> {
        self.read(|connection| Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?)).await
    }
}

/// Brings the schema up to date, also if another process does so at the same time: it reads the version before it has the
/// lock, so what fails on a version that has moved meanwhile is tried again from the new one.
fn migrate(writer: &mut Connection) -> StorageResult<()> {
    // Waits for the lock at the beginning: later, SQLite would refuse it at once.
    writer.set_transaction_behavior(TransactionBehavior::Immediate);
    let version = |connection: &Connection| -> StorageResult<i64> {
        Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
    };
    loop {
        let before = version(writer)?;
        match Migrations::from_slice(MIGRATIONS).to_latest(writer) {
            Ok(()) => return Ok(()),
            Err(_) if version(writer)? > before => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn connect(path: &Path) -> StorageResult<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // A confirmed redemption must survive a power cut, so every commit is flushed.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // A redemption changes a dozen pages: at SQLite's own 1,000, every hundredth would carry them over into the file.
    connection.pragma_update(None, "wal_autocheckpoint", 8_000)?;
    connection.set_prepared_statement_cache_capacity(64);
    shop_search::add_functions(&connection)?;
    Ok(connection)
}

/// A panic while the lock was held has rolled its transaction back, so the connection behind it is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Reads a date the database holds as text.
fn date(text: &str) -> StorageResult<member_domain::CivilDate> {
    text.parse().map_err(|_| StorageError::Unreadable("date"))
}

/// Reads a list the database holds as names separated by ';'.
fn names<T, E>(text: &str, read: impl Fn(&str) -> Result<T, E>) -> StorageResult<Vec<T>> {
    let parts = text.split(';').filter(|name| !name.is_empty());
    parts.map(|name| read(name).map_err(|_| StorageError::Unreadable("name"))).collect()
}
