//! Keeps the shops' records up to date as days pass: attempts stop counting with age alone.

use std::time::Duration;

use member_domain::CivilDate;
use member_storage::Database;

use crate::clock::Clock;

/// How often records are re-evaluated. The days that count change at midnight, and an hour late is soon
/// enough.
const LOOK: Duration = Duration::from_hours(1);

/// Re-evaluates the shops' records at the start and every hour, until the process ends.
pub(crate) async fn keep_up_to_date(database: Database, clock: Clock) {
    loop {
        if let Err(error) = database.sweep_trust(CivilDate::in_shanghai(clock.now())).await {
            tracing::error!(%error, "cannot re-evaluate the shops' records");
        }
        tokio::time::sleep(LOOK).await;
    }
}
