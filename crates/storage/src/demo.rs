//! Demo data: finds out whether a database holds it, adds to it, and moves it to another day.

use member_domain::{CivilDate, Fen, UnixMillis};
use rusqlite::OptionalExtension;

use crate::{Database, StorageResult, columns::date, counter::shop_terms, engine::Guard, shops::trust};

/// A past redemption, for demo data.
pub struct SeedRedemption {
    /// Stable id.
    pub id: String,
    /// The shop that redeemed.
    pub shop_id: String,
    /// The member's card: 12 digits.
    pub card_number: String,
    /// The bill before the discount, in fen.
    pub bill: Fen,
    /// When it was redeemed.
    pub redeemed_at: UnixMillis,
}

impl Database {
    /// Adds a past redemption, unless a redemption with its id exists.
    pub async fn seed_redemption(&self, seed: SeedRedemption) -> StorageResult<()> {
        self.write(Guard::shop(&seed.shop_id), move |transaction| {
            let saved = shop_terms(transaction, &seed.shop_id)?.discount.apply(seed.bill).saved;
            let added = transaction.execute(
                "INSERT INTO redemptions (id, shop_id, card_number, bill_fen, saved_fen, redeemed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING",
                (&seed.id, &seed.shop_id, &seed.card_number, seed.bill.0, saved.0, seed.redeemed_at.0),
            )?;
            if added == 1 {
                trust::add(transaction, &seed.shop_id, CivilDate::in_shanghai(seed.redeemed_at), 1, 0)?;
            }
            Ok(())
        })
        .await
    }

    /// Returns `true` if the database holds demo data or has no members: demo data may be loaded into it.
    /// Returns `false` if it belongs to real members.
    pub async fn is_demo_or_empty(&self) -> StorageResult<bool> {
        self.read(|connection| {
            let demo: Option<String> = connection
                .query_row("SELECT value FROM settings WHERE name = 'demo'", [], |row| row.get(0))
                .optional()?;
            let members: i64 = connection.query_row("SELECT COUNT(*) FROM members", [], |row| row.get(0))?;
            Ok(demo.is_some() || members == 0)
        })
        .await
    }

    /// The day for which the demo data in this database was made. `None` if the database holds no demo data,
    /// or if an older version loaded it.
    pub async fn demo_day(&self) -> StorageResult<Option<CivilDate>> {
        self.read(|connection| {
            let sql = "SELECT value FROM settings WHERE name = 'demo'";
            let day: Option<String> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
            Ok(day.and_then(|day| day.parse().ok()))
        })
        .await
    }

    /// Marks the database as demo data for `day`. `before` is the day for which the existing refunds and
    /// their reports were made. Their dates and times move by the number of days from `before` to `day`.
    pub async fn mark_as_demo(&self, before: CivilDate, day: CivilDate) -> StorageResult<()> {
        self.write(Guard::Setting("demo"), move |transaction| {
            let sql =
                "INSERT INTO settings (name, value) VALUES ('demo', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1";
            transaction.execute(sql, [day.to_string()])?;
            let days = day.days_since(before);
            let sql = "UPDATE refunds SET scheduled_at = scheduled_at + ?1 * 86400000,
                                          checked_at = checked_at + ?1 * 86400000";
            transaction.execute(sql, [days])?;
            let mut statement =
                transaction.prepare("SELECT id, scheduled_for FROM refunds WHERE scheduled_for IS NOT NULL")?;
            let planned = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            for (id, scheduled_for) in planned.collect::<Result<Vec<(String, String)>, _>>()? {
                let moved = date(&scheduled_for)?.plus_days(days).to_string();
                transaction.execute("UPDATE refunds SET scheduled_for = ?2 WHERE id = ?1", (id, moved))?;
            }
            let sql = "UPDATE refund_reports SET occurred_at = occurred_at + ?1 * 86400000,
                                                 received_at = received_at + ?1 * 86400000";
            transaction.execute(sql, [days])?;
            Ok(())
        })
        .await
    }
}
