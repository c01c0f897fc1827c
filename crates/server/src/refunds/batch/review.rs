//! Records how an operator settled a report without effect.

use anyhow::bail;
use member_domain::UnixMillis;
use member_storage::{Database, Reviewed};

use crate::import::{checked_text, quoted};

/// Stores the note. Returns the message for the operator.
pub(crate) async fn review(
    database: &Database,
    report_id: String,
    note: &str,
    now: UnixMillis,
) -> anyhow::Result<String> {
    let note = match checked_text(note.trim()) {
        Ok(note) if note.is_empty() => bail!("--note is empty: say how it was settled"),
        Ok(note) => note,
        Err(reason) => bail!("--note: {reason}"),
    };
    let id = quoted(&report_id);
    match database.review_report(report_id, note, now).await? {
        Reviewed::Kept { refund_id, instead_of: None } => Ok(format!("report {id} of refund {refund_id} is reviewed")),
        Reviewed::Kept { refund_id, instead_of: Some(note) } => {
            Ok(format!("report {id} of refund {refund_id} is reviewed; the note before was: {note}"))
        }
        Reviewed::NoReport => bail!("there is no report '{id}': 'member-server refunds reconcile' lists them"),
        Reviewed::Counts => bail!("the report '{id}' counts: only refused and held ones are reviewed"),
    }
}
