//! Schedules refunds, and reads the refund that a member sees.

use member_domain::{
    CivilDate, Fen, RefundRule, RefundState, ReportEffect, UnixMillis,
    wire::{Refund, RefundStep},
};
use rusqlite::{Connection, OptionalExtension};

use super::{
    history::history,
    names::{rule, state},
};
use crate::{Database, StorageResult, columns::date, engine::Guard};

/// A refund to schedule.
pub struct NewRefund {
    /// The refund's number, unique among all refunds.
    pub id: String,
    /// The card's number: 12 digits.
    pub card_number: String,
    /// The amount, in fen, greater than 0.
    pub amount: Fen,
    /// The rule that gave the amount.
    pub rule: RefundRule,
    /// The payment channel, for example `wechat-pay`.
    pub channel: String,
    /// The channel's estimate: the money arrives within this many working days after acceptance. At least 1;
    /// `None` if there is no estimate.
    pub estimate_working_days: Option<u8>,
    /// The day on which the refund is handed to the provider; `None` if no day is set.
    pub scheduled_for: Option<CivilDate>,
    /// When the refund is scheduled.
    pub at: UnixMillis,
}

impl Database {
    /// Schedules a refund. Returns `false` if the card already has one, or if there is no such card.
    pub async fn schedule_refund(&self, refund: NewRefund) -> StorageResult<bool> {
        self.write(Guard::Card(refund.card_number.clone()), move |transaction| schedule(transaction, &refund)).await
    }

    /// When this refund was scheduled; `None` if there is no such refund.
    pub async fn refund_scheduled_at(&self, id: String) -> StorageResult<Option<UnixMillis>> {
        self.read(move |connection| {
            let sql = "SELECT scheduled_at FROM refunds WHERE id = ?1";
            let found = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
            Ok(found.map(UnixMillis))
        })
        .await
    }

    /// The refund of the member's card that is valid longest. If this card has none, the latest refund of an
    /// earlier card. `None` if there is no refund.
    pub async fn member_refund(&self, member_id: String) -> StorageResult<Option<Refund>> {
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

/// Schedules a refund and notifies the member's open pages. Returns `false` if the card already has one, or
/// if there is no such card.
pub(crate) fn schedule(connection: &Connection, refund: &NewRefund) -> StorageResult<bool> {
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

/// Notifies the member's open pages of the refund.
pub(crate) fn announce(connection: &Connection, refund_id: &str, at: UnixMillis) -> StorageResult<()> {
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
    let steps = history(connection, &id)?.reports.into_iter().filter(|(_, fate)| *fate == ReportEffect::Step);
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
