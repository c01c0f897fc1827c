//! The record of every shop at the counter, for operators. The worst shops come first.

use member_domain::{City, CivilDate, TEST_CREDENTIAL, UnixMillis, wire::Trust};
use rusqlite::{Connection, OptionalExtension};
use tokio::sync::mpsc;

use crate::{
    Database, StorageResult,
    shops::trust::{FAILURES, day_before_window, trust_of},
};

/// The record of a shop.
#[derive(Clone, Debug)]
pub struct ShopHealth {
    /// Stable id.
    pub id: String,
    /// The shop's name.
    pub name: String,
    /// How well redeeming works at the shop.
    pub trust: Trust,
    /// The most frequent problem among the failures; `None` if there are no failures.
    pub most_frequent: Option<String>,
}

impl Database {
    /// The length of the longest id, in characters, among the shops that take part on `today`; 0 if there are
    /// none. With a `city`, only the shops in that city.
    pub async fn longest_shop_id(&self, city: Option<City>, today: CivilDate) -> StorageResult<u32> {
        self.read(move |connection| {
            Ok(connection.query_row(
                "SELECT COALESCE(MAX(length(id)), 0) FROM shops
                 WHERE (CAST(?1 AS TEXT) IS NULL OR city = ?1) AND (left_on IS NULL OR left_on > ?2)",
                (city.map(City::as_str), today.to_string()),
                |row| row.get(0),
            )?)
        })
        .await
    }

    /// Sends the record of every shop that takes part to `rows`, one after the other, until the receiver is
    /// dropped. Shops that fail often come first. After that, shops are ordered by their share of failures,
    /// then by their number. With a `city`, only the shops in that city.
    pub async fn shop_health(
        &self,
        city: Option<City>,
        now: UnixMillis,
        rows: mpsc::Sender<ShopHealth>,
    ) -> StorageResult<()> {
        let today = CivilDate::in_shanghai(now);
        self.read(move |connection| {
            let mut statement = connection.prepare(
                "SELECT id, name, tested_at, fails_often FROM shops
                 LEFT JOIN (SELECT shop_id, SUM(redemptions) AS redemptions, SUM(failures) AS failures
                            FROM shop_days WHERE day > ?3 GROUP BY shop_id) AS recent ON recent.shop_id = shops.id
                 WHERE (CAST(?1 AS TEXT) IS NULL OR city = ?1) AND (left_on IS NULL OR left_on > ?2)
                 ORDER BY fails_often DESC,
                     CAST(COALESCE(failures, 0) AS DOUBLE PRECISION)
                         / CASE WHEN failures + redemptions > 0 THEN failures + redemptions ELSE 1 END DESC,
                     COALESCE(failures, 0) DESC, id",
            )?;
            let mut found = statement.query((city.map(City::as_str), today.to_string(), day_before_window(today)))?;
            while let Some(row) = found.next()? {
                let id: String = row.get(0)?;
                let tested_at: Option<i64> = row.get(2)?;
                let base = Trust {
                    staff_tested_on: tested_at.map(|at| CivilDate::in_shanghai(UnixMillis(at))),
                    fails_often: row.get(3)?,
                    ..Trust::default()
                };
                let trust = trust_of(connection, &id, now, base)?;
                let most_frequent = if trust.failures > 0 { most_frequent(connection, &id, today)? } else { None };
                if rows.blocking_send(ShopHealth { id, name: row.get(1)?, trust, most_frequent }).is_err() {
                    break;
                }
            }
            Ok(())
        })
        .await
    }
}

/// The most frequent outcome among the shop's failures that count on `today`.
fn most_frequent(connection: &Connection, shop_id: &str, today: CivilDate) -> StorageResult<Option<String>> {
    let [a, b, c, d] = FAILURES;
    let first_day = today.plus_days(1 - member_domain::TRUST_DAYS);
    Ok(connection
        .prepare_cached(
            "SELECT outcome FROM attempts
             WHERE shop_id = ?1 AND at >= ?2 AND replayed = 0 AND method <> 'pin' AND outcome IN (?4, ?5, ?6, ?7)
               AND credential_number IS DISTINCT FROM ?3
             GROUP BY outcome ORDER BY SUM(times) DESC, outcome LIMIT 1",
        )?
        .query_row((shop_id, first_day.start_in_shanghai().0, TEST_CREDENTIAL, a, b, c, d), |row| row.get(0))
        .optional()?)
}
