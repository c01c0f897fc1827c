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
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use futures_util::{
        FutureExt,
        future::{join, join_all},
    };
    use tempfile::TempDir;

    use super::*;

    struct Table {
        writer: Writer,
        written: Arc<Notify>,
        directory: TempDir,
    }

    impl Table {
        fn new() -> Self {
            let directory = TempDir::new().unwrap();
            let connection = Connection::open(directory.path().join("table")).unwrap();
            connection.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER UNIQUE) STRICT").unwrap();
            let written = Arc::new(Notify::new());
            Self { writer: Writer::start(connection, Arc::clone(&written)), written, directory }
        }

        /// Adds a number and answers how many are there then.
        async fn add(&self, number: i64) -> StorageResult<i64> {
            self.writer.write(move |transaction| added(transaction, number)).await
        }

        /// What another process sees.
        fn seen(&self) -> Vec<i64> {
            let connection = Connection::open(self.directory.path().join("table")).unwrap();
            let mut statement = connection.prepare("SELECT n FROM t ORDER BY n").unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        }

        /// Keeps the thread busy with `first` until `others` wait, so that all share one transaction.
        async fn together<T>(&self, others: impl Future<Output = T>) -> (StorageResult<i64>, T) {
            let (go, gone) = mpsc::channel::<()>();
            let first = self.writer.write(move |transaction| {
                gone.recv().unwrap();
                added(transaction, 0)
            });
            // Futures that are joined are asked in order, and a write is in the queue once it was asked.
            let release = async move { go.send(()).unwrap() };
            let (first, (others, ())) = join(first, join(others, release)).await;
            (first, others)
        }
    }

    fn added(transaction: &Transaction<'_>, number: i64) -> StorageResult<i64> {
        transaction.execute("INSERT INTO t VALUES (?1)", [number])?;
        Ok(transaction.query_row("SELECT COUNT(*) FROM t", [], |row| row.get(0))?)
    }

    #[tokio::test]
    async fn writes_that_wait_share_a_transaction_and_see_each_other() {
        let table = Table::new();
        let commits = Arc::clone(&table.written);
        let mut rung = std::pin::pin!(commits.notified());
        rung.as_mut().enable();
        let (first, others) = table.together(join_all((1..=50).map(|number| table.add(number)))).await;
        assert_eq!(first.unwrap(), 1);
        let counts: Vec<i64> = others.into_iter().map(Result::unwrap).collect();
        assert_eq!(counts, (2..=51).collect::<Vec<_>>());
        assert_eq!(table.seen(), (0..=50).collect::<Vec<_>>(), "they are there once they are answered");
        rung.await;
    }

    #[tokio::test]
    async fn one_that_fails_or_panics_takes_nobody_with_it() {
        let table = Table::new();
        let panics = table.writer.write(|transaction| -> StorageResult<()> {
            added(transaction, 7)?;
            panic!("a fault of this one change");
        });
        let fails = table.writer.write(|transaction| {
            added(transaction, 8)?;
            added(transaction, 0)
        });
        let others = async { tokio::join!(table.add(1), panics, table.add(2), fails, table.add(3)) };
        let (first, (one, panicked, two, failed, three)) = table.together(others).await;
        for stands in [first, one, two, three] {
            stands.unwrap();
        }
        assert!(matches!(panicked, Err(StorageError::Cancelled)));
        assert!(matches!(failed, Err(StorageError::Engine(_))));
        assert_eq!(table.seen(), [0, 1, 2, 3]);
        // The first of a transaction has no savepoint.
        assert!(table.add(3).await.is_err());
        assert_eq!(table.add(4).await.unwrap(), 5);
    }

    #[tokio::test]
    async fn when_the_transaction_is_lost_nobody_in_it_is_told_otherwise() {
        let table = Table::new();
        // As SQLite does by itself when the disk is full.
        let loses = table.writer.write(|transaction| -> StorageResult<i64> {
            transaction.execute_batch("ROLLBACK")?;
            Err(StorageError::Unreadable("disk"))
        });
        let others = async { tokio::join!(table.add(1), loses, table.add(2)) };
        let (first, (one, lost, two)) = table.together(others).await;
        for lost in [first, one, lost] {
            assert!(matches!(lost, Err(StorageError::NotCommitted(_))), "{lost:?}");
        }
        // What waited behind it has a transaction of its own.
        assert_eq!(two.unwrap(), 1);
        assert_eq!(table.seen(), [2]);
    }

    #[tokio::test]
    async fn what_was_given_to_it_is_written_although_nobody_waits() {
        let table = Table::new();
        let (go, gone) = mpsc::channel::<()>();
        let mut unheard = Box::pin(table.writer.write(move |transaction| {
            gone.recv().unwrap();
            added(transaction, 1)
        }));
        assert!((&mut unheard).now_or_never().is_none());
        drop(unheard);
        go.send(()).unwrap();
        assert_eq!(table.add(2).await.unwrap(), 2);
        assert_eq!(table.seen(), [1, 2]);
    }
}
