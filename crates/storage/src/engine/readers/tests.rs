#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
use std::{
    collections::HashSet,
    sync::PoisonError,
    time::{Duration, Instant},
};

use futures_util::future::{join, join_all};
use tempfile::TempDir;

use super::*;

const MANY: usize = 4;

fn readers() -> (Readers, TempDir) {
    let directory = TempDir::new().unwrap();
    (Readers::start(&Connect::new(&directory.path().join("file"), |_| Ok(())), MANY), directory)
}

#[tokio::test]
async fn however_many_read_at_once_there_are_few_readers_and_all_are_answered() {
    let (readers, _directory) = readers();
    let threads = Arc::new(Mutex::new(HashSet::new()));
    let reads = (0..MANY * 20).map(|number| {
        let threads = Arc::clone(&threads);
        readers.read(move |_| {
            lock(&threads).insert(thread::current().id());
            // Each waits for the others. A thread first opens its connection, which a busy machine delays.
            let begun = Instant::now();
            while lock(&threads).len() < MANY && begun.elapsed() < Duration::from_secs(10) {
                thread::sleep(Duration::from_millis(1));
            }
            Ok(number)
        })
    });
    let answers: Vec<usize> = join_all(reads).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers, (0..MANY * 20).collect::<Vec<_>>());
    assert_eq!(lock(&threads).len(), MANY, "all of them read");
}

#[tokio::test]
async fn a_query_that_panics_fails_alone() {
    let (readers, _directory) = readers();
    for _ in 0..MANY * 2 {
        let lost: StorageResult<()> = readers.read(|_| panic!("a query's fault")).await;
        assert!(matches!(lost, Err(StorageError::Cancelled)), "{lost:?}");
    }
    let one: i64 =
        readers.read(|connection| Ok(connection.query_row("SELECT 1", [], |row| row.get(0))?)).await.unwrap();
    assert_eq!(one, 1);
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_said_to_each_and_tried_again() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("later").join("file");
    let readers = Readers::start(&Connect::new(&path, |_| Ok(())), 1);
    let read = || readers.read(|connection| Ok(connection.query_row("SELECT 1", [], |row| row.get::<_, i64>(0))?));
    for _ in 0..2 {
        assert!(matches!(read().await, Err(StorageError::Engine(_))));
    }
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    assert_eq!(read().await.unwrap(), 1);
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_not_read() {
    let directory = TempDir::new().unwrap();
    let readers = Readers::start(&Connect::new(&directory.path().join("file"), |_| Ok(())), 1);
    let (go, gone) = mpsc::channel::<()>();
    let ran = Arc::new(Mutex::new(Vec::new()));
    let note = |name: &'static str| {
        let ran = Arc::clone(&ran);
        move |_: &Connection| {
            ran.lock().unwrap_or_else(PoisonError::into_inner).push(name);
            Ok(())
        }
    };
    let first = readers.read(move |_| {
        gone.recv().unwrap();
        Ok(())
    });
    let rest = async {
        // In the queue once it was asked; then whoever asked goes away.
        assert!(tokio::time::timeout(Duration::ZERO, readers.read(note("given up"))).await.is_err());
        go.send(()).unwrap();
        readers.read(note("waited for")).await.unwrap();
    };
    let (first, ()) = join(first, rest).await;
    first.unwrap();
    assert_eq!(*lock(&ran), ["waited for"]);
}
