//! How well redeeming works at each shop: its attempts by day in Asia/Shanghai, and the figures that follow
//! from the last [`TRUST_DAYS`].

use member_domain::{CivilDate, TRUST_DAYS, UnixMillis, fails_often, wire::Trust};
use rusqlite::{Connection, OptionalExtension};

use crate::{Database, StorageResult, engine::Guard};

/// The number of shops judged in one transaction. Others may write between two transactions.
const SWEPT_AT_ONCE: usize = 200;

/// The outcomes that count as failures at the counter: the member's code, or the entry by staff, did not
/// work.
///
/// The other outcomes say nothing about the shop. `forbidden` and `programme-ended` concern the member's
/// card. `conflict` concerns the program of a till. `unauthorized` and `rate-limited` concern strangers and
/// callers that try too often. `internal` concerns this server.
pub(crate) const FAILURES: [&str; 4] = ["code-unknown", "code-expired", "code-used", "invalid-request"];

/// The redemptions and failures of one shop after a day.
const SUMS: &str = "SELECT CAST(COALESCE(SUM(redemptions), 0) AS BIGINT), CAST(COALESCE(SUM(failures), 0) AS BIGINT)
                    FROM shop_days WHERE shop_id = ?1 AND day > ?2";
/// The time of a shop's latest redemption that is not cancelled.
const LAST_SUCCESS: &str = "SELECT redeemed_at FROM redemptions WHERE shop_id = ?1 AND cancelled_at IS NULL
                            ORDER BY redeemed_at DESC LIMIT 1";
/// The shops for which `fails_often` may change as days pass.
const SWEPT: &str = "SELECT id FROM shops WHERE fails_often = 1
                     UNION SELECT shop_id FROM shop_days INDEXED BY shop_days_with_failures
                     WHERE failures > 0 AND day > ?1";

/// Adds to the counts of a shop's day.
pub(crate) fn add(
    connection: &Connection,
    shop_id: &str,
    day: CivilDate,
    redemptions: u32,
    failures: u32,
) -> StorageResult<()> {
    connection
        .prepare_cached(
            "INSERT INTO shop_days (shop_id, day, redemptions, failures) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (shop_id, day) DO UPDATE SET redemptions = shop_days.redemptions + excluded.redemptions,
                 failures = shop_days.failures + excluded.failures",
        )?
        .execute((shop_id, day.to_string(), redemptions, failures))?;
    Ok(())
}

/// Removes a redemption from the day on which it was counted.
pub(crate) fn take_off(connection: &Connection, shop_id: &str, day: CivilDate) -> StorageResult<()> {
    connection
        .prepare_cached(
            "UPDATE shop_days SET redemptions = redemptions - 1 WHERE shop_id = ?1 AND day = ?2 AND redemptions > 0",
        )?
        .execute((shop_id, day.to_string()))?;
    Ok(())
}

/// The last day that no longer counts on `today`.
pub(crate) fn day_before_window(today: CivilDate) -> String {
    today.plus_days(-TRUST_DAYS).to_string()
}

/// The redemptions and failures of a shop in the [`TRUST_DAYS`] that end on `today`.
fn sums(connection: &Connection, shop_id: &str, today: CivilDate) -> StorageResult<(u32, u32)> {
    Ok(connection
        .prepare_cached(SUMS)?
        .query_row((shop_id, day_before_window(today)), |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Sets whether a shop fails often. Writes only if this changes, because the column is in indexes.
pub(crate) fn judge(connection: &Connection, shop_id: &str, today: CivilDate) -> StorageResult<()> {
    let (redemptions, failures) = sums(connection, shop_id, today)?;
    connection
        .prepare_cached("UPDATE shops SET fails_often = ?2 WHERE id = ?1 AND fails_often <> ?2")?
        .execute((shop_id, fails_often(redemptions, failures)))?;
    Ok(())
}

/// Completes a shop's trust with two index lookups. `base` holds the test and `fails_often`, read from the
/// shop's row.
pub(crate) fn trust_of(connection: &Connection, shop_id: &str, now: UnixMillis, base: Trust) -> StorageResult<Trust> {
    let (redemptions, failures) = sums(connection, shop_id, CivilDate::in_shanghai(now))?;
    // Members want to know the day. The exact time would tell strangers when somebody was there.
    let last_success_at = last_success(connection, shop_id)?.map(|at| CivilDate::in_shanghai(at).start_in_shanghai());
    Ok(Trust { last_success_at, redemptions, failures, ..base })
}

/// The time of a shop's latest redemption that is not cancelled.
fn last_success(connection: &Connection, shop_id: &str) -> StorageResult<Option<UnixMillis>> {
    let at = connection.prepare_cached(LAST_SUCCESS)?.query_row([shop_id], |row| row.get(0)).optional()?;
    Ok(at.map(UnixMillis))
}

impl Database {
    /// Gives a shop a record for the day before `today`, unless it has failures already. Sets `tested_at`,
    /// unless the shop was tested already. For demo data.
    pub async fn seed_record(
        &self,
        shop_id: &'static str,
        redemptions: u32,
        failures: u32,
        tested_at: Option<UnixMillis>,
        today: CivilDate,
    ) -> StorageResult<()> {
        self.write(Guard::shop(shop_id), move |transaction| {
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

    /// Judges the shops again whose record may look different on `today`: shops that fail often, and shops
    /// with failures that count, because old successes stop counting. Returns how many shops were judged.
    pub async fn sweep_trust(&self, today: CivilDate) -> StorageResult<usize> {
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
            self.write(Guard::Shops(some.clone()), move |transaction| {
                some.iter().try_for_each(|shop| judge(transaction, shop, today))
            })
            .await?;
        }
        Ok(swept)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    /// A list reads the record of each of its shops, and the sweep must not read the records of all shops.
    #[test]
    fn records_are_found_by_indexes() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("members.sqlite");
        Database::open(&path, crate::ShopRules::NONE).unwrap();
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
