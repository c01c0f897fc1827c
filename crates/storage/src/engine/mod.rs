//! The engine, `SQLite`: connections, schema migrations, the writer thread and the reader threads.

#[cfg_attr(not(test), expect(dead_code, reason = "SQLite locks the whole file, other engines lock these rows"))]
mod guard;
mod readers;
mod writer;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use rusqlite::{Connection, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use crate::{StorageError, StorageResult};

pub(crate) use guard::Guard;
pub(crate) use readers::Readers;
pub(crate) use writer::{Writer, write_on};

/// The schema migrations, oldest first. Append new migrations at the end. Never change an existing one.
const MIGRATIONS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_first_version.sql")),
    M::up(include_str!("migrations/0002_counter.sql")),
    M::up(include_str!("migrations/0003_scans.sql")),
    M::up(include_str!("migrations/0004_shops.sql")),
    M::up(include_str!("migrations/0005_counter_record.sql")),
    M::up(include_str!("migrations/0006_programme_end.sql")),
    M::up(include_str!("migrations/0007_security_reports.sql")),
    M::up(include_str!("migrations/0008_pin_tries.sql")),
    M::up(include_str!("migrations/0009_favourites.sql")),
    M::up(include_str!("migrations/0010_folded_search.sql")),
];

/// How long a statement waits for another process's lock before it fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Prepares a new connection.
type Prepare = dyn Fn(&Connection) -> rusqlite::Result<()> + Send + Sync;

/// Opens connections to one file. Clones open the same file.
#[derive(Clone)]
pub(crate) struct Connect {
    path: PathBuf,
    prepare: Arc<Prepare>,
}

impl fmt::Debug for Connect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Connect").field(&self.path).finish()
    }
}

impl Connect {
    /// Returns an opener for the file at `path`. It calls `prepare` on every new connection.
    pub(crate) fn new(
        path: &Path,
        prepare: impl Fn(&Connection) -> rusqlite::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self { path: path.to_owned(), prepare: Arc::new(prepare) }
    }

    /// Opens a connection.
    pub(crate) fn open(&self) -> StorageResult<Connection> {
        let connection = Connection::open(&self.path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        // A confirmed redemption must survive a power cut, so every commit is flushed.
        connection.pragma_update(None, "synchronous", "FULL")?;
        // A redemption changes about a dozen pages. With SQLite's default of 1,000 pages, every hundredth
        // redemption would checkpoint the log.
        connection.pragma_update(None, "wal_autocheckpoint", 8_000)?;
        connection.set_prepared_statement_cache_capacity(64);
        (self.prepare)(&connection)?;
        Ok(connection)
    }
}

/// Migrates the schema to the latest version. Another process may do this at the same time. The version is
/// read before the lock is taken. So an attempt can fail because the version has changed since. It is then
/// repeated from the new version.
pub(crate) fn migrate(writer: &mut Connection) -> StorageResult<()> {
    // The transaction waits for the lock at its start. SQLite refuses a later request for the lock at once.
    writer.set_transaction_behavior(TransactionBehavior::Immediate);
    let version = |connection: &Connection| -> StorageResult<i64> {
        Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
    };
    loop {
        let before = version(writer)?;
        match Migrations::from_slice(MIGRATIONS).to_latest(writer) {
            Ok(()) => return Ok(()),
            Err(_) if version(writer)? > before => {}
            Err(error) => return Err(StorageError::Migration(error.to_string())),
        }
    }
}

/// Locks `mutex`, also if it is poisoned. No query runs while the lock is held, so a panic cannot leave the
/// data behind it in a wrong state.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
