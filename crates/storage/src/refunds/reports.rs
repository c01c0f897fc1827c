//! Reports about refunds, from the payment provider, finance or the operator.

use member_domain::{Fen, IllegalTransition, RefundState, ReportEffect, UnixMillis};
use rusqlite::{Connection, OptionalExtension};

use super::{
    history::{RefusedReport, bring_up_to_date},
    names::state,
    refund::announce,
};
use crate::{Database, StorageResult, engine::Guard};

/// The only currency that is supported (ISO 4217).
pub const CURRENCY: &str = "CNY";

/// The source of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportSource {
    /// The payment provider, by an event.
    Provider,
    /// Finance, by a file of results.
    Results,
    /// The operator.
    Operator,
}

impl ReportSource {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Results => "results",
            Self::Operator => "operator",
        }
    }
}

/// A report about a refund.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// The report's id. A report that is sent again has the same id.
    pub id: String,
    /// A hash of the content. It tells a report that is sent again from a different report with the same id.
    pub content_hash: Vec<u8>,
    /// The refund's number.
    pub refund_id: String,
    /// The source of the report.
    pub source: ReportSource,
    /// The state that the refund has reached.
    pub state: RefundState,
    /// The refunded amount, in fen.
    pub amount: Fen,
    /// The currency of the amount (ISO 4217).
    pub currency: String,
    /// The provider's own number for the refund; `None` if it is not known.
    pub provider_reference: Option<String>,
    /// When the refund reached the state, by the clock of the source.
    pub occurred_at: UnixMillis,
    /// When the report arrived here.
    pub received_at: UnixMillis,
}

/// The result of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reported {
    /// It changed the refund's state, or it confirms what is known.
    Applied,
    /// It has arrived before.
    Duplicate,
    /// A different report with its id has arrived before.
    IdReused,
    /// It does not fit the state machine after the reports known so far. It is stored without effect.
    Refused(IllegalTransition),
    /// It does not match the refund. It is stored for review, without effect. Holds the reason.
    Held(String),
}

/// The result of a report, for the code that runs after the transaction.
pub(super) struct Outcome {
    pub(super) reported: Reported,
    pub(super) state: RefundState,
    /// The reports that have become refused.
    pub(super) refused: Vec<RefusedReport>,
}

impl Outcome {
    /// Logs the reports that have become refused.
    pub(super) fn log_refused(&self) {
        for RefusedReport { refund_id, seq, reason } in &self.refused {
            tracing::warn!(refund = refund_id, report = seq, reason, "a report about a refund is refused");
        }
    }
}

impl Database {
    /// Stores a report about a refund. Returns the result, and the refund's state afterwards. `None` if there
    /// is no such refund.
    pub async fn report_refund(&self, new: NewReport) -> StorageResult<Option<(Reported, RefundState)>> {
        let guard = Guard::refund(&new.refund_id);
        let outcome = self.write(guard, move |transaction| report(transaction, &new)).await?;
        outcome.iter().for_each(Outcome::log_refused);
        Ok(outcome.map(|outcome| (outcome.reported, outcome.state)))
    }
}

/// Stores a report and updates the refund from all its reports. `None` if there is no such refund.
pub(super) fn report(connection: &Connection, new: &NewReport) -> StorageResult<Option<Outcome>> {
    let found: Option<(i64, String)> = connection
        .prepare_cached("SELECT amount_fen, state FROM refunds WHERE id = ?1")?
        .query_row([&new.refund_id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((amount, current)) = found else { return Ok(None) };
    let current = state(&current)?;
    let earlier: Option<Vec<u8>> = connection
        .prepare_cached("SELECT content_hash FROM refund_reports WHERE id = ?1")?
        .query_row([&new.id], |row| row.get(0))
        .optional()?;
    if let Some(hash) = earlier {
        let reported = if hash == new.content_hash { Reported::Duplicate } else { Reported::IdReused };
        return Ok(Some(Outcome { reported, state: current, refused: Vec::new() }));
    }
    let mismatch = mismatch(new, Fen(amount));
    let seq: i64 = connection
        .prepare_cached(
            "INSERT INTO refund_reports (id, content_hash, refund_id, source, state, amount_fen, currency,
                                         provider_reference, occurred_at, received_at, fate, reason)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) RETURNING seq",
        )?
        .query_row(
            (
                &new.id,
                &new.content_hash,
                &new.refund_id,
                new.source.as_str(),
                new.state.as_str(),
                new.amount.0,
                &new.currency,
                &new.provider_reference,
                new.occurred_at.0,
                new.received_at.0,
                if mismatch.is_some() { "held" } else { "confirms" },
                &mismatch,
            ),
            |row| row.get(0),
        )?;
    if let Some(reason) = mismatch {
        return Ok(Some(Outcome { reported: Reported::Held(reason), state: current, refused: Vec::new() }));
    }
    let (history, refused) = bring_up_to_date(connection, &new.refund_id)?;
    let fate = history.reports.iter().find(|(report, _)| report.seq == seq).map(|(_, fate)| *fate);
    announce(connection, &new.refund_id, new.received_at)?;
    let reported = match fate {
        Some(ReportEffect::Refused(refused)) => Reported::Refused(refused),
        _ => Reported::Applied,
    };
    Ok(Some(Outcome { reported, state: history.state, refused }))
}

/// Why the report's amount or currency does not match the refund; `None` if both match.
fn mismatch(new: &NewReport, amount: Fen) -> Option<String> {
    if new.currency != CURRENCY {
        return Some(format!("the currency is {}, the refund is in {CURRENCY}", new.currency));
    }
    (new.amount != amount).then(|| format!("the amount is {} fen, the refund is of {} fen", new.amount.0, amount.0))
}
