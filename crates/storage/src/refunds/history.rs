//! Derives a refund's state from the reports about it, and stores it.

use member_domain::{RefundHistory, RefundReport, RefundState, ReportEffect, UnixMillis};
use rusqlite::{Connection, Row};

use super::names::state;
use crate::StorageResult;

/// A stored report.
pub(super) struct KeptReport {
    pub(super) seq: i64,
    pub(super) report: RefundReport,
    provider_reference: Option<String>,
    received_at: UnixMillis,
}

/// A refund's state, and all reports about it with their fates, in the order in which the reports count.
pub(super) struct KeptHistory {
    pub(super) state: RefundState,
    pub(super) reports: Vec<(KeptReport, ReportEffect)>,
}

/// All reports about a refund, each with its fate, except those with the fate `held`.
pub(super) fn history(connection: &Connection, refund_id: &str) -> StorageResult<KeptHistory> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, state, occurred_at, provider_reference, received_at FROM refund_reports
         WHERE refund_id = ?1 AND fate <> 'held' ORDER BY id",
    )?;
    let mut rows = statement.query([refund_id])?;
    let mut kept = Vec::new();
    while let Some(row) = rows.next()? {
        kept.push(kept_report(row)?);
    }
    let history = RefundHistory::of(kept.iter().map(|kept| kept.report));
    // This sort and the sort of the history are both stable, so both lists have the same order.
    kept.sort_by_key(|kept| history.reports.iter().position(|(report, _)| *report == kept.report));
    let fates = history.reports.into_iter().map(|(_, fate)| fate);
    Ok(KeptHistory { state: history.state, reports: kept.into_iter().zip(fates).collect() })
}

fn kept_report(row: &Row<'_>) -> StorageResult<KeptReport> {
    Ok(KeptReport {
        seq: row.get(0)?,
        report: RefundReport { state: state(&row.get::<_, String>(1)?)?, at: UnixMillis(row.get(2)?) },
        provider_reference: row.get(3)?,
        received_at: UnixMillis(row.get(4)?),
    })
}

/// A report that has become refused, and the reason.
pub(super) struct RefusedReport {
    pub(super) refund_id: String,
    pub(super) seq: i64,
    pub(super) reason: String,
}

/// Derives a refund's state, and the fate of each report about it, from all reports, and stores them. Returns
/// the history and the reports that have become refused. A report that counted can become refused when an
/// earlier one arrives.
pub(super) fn bring_up_to_date(
    connection: &Connection,
    refund_id: &str,
) -> StorageResult<(KeptHistory, Vec<RefusedReport>)> {
    let history = history(connection, refund_id)?;
    let mut newly_refused = Vec::new();
    for (kept, fate) in &history.reports {
        let (name, reason) = match fate {
            ReportEffect::Step => ("step", None),
            ReportEffect::Confirms => ("confirms", None),
            ReportEffect::Refused(refused) => ("refused", Some(refused.to_string())),
        };
        let changed = connection
            .prepare_cached(
                "UPDATE refund_reports SET fate = ?2, reason = ?3, reviewed_at = NULL, review_note = NULL
                 WHERE seq = ?1 AND (fate <> ?2 OR reason IS DISTINCT FROM ?3)",
            )?
            .execute((kept.seq, name, reason.as_deref()))?;
        if let (Some(reason), 1) = (reason, changed) {
            newly_refused.push(RefusedReport { refund_id: refund_id.to_owned(), seq: kept.seq, reason });
        }
    }
    let counted = || history.reports.iter().filter(|(_, fate)| !matches!(fate, ReportEffect::Refused(_)));
    let reference = counted().filter_map(|(kept, _)| kept.provider_reference.as_deref()).next_back();
    let checked_at = counted().map(|(kept, _)| kept.received_at.0).max().unwrap_or(0);
    connection
        .prepare_cached(
            "UPDATE refunds SET state = ?2, provider_reference = ?3,
                                checked_at = CASE WHEN scheduled_at < ?4 THEN ?4 ELSE scheduled_at END,
                                exported_at = CASE WHEN state = ?2 THEN exported_at END
             WHERE id = ?1",
        )?
        .execute((refund_id, history.state.as_str(), reference, checked_at))?;
    Ok((history, newly_refused))
}
