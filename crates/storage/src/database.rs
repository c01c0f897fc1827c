//! The database handle.

use std::sync::Arc;

use member_domain::UnixMillis;
use rusqlite::{Connection, Transaction};
use tokio::sync::Notify;

use crate::{
    StorageResult,
    engine::{Connect, Guard, Readers, Writer},
};

/// The number of readers for each processor. More readers are not faster, and each of them caches 2 MB of
/// pages.
const READERS_A_PROCESSOR: usize = 4;

/// A handle to the database. Clones share its threads and connections.
#[derive(Clone, Debug)]
pub struct Database {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    connect: Connect,
    writer: Writer,
    readers: Readers,
    /// Wakes the subscribers of the change log after a write of this process.
    written: Arc<Notify>,
}

impl Database {
    /// Starts the threads. The writer uses the connection `writer`. The readers open their connections with
    /// `connect`.
    pub(crate) fn start(writer: Connection, connect: Connect) -> Self {
        let written = Arc::new(Notify::new());
        let writer = Writer::start(writer, Arc::clone(&written));
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let readers = Readers::start(&connect, READERS_A_PROCESSOR * processors);
        Self { inner: Arc::new(Inner { connect, writer, readers, written }) }
    }

    /// Runs `query` on one of the reading connections, as soon as one is free.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> StorageResult<T> + Send + 'static,
    ) -> StorageResult<T> {
        self.inner.readers.read(query).await
    }

    /// Runs `change` in a transaction that excludes the rivals that `guard` names, from its start. An error
    /// rolls back all of it. The call returns after the commit is on the disk. `change` may run more than
    /// once, so it must have no effect outside the transaction.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        guard: Guard,
        change: impl Fn(&Transaction<'_>) -> StorageResult<T> + Send + 'static,
    ) -> StorageResult<T> {
        self.inner.writer.write(guard, change).await
    }

    /// Opens a separate connection, for an import.
    pub(crate) fn connect(&self) -> StorageResult<Connection> {
        self.inner.connect.open()
    }

    /// Waits for the next write of this process.
    pub async fn written(&self) {
        self.inner.written.notified().await;
    }

    /// Checks that the database answers. Returns an error if it does not.
    pub async fn ping(&self) -> StorageResult<()> {
        self.read(|connection| Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?)).await
    }

    /// Writes a row, so that a database that can be read but not written is found: the disk may be full.
    pub async fn probe_write(&self, now: UnixMillis) -> StorageResult<()> {
        self.write(Guard::Setting("written_at"), move |transaction| {
            let sql = "INSERT INTO settings (name, value) VALUES ('written_at', ?1)
                       ON CONFLICT (name) DO UPDATE SET value = excluded.value";
            transaction.prepare_cached(sql)?.execute([now.0.to_string()])?;
            Ok(())
        })
        .await
    }
}
