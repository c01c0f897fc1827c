//! Pauses between batches of writes, so that others get the database lock.

use std::time::{Duration, Instant};

/// How many cards one transaction refunds.
pub(super) const CARDS_AT_ONCE: u16 = 1_000;
/// How many refunds one transaction marks as exported.
pub(super) const MARKS_AT_ONCE: usize = 1_000;
/// How many results one transaction reports. A result costs more than twice as much as a refund.
pub(super) const RESULTS_AT_ONCE: u16 = 400;

/// The shortest pause between two batches.
const SHORTEST: Duration = Duration::from_millis(5);

/// One batch of writes, with the time of its start.
pub(super) struct Turn(Instant);

impl Turn {
    pub(super) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Pauses for half of the batch's duration. Others that wait for the lock check it at least every 100 ms.
    /// So they find it free on every third check, on any machine.
    pub(super) async fn end(self) {
        tokio::time::sleep((self.0.elapsed() / 2).max(SHORTEST)).await;
    }
}
