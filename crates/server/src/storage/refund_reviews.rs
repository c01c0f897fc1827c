//! Reports about refunds that have no effect, and what an operator made of them.

use member_domain::{RefundState, UnixMillis};
use rusqlite::{Connection, OptionalExtension};

use super::{Database, StorageResult, refunds};

/// A report about a refund that somebody should look at.
#[derive(Debug)]
pub(crate) struct ToReview {
    pub(crate) report_id: String,
    pub(crate) refund_id: String,
    /// `held` or `refused`.
    pub(crate) fate: String,
    pub(crate) state: RefundState,
    pub(crate) reason: String,
    pub(crate) received_at: UnixMillis,
}

/// How many reports about a programme's refunds have no effect.
#[derive(Debug)]
pub(crate) struct IdleReports {
    /// Those that do not match their refund.
    pub(crate) held: i64,
    /// Those outside the state machine.
    pub(crate) refused: i64,
    /// Those that were reviewed, which are in neither.
    pub(crate) reviewed: i64,
}

/// What became of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reviewed {
    /// It is kept; with the refund that the report is about, and the note that was there before.
    Kept { refund_id: String, instead_of: Option<String> },
    /// There is no such report.
    NoReport,
    /// The report counts: there is nothing to review.
    Counts,
}

impl Database {
    /// Keeps what an operator made of a report without effect.
    pub(crate) async fn review_report(
        &self,
        report_id: String,
        note: String,
        now: UnixMillis,
    ) -> StorageResult<Reviewed> {
        self.write(move |transaction| {
            let sql = "SELECT fate IN ('refused', 'held'), refund_id, review_note FROM refund_reports WHERE id = ?1";
            let found = transaction
                .query_row(sql, [&report_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            let Some((is_idle, refund_id, instead_of)): Option<(bool, _, _)> = found else {
                return Ok(Reviewed::NoReport);
            };
            if !is_idle {
                return Ok(Reviewed::Counts);
            }
            let sql = "UPDATE refund_reports SET reviewed_at = ?2, review_note = ?3 WHERE id = ?1";
            transaction.execute(sql, (report_id, now.0, note))?;
            Ok(Reviewed::Kept { refund_id, instead_of })
        })
        .await
    }
}

pub(super) fn idle_reports(connection: &Connection, programme_id: &str) -> StorageResult<IdleReports> {
    let sql = "SELECT COUNT(*) FILTER (WHERE fate = 'held' AND reviewed_at IS NULL),
                      COUNT(*) FILTER (WHERE fate = 'refused' AND reviewed_at IS NULL),
                      COUNT(*) FILTER (WHERE reviewed_at IS NOT NULL)
               FROM refund_reports JOIN refunds ON refunds.id = refund_id
               WHERE fate IN ('refused', 'held') AND programme_id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([programme_id], |row| {
        Ok(IdleReports { held: row.get(0)?, refused: row.get(1)?, reviewed: row.get(2)? })
    })?)
}

/// The newest reports without effect that nobody has reviewed, at most `limit`.
pub(super) fn to_review(connection: &Connection, programme_id: &str, limit: u32) -> StorageResult<Vec<ToReview>> {
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
            state: refunds::state(&row.get::<_, String>(3)?)?,
            reason: row.get(4)?,
            received_at: UnixMillis(row.get(5)?),
        });
    }
    Ok(found)
}
