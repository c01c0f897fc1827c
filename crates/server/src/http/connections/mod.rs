//! Accepts connections, and limits their number and how long each may wait. `axum::serve` has no such limits.
//!
//! A pool has a slot for each connection. If all slots are taken, the connection that has waited longest for
//! a request is closed, and the new connection gets its slot. If all connections are answering requests, the
//! new connection gets a slot of the reserve. There, only `/healthz` is answered.

mod connection;
pub(crate) mod file_limit;
pub(crate) mod guard;
mod pool;

use std::{io, sync::Arc, time::Duration};

use axum::Router;
use pool::Pool;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

use super::rate::Paced;
use crate::clock::Clock;

/// The number of connections, besides all others, on which only `/healthz` is answered.
pub(crate) const RESERVE: usize = 32;
/// How long a connection of the reserve waits for a request.
const RESERVE_WAIT: Duration = Duration::from_secs(2);
/// The pause after a connection could not be accepted, for example because too many files are open.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);
/// How many log entries a minute report refused connections.
const WARNINGS_A_MINUTE: u32 = 2;

/// The limits on connections and event streams.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// The largest number of connections. It is lowered if the process may not open so many files.
    pub connections: usize,
    /// The largest number of event streams of one session.
    pub streams_a_session: usize,
    /// The largest number of event streams of one member.
    pub streams_a_member: usize,
    /// The time for a request's header: from the start of the connection, or from the header's first byte.
    pub header: Duration,
    /// The time for a request's body, from the end of the header.
    pub body: Duration,
    /// The time between two requests.
    pub idle: Duration,
    /// The time in which a client must take some bytes of an answer.
    pub stall: Duration,
    /// The time for a request and its answer, unless the answer is an event stream.
    pub answer: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            streams_a_session: 8,
            streams_a_member: 24,
            header: Duration::from_secs(10),
            body: Duration::from_secs(10),
            // More than the 60 s for which proxies keep an idle connection. Otherwise, a proxy could use a
            // connection that closes at that moment.
            idle: Duration::from_secs(75),
            stall: Duration::from_secs(30),
            answer: Duration::from_mins(10),
        }
    }
}

impl ConnectionLimits {
    /// Returns the largest number of event streams in all. The other connections remain for short requests.
    pub(crate) fn streams(&self) -> usize {
        (self.connections - self.connections / 4).max(1)
    }
}

/// All connections of the server.
pub(crate) struct Connections {
    pool: Arc<Pool>,
    reserve: Arc<Pool>,
    router: Router,
}

impl Connections {
    pub(crate) fn new(router: Router, limits: ConnectionLimits) -> Self {
        let reserve = ConnectionLimits { connections: RESERVE, header: RESERVE_WAIT, ..limits };
        Self { pool: Pool::new(limits), reserve: Pool::new(reserve), router }
    }

    /// Accepts and serves connections until the future is dropped. `clock` paces the log.
    pub(crate) async fn accept(&self, listener: TcpListener, clock: &Clock) {
        let mut refused = Paced::default();
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let is_full = self.serve(stream);
                    if is_full && let Some(unlogged) = refused.admit(WARNINGS_A_MINUTE, clock.now()) {
                        let connections = self.pool.limits().connections;
                        tracing::warn!(connections, unlogged, "all connections are in use: new ones get /healthz only");
                    }
                }
                // The client has left before its connection was accepted.
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "cannot accept connections");
                    self.pool.make_room();
                    sleep(ACCEPT_AGAIN).await;
                }
            }
        }
    }

    /// Serves a connection in a new task, or closes it. Returns whether all slots for all requests are in use.
    fn serve(&self, stream: TcpStream) -> bool {
        let (slot, is_full) = match self.pool.admit() {
            Some(slot) => (Some(slot), false),
            None => (self.reserve.admit(), true),
        };
        if let Some(slot) = slot {
            tokio::spawn(connection::serve(stream, slot, self.router.clone(), is_full));
        }
        is_full
    }

    /// Lets open requests finish. Returns whether all connections have closed within `grace`. Those that have
    /// not are closed then.
    pub(crate) async fn finish(&self, grace: Duration) -> bool {
        self.pool.finish();
        self.reserve.finish();
        let all_closed = async { tokio::join!(self.pool.emptied(), self.reserve.emptied()) };
        let is_in_time = timeout(grace, all_closed).await.is_ok();
        self.pool.abort();
        self.reserve.abort();
        is_in_time
    }
}

/// Whether an error of `accept` concerns this connection only.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
