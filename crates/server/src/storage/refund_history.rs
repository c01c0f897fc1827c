//! What follows from the reports about a refund, and bringing the refund to it.

use member_domain::{RefundHistory, RefundReport, RefundState, ReportFate, UnixMillis};
use rusqlite::{Connection, Row};

use super::{StorageResult, refunds::state};

/// A report as it is kept, in the order in which reports count.
pub(super) struct KeptReport {
    pub(super) seq: i64,
    pub(super) report: RefundReport,
    provider_reference: Option<String>,
    received_at: UnixMillis,
}

/// Where a refund stands, and what became of each report about it.
pub(super) struct KeptHistory {
    pub(super) state: RefundState,
    pub(super) reports: Vec<(KeptReport, ReportFate)>,
}

/// All reports about a refund that are not held, with what becomes of each of them.
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
    // The sort is stable, and so is that of the history: both lists stand in the same order.
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

/// Brings a refund, and the fate of each report about it, to what follows from all of them.
pub(super) fn follow(connection: &Connection, refund_id: &str) -> StorageResult<KeptHistory> {
    let history = history(connection, refund_id)?;
    for (kept, fate) in &history.reports {
        let (name, reason) = match fate {
            ReportFate::Step => ("step", None),
            ReportFate::Confirms => ("confirms", None),
            ReportFate::Refused(refused) => ("refused", Some(refused.to_string())),
        };
        let changed = connection
            .prepare_cached(
                "UPDATE refund_reports SET fate = ?2, reason = ?3, reviewed_at = NULL, review_note = NULL
                 WHERE seq = ?1 AND (fate <> ?2 OR reason IS NOT ?3)",
            )?
            .execute((kept.seq, name, reason.as_deref()))?;
        // A report that counted may be refused once an earlier one has come in: that is logged here, too.
        if let (Some(reason), 1) = (reason, changed) {
            tracing::warn!(refund = refund_id, report = kept.seq, reason, "a report about a refund is refused");
        }
    }
    let counted = || history.reports.iter().filter(|(_, fate)| !matches!(fate, ReportFate::Refused(_)));
    let reference = counted().filter_map(|(kept, _)| kept.provider_reference.as_deref()).next_back();
    let checked_at = counted().map(|(kept, _)| kept.received_at.0).max();
    connection
        .prepare_cached(
            "UPDATE refunds SET state = ?2, provider_reference = ?3, checked_at = MAX(scheduled_at, COALESCE(?4, 0)),
                                exported_at = CASE WHEN state = ?2 THEN exported_at END
             WHERE id = ?1",
        )?
        .execute((refund_id, history.state.as_str(), reference, checked_at))?;
    Ok(history)
}
