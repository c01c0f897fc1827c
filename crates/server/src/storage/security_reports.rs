//! How often browsers reported that a page's security policy stopped something, by day and directive.

use member_domain::{CivilDate, UnixMillis};

use super::{Database, StorageResult, date};

/// How many reports of one directive came on one day.
#[derive(Clone, Debug)]
pub(crate) struct SecurityCount {
    /// The day in Asia/Shanghai.
    pub(crate) day: CivilDate,
    pub(crate) directive: String,
    pub(crate) reports: i64,
}

impl Database {
    /// Adds to the counts of the day.
    pub(crate) async fn count_security_reports(
        &self,
        now: UnixMillis,
        counts: Vec<(&'static str, u32)>,
    ) -> StorageResult<()> {
        let day = CivilDate::in_shanghai(now).to_string();
        self.write(move |transaction| {
            let mut add = transaction.prepare_cached(
                "INSERT INTO security_reports (day, directive, reports) VALUES (?1, ?2, ?3)
                 ON CONFLICT (day, directive) DO UPDATE SET reports = reports + excluded.reports",
            )?;
            for (directive, reports) in counts.iter().filter(|(_, reports)| *reports > 0) {
                add.execute((&day, directive, reports))?;
            }
            Ok(())
        })
        .await
    }

    /// The counts from this day on, oldest first.
    pub(crate) async fn security_reports(&self, since: Option<CivilDate>) -> StorageResult<Vec<SecurityCount>> {
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
