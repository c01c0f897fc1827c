//! Reports about refunds that have no effect, and the operator's reviews of them.

use member_domain::{RefundState, UnixMillis};
use rusqlite::{Connection, OptionalExtension};

use super::names::state;
use crate::{Database, StorageResult, engine::Guard};

/// A report about a refund that an operator should review.
#[derive(Debug)]
pub struct ToReview {
    /// The report's id.
    pub report_id: String,
    /// The refund's number.
    pub refund_id: String,
    /// `held` or `refused`.
    pub fate: String,
    /// The state that the report gives.
    pub state: RefundState,
    /// Why the report has no effect; empty if no reason is stored.
    pub reason: String,
    /// When the report arrived.
    pub received_at: UnixMillis,
}

/// The number of reports about a programme's refunds that have no effect.
#[derive(Debug)]
pub struct IdleReports {
    /// Reports that do not match their refund and were not reviewed.
    pub held: i64,
    /// Reports that do not fit the state machine and were not reviewed.
    pub refused: i64,
    /// Reports that were reviewed. The other two numbers do not include them.
    pub reviewed: i64,
}

/// The result of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reviewed {
    /// The review is stored.
    Kept {
        /// The refund that the report is about.
        refund_id: String,
        /// The note that this review replaces; `None` if there was none.
        instead_of: Option<String>,
    },
    /// There is no such report.
    NoReport,
    /// The report has an effect, so there is nothing to review.
    Counts,
}

impl Database {
    /// Stores an operator's note on a report without effect. A new note replaces the previous one.
    pub async fn review_report(&self, report_id: String, note: String, now: UnixMillis) -> StorageResult<Reviewed> {
        let id = report_id.clone();
        let sql = "SELECT refund_id FROM refund_reports WHERE id = ?1";
        let found =
            self.read(move |connection| Ok(connection.query_row(sql, [id], |row| row.get(0)).optional()?)).await?;
        // The refund of a report never changes.
        let Some(refund_id): Option<String> = found else { return Ok(Reviewed::NoReport) };
        self.write(Guard::refund(&refund_id), move |transaction| {
            let sql = "SELECT fate IN ('refused', 'held'), review_note FROM refund_reports WHERE id = ?1";
            let (is_idle, instead_of): (bool, _) =
                transaction.query_row(sql, [&report_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
            if !is_idle {
                return Ok(Reviewed::Counts);
            }
            let sql = "UPDATE refund_reports SET reviewed_at = ?2, review_note = ?3 WHERE id = ?1";
            transaction.execute(sql, (&report_id, now.0, &note))?;
            Ok(Reviewed::Kept { refund_id: refund_id.clone(), instead_of })
        })
        .await
    }
}

pub(crate) fn idle_reports(connection: &Connection, programme_id: &str) -> StorageResult<IdleReports> {
    let sql = "SELECT COUNT(*) FILTER (WHERE fate = 'held' AND reviewed_at IS NULL),
                      COUNT(*) FILTER (WHERE fate = 'refused' AND reviewed_at IS NULL),
                      COUNT(*) FILTER (WHERE reviewed_at IS NOT NULL)
               FROM refund_reports JOIN refunds ON refunds.id = refund_id
               WHERE fate IN ('refused', 'held') AND programme_id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([programme_id], |row| {
        Ok(IdleReports { held: row.get(0)?, refused: row.get(1)?, reviewed: row.get(2)? })
    })?)
}

/// The newest reports that have no effect and were not reviewed, at most `limit`.
pub(crate) fn to_review(connection: &Connection, programme_id: &str, limit: u32) -> StorageResult<Vec<ToReview>> {
    let mut statement = connection.prepare_cached(
        "SELECT refund_reports.id, refund_id, fate, refund_reports.state, COALESCE(reason, ''), received_at
         FROM refund_reports JOIN refunds ON refunds.id = refund_id
         WHERE fate IN ('refused', 'held') AND reviewed_at IS NULL AND programme_id = ?1 ORDER BY seq DESC LIMIT ?2",
    )?;
    let mut rows = statement.query((programme_id, limit))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(ToReview {
            report_id: row.get(0)?,
            refund_id: row.get(1)?,
            fate: row.get(2)?,
            state: state(&row.get::<_, String>(3)?)?,
            reason: row.get(4)?,
            received_at: UnixMillis(row.get(5)?),
        });
    }
    Ok(found)
}
