//! The connections that read, a few, each on a thread of its own. A connection's pages and statements are then all
//! allocated by one thread; passed from thread to thread they spread over all of the allocator's arenas, and what was freed
//! in one was not found by the next: under load the process grew for as long as anybody watched.

use std::{
    collections::VecDeque,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Mutex, mpsc},
    thread::{self, JoinHandle},
};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{StorageError, StorageResult, connect, lock};

/// A query that waits for a reader, or for why there is none.
type Job = Box<dyn FnOnce(StorageResult<&Connection>) + Send>;

/// The way to the threads. Dropped, it waits for what they were given.
#[derive(Debug)]
pub(super) struct Readers {
    queue: Arc<Mutex<Queue>>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Queue {
    /// What no reader was free for, in the order of asking.
    waiting: VecDeque<Job>,
    /// Those that are free. The next query is for the last of them, whose pages are those that were asked for just now.
    idle: Vec<usize>,
    /// The way to each reader; empty once there is nothing more to come.
    readers: Vec<mpsc::Sender<Job>>,
}

impl Readers {
    /// So many readers of the file at `path`; each opens its connection when it is first needed.
    pub(super) fn start(path: &Path, many: usize) -> Self {
        let queue = Arc::new(Mutex::new(Queue::default()));
        let start = |number| {
            let (reader, jobs) = mpsc::channel();
            lock(&queue).readers.push(reader);
            let (queue, path) = (Arc::clone(&queue), path.to_owned());
            thread::spawn(move || read_all(number, &path, &queue, &jobs))
        };
        let threads = (0..many).map(start).collect();
        Self { queue, threads }
    }

    /// Runs `query` on one of the connections, in the order of asking. It is not run if by then nobody waits for the answer.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> StorageResult<T> + Send + 'static,
    ) -> StorageResult<T> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(move |connection: StorageResult<&Connection>| {
            if !reply.is_closed() {
                // Whoever hung up meanwhile hears nothing.
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
            // It does not panic; if it did, its connection is closed.
            let _ = thread.join();
        }
    }
}

impl Queue {
    fn give(&mut self, job: Job) {
        match self.idle.pop() {
            // It is there: who is idle waits, and they end only when nothing is given any more.
            Some(reader) => drop(self.readers.get(reader).map(|reader| reader.send(job))),
            None => self.waiting.push_back(job),
        }
    }

    /// What waits longest, or this reader waits itself from now on.
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

fn read_all(number: usize, path: &Path, queue: &Mutex<Queue>, jobs: &mpsc::Receiver<Job>) {
    let mut connection = None;
    loop {
        let waiting = lock(queue).take(number);
        let Some(job) = waiting.or_else(|| jobs.recv().ok()) else { return };
        let opened = match connection.take() {
            Some(connection) => Ok(connection),
            None => connect(path),
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
        // The panic is in the log already, concerns one request only, and has closed the connection.
        connection = ran.ok().flatten();
    }
}

#[cfg(test)]
mod tests;
