//! Keeps the shops' records up to date as days pass: attempts grow old without anything happening.

use std::time::Duration;

use member_domain::CivilDate;
use member_storage::Database;

use crate::clock::Clock;

/// How often records are looked at: what counts changes at midnight, and an hour late is soon enough.
const LOOK: Duration = Duration::from_hours(1);

/// Judges the shops' records anew at the start and every hour, until the process ends.
pub(crate) async fn keep_up_to_date(database: Database, clock: Clock) {
    loop {
        if let Err(error) = database.sweep_trust(CivilDate::in_shanghai(clock.now())).await {
            tracing::error!(%error, "cannot judge the shops' records");
        }
        tokio::time::sleep(LOOK).await;
    }
}
