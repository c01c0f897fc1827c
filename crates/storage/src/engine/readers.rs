//! The reading connections. There are a few, each on its own thread.
//!
//! All pages and statements of a connection are then allocated by one thread. If connections moved from
//! thread to thread, their memory would spread over all arenas of the allocator. Memory that is freed in one
//! arena is not reused by another, so the process would grow for as long as the load lasts.

use std::{
    collections::VecDeque,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, mpsc},
    thread::{self, JoinHandle},
};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{Connect, lock};
use crate::{StorageError, StorageResult};

/// A queued query. It is called with a connection, or with the error that prevented opening one.
type Job = Box<dyn FnOnce(StorageResult<&Connection>) + Send>;

/// A handle to the reader threads. Dropping it waits until the queued queries have run.
#[derive(Debug)]
pub(crate) struct Readers {
    queue: Arc<Mutex<Queue>>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Queue {
    /// Queries that found no free reader, oldest first.
    waiting: VecDeque<Job>,
    /// The free readers. The next query goes to the last one: its page cache was used most recently.
    idle: Vec<usize>,
    /// The channel to each reader. Empty once the shutdown has begun.
    readers: Vec<mpsc::Sender<Job>>,
}

impl Readers {
    /// Starts `many` readers. Each opens its connection at its first query.
    pub(crate) fn start(connect: &Connect, many: usize) -> Self {
        let queue = Arc::new(Mutex::new(Queue::default()));
        let start = |number| {
            let (reader, jobs) = mpsc::channel();
            lock(&queue).readers.push(reader);
            let (queue, connect) = (Arc::clone(&queue), connect.clone());
            thread::spawn(move || read_all(number, &connect, &queue, &jobs))
        };
        let threads = (0..many).map(start).collect();
        Self { queue, threads }
    }

    /// Runs `query` on one of the connections. Queries start in the order of the calls. If the caller has
    /// dropped the future by then, the query does not run.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> StorageResult<T> + Send + 'static,
    ) -> StorageResult<T> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(move |connection: StorageResult<&Connection>| {
            if !reply.is_closed() {
                // The caller may drop the future while the query runs. Then nobody receives the answer.
                let _ = reply.send(connection.and_then(query));
            }
        });
        lock(&self.queue).give(job);
        answer.await.map_err(|_| StorageError::Cancelled)?
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        lock(&self.queue).readers.clear();
        for thread in self.threads.drain(..) {
            // The thread catches panics of queries. If it panics itself, its connection is closed.
            let _ = thread.join();
        }
    }
}

impl Queue {
    fn give(&mut self, job: Job) {
        match self.idle.pop() {
            // The send succeeds: an idle reader waits on its channel, and readers stop only after the last
            // query.
            Some(reader) => drop(self.readers.get(reader).map(|reader| reader.send(job))),
            None => self.waiting.push_back(job),
        }
    }

    /// Returns the oldest waiting query. If there is none, marks this reader as idle.
    fn take(&mut self, reader: usize) -> Option<Job> {
        let job = self.waiting.pop_front();
        if job.is_none() {
            self.idle.push(reader);
        }
        job
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut queue = formatter.debug_struct("Queue");
        queue.field("waiting", &self.waiting.len()).field("idle", &self.idle).finish_non_exhaustive()
    }
}

fn read_all(number: usize, connect: &Connect, queue: &Mutex<Queue>, jobs: &mpsc::Receiver<Job>) {
    let mut connection = None;
    loop {
        let waiting = lock(queue).take(number);
        let Some(job) = waiting.or_else(|| jobs.recv().ok()) else { return };
        let opened = match connection.take() {
            Some(connection) => Ok(connection),
            None => connect.open(),
        };
        let ran = catch_unwind(AssertUnwindSafe(|| match opened {
            Ok(opened) => {
                job(Ok(&opened));
                Some(opened)
            }
            Err(error) => {
                job(Err(error));
                None
            }
        }));
        // A panic is already in the log and affects one request only. It has closed the connection.
        connection = ran.ok().flatten();
    }
}

#[cfg(test)]
mod tests;
