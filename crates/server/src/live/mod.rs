//! Live updates: a stream of server-sent events for each open page.

pub(crate) mod listeners;
pub(crate) mod stream;

use listeners::Listeners;
use member_storage::Database;
use tokio::sync::watch;

/// What the stream needs.
#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) database: Database,
    /// The open pages, and the way changes take to them.
    pub(crate) listeners: Listeners,
    /// Becomes true when the server stops: endless answers end then.
    pub(crate) shutdown: watch::Receiver<bool>,
}
