//! Taking turns at the database: a batch of writes holds its lock, then others get theirs.

use std::time::{Duration, Instant};

/// How many cards one transaction refunds.
pub(super) const CARDS_AT_ONCE: u16 = 1_000;
/// How many refunds one transaction marks as exported.
pub(super) const MARKS_AT_ONCE: usize = 1_000;
/// How many results one transaction reports: each costs more than twice as much as a refund.
pub(super) const RESULTS_AT_ONCE: u16 = 400;

/// The shortest time between two batches.
const SHORTEST: Duration = Duration::from_millis(5);

/// One turn at the database.
pub(super) struct Turn(Instant);

impl Turn {
    pub(super) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Leaves the database alone for half as long as the turn took: who waits for it looks every 100 ms at the least, and so
    /// finds it free on every third look, whatever the machine.
    pub(super) async fn end(self) {
        tokio::time::sleep((self.0.elapsed() / 2).max(SHORTEST)).await;
    }
}
