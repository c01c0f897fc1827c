//! How well redeeming works at each shop: its attempts by day of Asia/Shanghai, and what follows from those of the last
//! [`TRUST_DAYS`].

use member_domain::{CivilDate, TEST_CREDENTIAL, TRUST_DAYS, UnixMillis, fails_often, wire::Trust};
use rusqlite::{Connection, OptionalExtension};

use super::{Database, StorageResult, attempts::AttemptRecord};
use crate::redeeming::RedeemedBy;

/// How many shops are looked at again in one transaction: others may write between two.
const SWEPT_AT_ONCE: usize = 200;

/// The outcomes that are failures at the counter: the code on the member's phone, or what staff made of it, did not do.
///
/// The others say nothing about the shop. `forbidden` and `programme-ended` are about the member's card, `conflict` about
/// a till's program, `unauthorized` and `rate-limited` about strangers and whoever tries too much, `internal` about this
/// server.
pub(super) const FAILURES: [&str; 4] = ["code-unknown", "code-expired", "code-used", "invalid-request"];

/// Redemptions and failures of one shop after a day.
const SUMS: &str = "SELECT COALESCE(SUM(redemptions), 0), COALESCE(SUM(failures), 0) FROM shop_days
                    WHERE shop_id = ?1 AND day > ?2";
/// When a shop last redeemed what was not taken back.
const LAST_SUCCESS: &str = "SELECT redeemed_at FROM redemptions WHERE shop_id = ?1 AND cancelled_at IS NULL
                            ORDER BY redeemed_at DESC LIMIT 1";
/// The shops whose standing the passing of days may change.
const SWEPT: &str = "SELECT id FROM shops WHERE fails_often = 1
                     UNION SELECT shop_id FROM shop_days INDEXED BY shop_days_with_failures
                     WHERE failures > 0 AND day > ?1";

/// What one attempt adds to a shop's record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Counts {
    Success,
    TakenBack,
    Failure,
    Nothing,
}

/// An answer that is given again is no second attempt, and a test code that fails was not a member's.
fn counts(attempt: &AttemptRecord) -> Counts {
    match &*attempt.outcome {
        _ if attempt.replayed => Counts::Nothing,
        "done" => Counts::Success,
        "cancelled" => Counts::TakenBack,
        _ if attempt.credential_number.as_deref() == Some(TEST_CREDENTIAL) => Counts::Nothing,
        // On the member's phone anybody may send anything in any shop's name.
        _ if attempt.method == RedeemedBy::Pin => Counts::Nothing,
        failed if FAILURES.contains(&failed) => Counts::Failure,
        _ => Counts::Nothing,
    }
}

/// Adds an attempt to its shop's record, in the attempt's transaction.
pub(super) fn count(connection: &Connection, attempt: &AttemptRecord) -> StorageResult<()> {
    let today = CivilDate::in_shanghai(attempt.at);
    match counts(attempt) {
        Counts::Nothing => return Ok(()),
        Counts::Success => add(connection, &attempt.shop_id, today, 1, 0)?,
        Counts::Failure => add(connection, &attempt.shop_id, today, 0, attempt.times)?,
        Counts::TakenBack => take_back(connection, attempt)?,
    }
    judge(connection, &attempt.shop_id, today)
}

/// Adds to a shop's day.
pub(super) fn add(
    connection: &Connection,
    shop_id: &str,
    day: CivilDate,
    redemptions: u32,
    failures: u32,
) -> StorageResult<()> {
    connection
        .prepare_cached(
            "INSERT INTO shop_days (shop_id, day, redemptions, failures) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET redemptions = redemptions + excluded.redemptions,
                 failures = failures + excluded.failures",
        )?
        .execute((shop_id, day.to_string(), redemptions, failures))?;
    Ok(())
}

/// Takes a redemption off the day it was counted on.
fn take_back(connection: &Connection, cancelled: &AttemptRecord) -> StorageResult<()> {
    let redeemed_at: i64 = connection
        .prepare_cached("SELECT redeemed_at FROM redemptions WHERE id = ?1")?
        .query_row([&cancelled.redemption_id], |row| row.get(0))?;
    connection
        .prepare_cached("UPDATE shop_days SET redemptions = MAX(redemptions - 1, 0) WHERE shop_id = ?1 AND day = ?2")?
        .execute((&cancelled.shop_id, CivilDate::in_shanghai(UnixMillis(redeemed_at)).to_string()))?;
    Ok(())
}

/// The last day that does not count any more on `today`.
pub(super) fn day_before_window(today: CivilDate) -> String {
    today.plus_days(-TRUST_DAYS).to_string()
}

/// Redemptions and failures of a shop in the window that ends on `today`.
fn sums(connection: &Connection, shop_id: &str, today: CivilDate) -> StorageResult<(u32, u32)> {
    Ok(connection
        .prepare_cached(SUMS)?
        .query_row((shop_id, day_before_window(today)), |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Sets whether a shop fails often. Writes only where that changes: it is a key of an index.
fn judge(connection: &Connection, shop_id: &str, today: CivilDate) -> StorageResult<()> {
    let (redemptions, failures) = sums(connection, shop_id, today)?;
    connection
        .prepare_cached("UPDATE shops SET fails_often = ?2 WHERE id = ?1 AND fails_often <> ?2")?
        .execute((shop_id, fails_often(redemptions, failures)))?;
    Ok(())
}

/// Completes a shop's trust, whose test and standing are read from its row already, by two look-ups in indexes.
pub(super) fn trust_of(connection: &Connection, shop_id: &str, now: UnixMillis, base: Trust) -> StorageResult<Trust> {
    let (redemptions, failures) = sums(connection, shop_id, CivilDate::in_shanghai(now))?;
    // The day is what members want to know; the moment would tell strangers when somebody was there.
    let last_success_at = last_success(connection, shop_id)?.map(|at| CivilDate::in_shanghai(at).start_in_shanghai());
    Ok(Trust { last_success_at, redemptions, failures, ..base })
}

/// When a code was last redeemed at a shop and not taken back.
fn last_success(connection: &Connection, shop_id: &str) -> StorageResult<Option<UnixMillis>> {
    let at = connection.prepare_cached(LAST_SUCCESS)?.query_row([shop_id], |row| row.get(0)).optional()?;
    Ok(at.map(UnixMillis))
}

impl Database {
    /// Gives a shop a record of yesterday, unless it has one: for demo data.
    pub(crate) async fn seed_record(
        &self,
        shop_id: &'static str,
        redemptions: u32,
        failures: u32,
        tested_at: Option<UnixMillis>,
        today: CivilDate,
    ) -> StorageResult<()> {
        self.write(move |transaction| {
            let mut recorded =
                transaction.prepare_cached("SELECT 1 FROM shop_days WHERE shop_id = ?1 AND failures > 0")?;
            if !recorded.exists([shop_id])? && failures > 0 {
                add(transaction, shop_id, today.plus_days(-1), redemptions, failures)?;
            }
            transaction
                .prepare_cached("UPDATE shops SET tested_at = COALESCE(tested_at, ?2) WHERE id = ?1")?
                .execute((shop_id, tested_at.map(|at| at.0)))?;
            judge(transaction, shop_id, today)
        })
        .await
    }

    /// Judges anew the shops whose record may look different on `today`: those that fail often, and those with failures
    /// that count, since successes grow old too. Answers how many were looked at.
    pub(crate) async fn sweep_trust(&self, today: CivilDate) -> StorageResult<usize> {
        let since = day_before_window(today);
        let shops: Vec<String> = self
            .read(move |connection| {
                let mut statement = connection.prepare(SWEPT)?;
                let rows = statement.query_map([since], |row| row.get(0))?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await?;
        let swept = shops.len();
        for some in shops.chunks(SWEPT_AT_ONCE) {
            let some = some.to_vec();
            self.write(move |transaction| some.iter().try_for_each(|shop| judge(transaction, shop, today))).await?;
        }
        Ok(swept)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    /// A list of shops asks for each of them, and the sweep must not read the record of all shops.
    #[test]
    fn records_are_found_by_indexes() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("members.sqlite");
        Database::open(&path).unwrap();
        let connection = Connection::open(&path).unwrap();
        for (sql, indexes) in [
            (SUMS, &["PRIMARY KEY (shop_id=? AND day>?)"][..]),
            (LAST_SUCCESS, &["redemptions_by_shop (shop_id=?)"]),
            (SWEPT, &["(fails_often=?)", "shop_days_with_failures (day>?)"]),
        ] {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = statement
                .query_map(rusqlite::params_from_iter(["x", "y"].iter().take(sql.matches('?').count())), |row| {
                    row.get(3)
                });
            let plan: Vec<String> = steps.unwrap().collect::<Result<_, _>>().unwrap();
            for index in indexes {
                assert!(plan.iter().any(|step| step.contains(index)), "{index}: {plan:?}");
            }
        }
    }
}
