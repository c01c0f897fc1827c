//! The only writing connection, on its own thread.
//!
//! The flush of a commit to the disk costs more than the rest of a redemption. So the writes that arrive
//! during a flush share the next transaction and its flush. Each caller receives its answer after that flush.
//! A failed write leaves no trace: it is rolled back to a savepoint, and the other writes continue from
//! there.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{Notify, oneshot};

use super::Guard;
use crate::{EngineError, StorageError, StorageResult};

/// The maximum number of writes in one transaction.
const TOGETHER: usize = 128;
/// No more writes join a transaction that is older than this. The writes in it wait for their answers, and
/// other processes wait for the lock.
const OPEN_FOR: Duration = Duration::from_millis(20);

/// A handle to the writer thread. Dropping it waits until the queued writes have run.
#[derive(Debug)]
pub(crate) struct Writer {
    /// `None` only during the drop.
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread, which writes with `connection`. It notifies `written` after every transaction, also
    /// after one that was rolled back.
    pub(crate) fn start(connection: Connection, written: Arc<Notify>) -> Self {
        let (jobs, waiting) = mpsc::channel();
        let thread = thread::spawn(move || write_all(connection, &waiting, &written));
        Self { jobs: Some(jobs), thread: Some(thread) }
    }

    /// Runs `change` in a transaction that takes the write lock at its start. This excludes all other writers,
    /// so `guard` has no further effect. An error rolls back what `change` did. `change` runs even if the
    /// caller has dropped the future.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        guard: Guard,
        change: impl Fn(&Transaction<'_>) -> StorageResult<T> + Send + 'static,
    ) -> StorageResult<T> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Write { guard, change, answer: Err(StorageError::Cancelled), reply });
        let jobs = self.jobs.as_ref().ok_or(StorageError::Cancelled)?;
        jobs.send(job).map_err(|_| StorageError::Cancelled)?;
        answer.await.map_err(|_| StorageError::Cancelled)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // The thread catches panics of writes. If it panics itself, its transaction is rolled back.
            let _ = thread.join();
        }
    }
}

/// A queued write.
trait Job: Send {
    /// Runs the change. Returns whether to keep it.
    fn run(&mut self, transaction: &Transaction<'_>) -> bool;
    /// Sends the caller the error `lost`, if there is one. Otherwise sends the answer of the change.
    fn tell(self: Box<Self>, lost: Option<StorageError>);
}

struct Write<T, F> {
    guard: Guard,
    change: F,
    answer: StorageResult<T>,
    reply: oneshot::Sender<StorageResult<T>>,
}

impl<T, F> Job for Write<T, F>
where
    T: Send,
    F: Fn(&Transaction<'_>) -> StorageResult<T> + Send,
{
    fn run(&mut self, transaction: &Transaction<'_>) -> bool {
        // A panic is already in the log and affects one request only.
        let made = catch_unwind(AssertUnwindSafe(|| timed(&self.guard, || (self.change)(transaction))));
        self.answer = made.unwrap_or(Err(StorageError::Cancelled));
        self.answer.is_ok()
    }

    fn tell(self: Box<Self>, lost: Option<StorageError>) {
        // The caller may have dropped the future. Then nobody receives the answer.
        let _ = self.reply.send(lost.map_or(self.answer, Err));
    }
}

/// Runs `change` in a transaction of its own on `connection`, for an import that has staged its rows there.
/// Otherwise as [`Writer::write`].
pub(crate) fn write_on<T>(
    connection: &mut Connection,
    guard: &Guard,
    change: impl Fn(&Transaction<'_>) -> StorageResult<T>,
) -> StorageResult<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let made = timed(guard, || change(&transaction))?;
    transaction.commit()?;
    Ok(made)
}

/// Runs a change. Logs its guard if it takes longer than [`OPEN_FOR`], because all other writes wait for it.
fn timed<T>(guard: &Guard, change: impl FnOnce() -> T) -> T {
    let since = Instant::now();
    let made = change();
    let took = since.elapsed();
    if took > OPEN_FOR {
        tracing::debug!(guard = guard.name(), millis = took.as_millis(), "a write took long");
    }
    made
}

fn write_all(mut connection: Connection, waiting: &mpsc::Receiver<Box<dyn Job>>, written: &Notify) {
    while let Ok(first) = waiting.recv() {
        match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
            Ok(transaction) => {
                write_together(transaction, first, waiting);
                written.notify_waiters();
            }
            Err(error) => first.tell(Some(error.into())),
        }
    }
}

/// Runs one write, and the writes that wait behind it, in this transaction. Answers all of them once the
/// commit is on the disk.
fn write_together(transaction: Transaction<'_>, mut first: Box<dyn Job>, waiting: &mpsc::Receiver<Box<dyn Job>>) {
    let since = Instant::now();
    if !first.run(&transaction) {
        // No other write has joined, so there is no savepoint. The whole transaction is rolled back.
        drop(transaction);
        return first.tell(None);
    }
    let mut done = vec![first];
    let mut failed = Ok(());
    while failed.is_ok() && done.len() < TOGETHER && since.elapsed() < OPEN_FOR {
        let Ok(mut next) = waiting.try_recv() else { break };
        failed = join(&transaction, &mut *next);
        done.push(next);
    }
    let committed = failed.and_then(|()| transaction.commit()).map_err(|error| Arc::new(EngineError::from(error)));
    for job in done {
        job.tell(committed.clone().err().map(StorageError::NotCommitted));
    }
}

/// Runs one more write. An error ends the whole transaction.
fn join(transaction: &Transaction<'_>, job: &mut dyn Job) -> rusqlite::Result<()> {
    let run = |sql: &str| transaction.prepare_cached(sql)?.execute([]);
    run("SAVEPOINT joined")?;
    if !job.run(transaction) {
        // SQLite itself may have rolled back everything, for example on a full disk. Then there is no
        // savepoint, and this statement fails too.
        run("ROLLBACK TO joined")?;
    }
    run("RELEASE joined")?;
    Ok(())
}

#[cfg(test)]
mod tests;
