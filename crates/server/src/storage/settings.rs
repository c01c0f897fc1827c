//! Facts about the database itself.

use member_domain::CivilDate;
use rusqlite::OptionalExtension;

use super::{Database, StorageResult};

impl Database {
    /// Whether this database holds demo data, may take it because it is empty, or belongs to real members.
    pub(crate) async fn is_demo_or_empty(&self) -> StorageResult<bool> {
        self.read(|connection| {
            let demo: Option<String> = connection
                .query_row("SELECT value FROM settings WHERE name = 'demo'", [], |row| row.get(0))
                .optional()?;
            let members: i64 = connection.query_row("SELECT COUNT(*) FROM members", [], |row| row.get(0))?;
            Ok(demo.is_some() || members == 0)
        })
        .await
    }

    /// The day the demo data in this database is of. None in other databases, and where an older version loaded it.
    pub(crate) async fn demo_day(&self) -> StorageResult<Option<CivilDate>> {
        self.read(|connection| {
            let sql = "SELECT value FROM settings WHERE name = 'demo'";
            let day: Option<String> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
            Ok(day.and_then(|day| day.parse().ok()))
        })
        .await
    }

    /// Marks the database as one of demo data, as of `day`. Refunds that are there already get as much later as `day` is.
    pub(crate) async fn mark_as_demo(&self, before: CivilDate, day: CivilDate) -> StorageResult<()> {
        self.write(move |transaction| {
            let sql = "INSERT INTO settings (name, value) VALUES ('demo', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1";
            transaction.execute(sql, [day.to_string()])?;
            let days = day.days_since(before);
            transaction.execute(
                "UPDATE refunds SET scheduled_for = date(scheduled_for, ?1 || ' days'),
                                    scheduled_at = scheduled_at + ?1 * 86400000, checked_at = checked_at + ?1 * 86400000",
                [days],
            )?;
            let sql = "UPDATE refund_reports SET occurred_at = occurred_at + ?1 * 86400000,
                                                 received_at = received_at + ?1 * 86400000";
            transaction.execute(sql, [days])?;
            Ok(())
        })
        .await
    }
}
