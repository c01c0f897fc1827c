//! The one connection that writes, on a thread of its own. Flushing a commit to the disk costs more than all else in a
//! redemption, so writes that have come while the last ones were flushed share the next transaction and its flush. Each
//! is told its answer only after that, and what fails leaves no trace: the others go on from a savepoint before it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{Notify, oneshot};

use super::{StorageError, StorageResult};

/// How many writes share a transaction at most.
const TOGETHER: usize = 128;
/// No further write joins a transaction that is this old: those in it wait for their answers, and other processes for the
/// lock.
const OPEN_FOR: Duration = Duration::from_millis(20);

/// The way to the thread. Dropped, it waits for what it was given.
#[derive(Debug)]
pub(super) struct Writer {
    /// `None` only while it is dropped.
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Writes by this connection; `written` is rung after every commit.
    pub(super) fn start(connection: Connection, written: Arc<Notify>) -> Self {
        let (jobs, waiting) = mpsc::channel();
        let thread = thread::spawn(move || write_all(connection, &waiting, &written));
        Self { jobs: Some(jobs), thread: Some(thread) }
    }

    /// Runs `change` in a transaction that has the write lock from its start; an error undoes what it did. It is run also
    /// if nobody waits for the answer any more.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> StorageResult<T> + Send + 'static,
    ) -> StorageResult<T> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Write { change: Some(change), answer: Err(StorageError::Cancelled), reply });
        let jobs = self.jobs.as_ref().ok_or(StorageError::Cancelled)?;
        jobs.send(job).map_err(|_| StorageError::Cancelled)?;
        answer.await.map_err(|_| StorageError::Cancelled)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // It does not panic; if it did, its transaction is rolled back.
            let _ = thread.join();
        }
    }
}

/// A write that waits for its turn.
trait Job: Send {
    /// Makes the change, and answers whether it is to stay.
    fn run(&mut self, transaction: &Transaction<'_>) -> bool;
    /// Tells whoever waits: the answer of the change, unless it is lost.
    fn tell(self: Box<Self>, lost: Option<StorageError>);
}

struct Write<T, F> {
    change: Option<F>,
    answer: StorageResult<T>,
    reply: oneshot::Sender<StorageResult<T>>,
}

impl<T, F> Job for Write<T, F>
where
    T: Send,
    F: FnOnce(&Transaction<'_>) -> StorageResult<T> + Send,
{
    fn run(&mut self, transaction: &Transaction<'_>) -> bool {
        if let Some(change) = self.change.take() {
            // The panic is in the log already, and concerns one request only.
            let made = catch_unwind(AssertUnwindSafe(|| change(transaction)));
            self.answer = made.unwrap_or(Err(StorageError::Cancelled));
        }
        self.answer.is_ok()
    }

    fn tell(self: Box<Self>, lost: Option<StorageError>) {
        // Whoever hung up hears nothing.
        let _ = self.reply.send(lost.map_or(self.answer, Err));
    }
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

/// Makes one write and those that wait behind it in this transaction, and tells all of them once it is on the disk.
fn write_together(transaction: Transaction<'_>, mut first: Box<dyn Job>, waiting: &mpsc::Receiver<Box<dyn Job>>) {
    let since = Instant::now();
    if !first.run(&transaction) {
        // Alone so far: without a savepoint, all there is to undo is the transaction.
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
    let committed = failed.and_then(|()| transaction.commit()).map_err(Arc::new);
    for job in done {
        job.tell(committed.clone().err().map(StorageError::NotCommitted));
    }
}

/// Makes one more write. An error is the whole transaction's end.
fn join(transaction: &Transaction<'_>, job: &mut dyn Job) -> rusqlite::Result<()> {
    let run = |sql: &str| transaction.prepare_cached(sql)?.execute([]);
    run("SAVEPOINT joined")?;
    if !job.run(transaction) {
        // Where SQLite itself has rolled everything back, as on a full disk, there is no savepoint and this fails too.
        run("ROLLBACK TO joined")?;
    }
    run("RELEASE joined")?;
    Ok(())
}

#[cfg(test)]
mod tests;
