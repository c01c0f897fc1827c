//! Live updates: a stream of server-sent events for each open page.

pub(crate) mod listeners;
pub(crate) mod stream;

use listeners::Listeners;
use member_storage::Database;
use tokio::sync::watch;

use crate::clock::Clock;

/// The state of the stream's handler.
#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) database: Database,
    pub(crate) clock: Clock,
    /// The open pages, to which changes are published.
    pub(crate) listeners: Listeners,
    /// Becomes `true` when the server stops. Endless answers then end.
    pub(crate) shutdown: watch::Receiver<bool>,
}
