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
        self.writer.write(Guard::Count, move |transaction| added(transaction, number)).await
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
        let first = self.writer.write(Guard::Count, move |transaction| {
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
    let panics = table.writer.write(Guard::Count, |transaction| -> StorageResult<()> {
        added(transaction, 7)?;
        panic!("a fault of this one change");
    });
    let fails = table.writer.write(Guard::Count, |transaction| {
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
    let loses = table.writer.write(Guard::Count, |transaction| -> StorageResult<i64> {
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
    let mut unheard = Box::pin(table.writer.write(Guard::Count, move |transaction| {
        gone.recv().unwrap();
        added(transaction, 1)
    }));
    assert!((&mut unheard).now_or_never().is_none());
    drop(unheard);
    go.send(()).unwrap();
    assert_eq!(table.add(2).await.unwrap(), 2);
    assert_eq!(table.seen(), [1, 2]);
}
