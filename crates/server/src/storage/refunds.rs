//! Refunds of cards, and what was reported about them. A refund's state is never set: it follows from all of its reports
//! (`member_domain::RefundHistory`), so that it does not depend on the order in which they arrive.

use member_domain::{
    CivilDate, Fen, IllegalTransition, RefundRule, RefundState, ReportFate, UnixMillis,
    wire::{Refund, RefundStep},
};
use rusqlite::{Connection, OptionalExtension};

use super::{
    Database, StorageError, StorageResult, date,
    refund_history::{follow, history},
};

/// The only currency there is (ISO 4217).
pub(crate) const CURRENCY: &str = "CNY";

/// A refund about to be scheduled.
pub(crate) struct NewRefund {
    /// Its number, new for every refund.
    pub(crate) id: String,
    pub(crate) card_number: String,
    pub(crate) amount: Fen,
    pub(crate) rule: RefundRule,
    pub(crate) channel: String,
    pub(crate) estimate_working_days: Option<u8>,
    pub(crate) scheduled_for: Option<CivilDate>,
    pub(crate) at: UnixMillis,
}

/// Who reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReportSource {
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

/// What somebody reports about a refund.
#[derive(Clone, Debug)]
pub(crate) struct NewReport {
    /// The report's own id: one that is sent again has the same.
    pub(crate) id: String,
    /// Tells a report that is sent again from another under the same id.
    pub(crate) content_hash: Vec<u8>,
    pub(crate) refund_id: String,
    pub(crate) source: ReportSource,
    pub(crate) state: RefundState,
    pub(crate) amount: Fen,
    pub(crate) currency: String,
    pub(crate) provider_reference: Option<String>,
    pub(crate) occurred_at: UnixMillis,
    pub(crate) received_at: UnixMillis,
}

/// What became of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reported {
    /// It moved the refund on, or confirms what is known.
    Applied,
    /// It has arrived before.
    Duplicate,
    /// Another report has arrived under its id.
    IdReused,
    /// Outside the state machine as far as is known: kept, without effect.
    Refused(IllegalTransition),
    /// It does not match the refund: kept for review, without effect; with the reason.
    Held(String),
}

impl Database {
    /// Schedules a refund; `false` if the card already has one, or there is no such card.
    pub(crate) async fn schedule_refund(&self, refund: NewRefund) -> StorageResult<bool> {
        self.write(move |transaction| schedule(transaction, &refund)).await
    }

    /// Takes a report about a refund; with where the refund stands then. `None` if there is no such refund.
    pub(crate) async fn report_refund(&self, new: NewReport) -> StorageResult<Option<(Reported, RefundState)>> {
        self.write(move |transaction| report(transaction, &new)).await
    }

    /// When this refund was scheduled; `None` if there is no such refund.
    pub(crate) async fn refund_scheduled_at(&self, id: String) -> StorageResult<Option<UnixMillis>> {
        self.read(move |connection| {
            let sql = "SELECT scheduled_at FROM refunds WHERE id = ?1";
            let found = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
            Ok(found.map(UnixMillis))
        })
        .await
    }

    /// The refund of the member's newest card; where that has none, the latest of an earlier card.
    pub(crate) async fn member_refund(&self, member_id: String) -> StorageResult<Option<Refund>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT number, number <> (SELECT number FROM cards WHERE member_id = ?1
                                           ORDER BY valid_until DESC, number LIMIT 1) AS is_earlier
                 FROM cards JOIN refunds ON refunds.card_number = cards.number
                 WHERE member_id = ?1 ORDER BY is_earlier, scheduled_at DESC, number LIMIT 1",
            )?;
            let found = statement.query_row([member_id], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)));
            let Some((number, of_earlier_card)) = found.optional()? else { return Ok(None) };
            Ok(refund(connection, &number)?.map(|refund| Refund { of_earlier_card, ..refund }))
        })
        .await
    }
}

/// Schedules a refund; `false` if the card already has one, or there is no such card.
pub(super) fn schedule(connection: &Connection, refund: &NewRefund) -> StorageResult<bool> {
    let added = connection
        .prepare_cached(
            "INSERT INTO refunds (id, card_number, programme_id, state, amount_fen, rule, channel, payment_reference,
                                  estimate_working_days, scheduled_for, scheduled_at, checked_at)
             SELECT ?1, number, programme_id, 'scheduled', ?3, ?4, ?5, payment_reference, ?6, ?7, ?8, ?8
             FROM cards WHERE number = ?2
             ON CONFLICT (card_number) DO NOTHING",
        )?
        .execute((
            &refund.id,
            &refund.card_number,
            refund.amount.0,
            refund.rule.as_str(),
            &refund.channel,
            refund.estimate_working_days,
            refund.scheduled_for.map(|day| day.to_string()),
            refund.at.0,
        ))?;
    if added == 1 {
        announce(connection, &refund.id, refund.at)?;
    }
    Ok(added == 1)
}

/// Keeps a report and lets the refund follow; with where the refund stands then. `None` if there is no such refund.
pub(super) fn report(connection: &Connection, new: &NewReport) -> StorageResult<Option<(Reported, RefundState)>> {
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
        let outcome = if hash == new.content_hash { Reported::Duplicate } else { Reported::IdReused };
        return Ok(Some((outcome, current)));
    }
    let mismatch = mismatch(new, Fen(amount));
    connection
        .prepare_cached(
            "INSERT INTO refund_reports (id, content_hash, refund_id, source, state, amount_fen, currency,
                                         provider_reference, occurred_at, received_at, fate, reason)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute((
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
        ))?;
    if let Some(reason) = mismatch {
        return Ok(Some((Reported::Held(reason), current)));
    }
    let seq = connection.last_insert_rowid();
    let history = follow(connection, &new.refund_id)?;
    let fate = history.reports.iter().find(|(report, _)| report.seq == seq).map(|(_, fate)| *fate);
    announce(connection, &new.refund_id, new.received_at)?;
    let outcome = match fate {
        Some(ReportFate::Refused(refused)) => Reported::Refused(refused),
        _ => Reported::Applied,
    };
    Ok(Some((outcome, history.state)))
}

/// Why a report is about another sum of money than the refund, if it is.
fn mismatch(new: &NewReport, amount: Fen) -> Option<String> {
    if new.currency != CURRENCY {
        return Some(format!("the currency is {}, the refund is in {CURRENCY}", new.currency));
    }
    (new.amount != amount).then(|| format!("the amount is {} fen, the refund is of {} fen", new.amount.0, amount.0))
}

pub(super) fn state(name: &str) -> StorageResult<RefundState> {
    RefundState::from_name(name).ok_or(StorageError::Unreadable("refund state"))
}

pub(super) fn rule(name: &str) -> StorageResult<RefundRule> {
    RefundRule::from_name(name).ok_or(StorageError::Unreadable("refund rule"))
}

/// Tells the member's open pages about the refund.
pub(super) fn announce(connection: &Connection, refund_id: &str, at: UnixMillis) -> StorageResult<()> {
    connection
        .prepare_cached(
            "INSERT INTO changes (kind, member_id, at) SELECT 'refund', member_id, ?2
             FROM refunds JOIN cards ON cards.number = refunds.card_number WHERE refunds.id = ?1",
        )?
        .execute((refund_id, at.0))?;
    Ok(())
}

fn refund(connection: &Connection, card_number: &str) -> StorageResult<Option<Refund>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, state, amount_fen, rule, channel, estimate_working_days, provider_reference, scheduled_for,
                scheduled_at, checked_at
         FROM refunds WHERE card_number = ?1",
    )?;
    let mut rows = statement.query([card_number])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let id: String = row.get(0)?;
    let scheduled_for: Option<String> = row.get(7)?;
    let scheduled = RefundStep { state: RefundState::Scheduled, at: UnixMillis(row.get(8)?) };
    let steps = history(connection, &id)?.reports.into_iter().filter(|(_, fate)| *fate == ReportFate::Step);
    let steps = steps.map(|(kept, _)| RefundStep { state: kept.report.state, at: kept.report.at });
    Ok(Some(Refund {
        state: state(&row.get::<_, String>(1)?)?,
        amount_fen: Fen(row.get(2)?),
        rule: rule(&row.get::<_, String>(3)?)?,
        channel: row.get(4)?,
        estimate_working_days: row.get(5)?,
        provider_reference: row.get(6)?,
        scheduled_for: scheduled_for.as_deref().map(date).transpose()?,
        checked_at: UnixMillis(row.get(9)?),
        of_earlier_card: false,
        timeline: std::iter::once(scheduled).chain(steps).collect(),
        id,
    }))
}
