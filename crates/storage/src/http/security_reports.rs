//! Counts of security policy violations that browsers reported, by day and directive.

use member_domain::{CivilDate, UnixMillis};

use crate::{Database, StorageResult, columns::date, engine::Guard};

/// The number of reports about one directive on one day.
#[derive(Clone, Debug)]
pub struct SecurityCount {
    /// The day in Asia/Shanghai.
    pub day: CivilDate,
    /// The violated directive, or one of the server's own names: `other`, `unreadable`, `unread`.
    pub directive: String,
    /// The number of reports, at least 1. For `unreadable` and `unread`, the number of requests.
    pub reports: i64,
}

impl Database {
    /// Adds `counts` to the counts of the day of `now`. A count of 0 is skipped.
    pub async fn count_security_reports(
        &self,
        now: UnixMillis,
        mut counts: Vec<(&'static str, u32)>,
    ) -> StorageResult<()> {
        let day = CivilDate::in_shanghai(now).to_string();
        // Two writes that change rows in one order cannot deadlock.
        counts.sort_unstable();
        self.write(Guard::Count, move |transaction| {
            let mut add = transaction.prepare_cached(
                "INSERT INTO security_reports (day, directive, reports) VALUES (?1, ?2, ?3)
                 ON CONFLICT (day, directive) DO UPDATE SET reports = security_reports.reports + excluded.reports",
            )?;
            for (directive, reports) in counts.iter().filter(|(_, reports)| *reports > 0) {
                add.execute((&day, directive, reports))?;
            }
            Ok(())
        })
        .await
    }

    /// The counts since this day, oldest first. `None` returns all days.
    pub async fn security_reports(&self, since: Option<CivilDate>) -> StorageResult<Vec<SecurityCount>> {
        let since = since.map(|day| day.to_string()).unwrap_or_default();
        self.read(move |connection| {
            let mut statement = connection.prepare(
                "SELECT day, directive, reports FROM security_reports WHERE day >= ?1 ORDER BY day, directive",
            )?;
            let mut rows = statement.query([since])?;
            let mut counts = Vec::new();
            while let Some(row) = rows.next()? {
                let day = date(&row.get::<_, String>(0)?)?;
                counts.push(SecurityCount { day, directive: row.get(1)?, reports: row.get(2)? });
            }
            Ok(counts)
        })
        .await
    }
}
