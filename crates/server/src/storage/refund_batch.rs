//! The refunds of a whole programme, scheduled a batch of cards at a time.

use std::ops::AddAssign;

use member_domain::{CivilDate, Fen, RefundRule, UnixMillis};
use rusqlite::{Connection, Row};

use super::{
    Database, NewRefund, ProgrammeRecord, StorageResult, date,
    refunds::{announce, schedule},
};
use crate::secret::refund_number_at;

/// Some cards or refunds, and their money. It cannot overflow: no column of fen is wider than 64 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) count: u64,
    pub(crate) fen: i128,
}

impl Sum {
    pub(crate) fn add(&mut self, amount: Fen) {
        self.count += 1;
        self.fen += i128::from(amount.0);
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.count += other.count;
        self.fen += other.fen;
    }
}

/// What is the same for every refund of a batch.
#[derive(Clone, Debug)]
pub(crate) struct RefundPlan {
    pub(crate) programme_id: String,
    pub(crate) rule: RefundRule,
    pub(crate) last_day: CivilDate,
    /// The date of the announcement.
    pub(crate) announced: CivilDate,
    /// What is given of these holds also for refunds that are there and still scheduled.
    pub(crate) scheduled_for: Option<CivilDate>,
    pub(crate) estimate_working_days: Option<u8>,
    pub(crate) at: UnixMillis,
    /// Whether refunds are only counted.
    pub(crate) dry_run: bool,
}

/// What became of cards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ScheduleTally {
    /// What was paid for all of them.
    pub(crate) paid: Sum,
    /// Refunds scheduled now.
    pub(crate) scheduled: Sum,
    /// Refunds that were there.
    pub(crate) already: Sum,
    /// Of those that were there, the ones whose day or estimate changes.
    pub(crate) changed: Sum,
    /// Of all refunds, those of cards that were over before the end was announced.
    pub(crate) over: Sum,
    /// Cards of which nothing comes back, and what was paid for them.
    pub(crate) nothing: Sum,
}

impl AddAssign for ScheduleTally {
    fn add_assign(&mut self, other: Self) {
        self.paid += other.paid;
        self.scheduled += other.scheduled;
        self.already += other.already;
        self.changed += other.changed;
        self.over += other.over;
        self.nothing += other.nothing;
    }
}

impl ScheduleTally {
    /// Whether there was anything to write.
    pub(crate) const fn writes(&self) -> bool {
        self.scheduled.count > 0 || self.changed.count > 0
    }
}

/// How far a step of a batch came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one a batch")]
pub(crate) enum BatchStep {
    /// Cards up to this number are done.
    Done { tally: ScheduleTally, last: String },
    /// There are no more cards.
    End,
    /// The programme does not end as the plan says any more; nothing was done.
    PlanChanged,
}

impl Database {
    /// How many cards of this programme there are.
    pub(crate) async fn count_cards(&self, programme_id: String) -> StorageResult<u64> {
        self.read(move |connection| {
            let sql = "SELECT COUNT(*) FROM cards WHERE programme_id = ?1";
            Ok(connection.query_row(sql, [programme_id], |row| row.get::<_, i64>(0))?.cast_unsigned())
        })
        .await
    }

    /// Schedules the refunds of the next cards of a programme, at most `limit` of them, behind the card number `after`.
    /// Whether a card has one is read in the transaction that writes, so that of two at the same time only one does.
    pub(crate) async fn schedule_batch(
        &self,
        plan: RefundPlan,
        after: Option<String>,
        limit: u16,
    ) -> StorageResult<BatchStep> {
        let after = after.unwrap_or_default();
        // Cards that have their refunds are passed over without keeping anybody from writing.
        let look = RefundPlan { dry_run: true, ..plan.clone() };
        let from = after.clone();
        match self.read(move |connection| step(connection, &look, &from, limit)).await? {
            BatchStep::Done { tally, .. } if tally.writes() && !plan.dry_run => {
                self.write(move |transaction| step(transaction, &plan, &after, limit)).await
            }
            looked => Ok(looked),
        }
    }
}

/// A card, and the amount of its refund if it has one.
struct CardToRefund {
    number: String,
    valid_from: CivilDate,
    valid_until: CivilDate,
    paid: Fen,
    channel: String,
    refund: Option<HeldRefund>,
}

struct HeldRefund {
    id: String,
    amount: Fen,
    is_scheduled: bool,
    scheduled_for: Option<CivilDate>,
    estimate_working_days: Option<u8>,
}

impl HeldRefund {
    /// Whether the plan promises something else.
    fn changes_by(&self, plan: &RefundPlan) -> bool {
        let other_day = plan.scheduled_for.is_some() && plan.scheduled_for != self.scheduled_for;
        let other_estimate =
            plan.estimate_working_days.is_some() && plan.estimate_working_days != self.estimate_working_days;
        self.is_scheduled && (other_day || other_estimate)
    }
}

fn step(connection: &Connection, plan: &RefundPlan, after: &str, limit: u16) -> StorageResult<BatchStep> {
    if !is_as_planned(connection, plan)? {
        return Ok(BatchStep::PlanChanged);
    }
    let cards = cards(connection, &plan.programme_id, after, limit)?;
    let mut tally = ScheduleTally::default();
    for card in &cards {
        tally.paid.add(card.paid);
        let due = plan.rule.split(card.paid, card.valid_from, card.valid_until, plan.last_day).refund;
        let amount = card.refund.as_ref().map_or(due, |refund| refund.amount);
        if amount.0 > 0 && card.valid_until < plan.announced {
            tally.over.add(amount);
        }
        if let Some(refund) = &card.refund {
            tally.already.add(refund.amount);
            if refund.changes_by(plan) {
                if !plan.dry_run {
                    promise(connection, plan, &refund.id)?;
                }
                tally.changed.add(refund.amount);
            }
        } else if due.0 <= 0 {
            tally.nothing.add(card.paid);
        } else {
            if !plan.dry_run {
                schedule(connection, &new_refund(plan, card, due))?;
            }
            tally.scheduled.add(due);
        }
    }
    Ok(cards.into_iter().last().map_or(BatchStep::End, |card| BatchStep::Done { tally, last: card.number }))
}

/// Gives a refund the plan's day and estimate, as far as it has them, and tells the member's open pages.
fn promise(connection: &Connection, plan: &RefundPlan, refund_id: &str) -> StorageResult<()> {
    connection
        .prepare_cached(
            "UPDATE refunds SET scheduled_for = COALESCE(?2, scheduled_for),
                                estimate_working_days = COALESCE(?3, estimate_working_days)
             WHERE id = ?1",
        )?
        .execute((refund_id, plan.scheduled_for.map(|day| day.to_string()), plan.estimate_working_days))?;
    announce(connection, refund_id, plan.at)
}

fn new_refund(plan: &RefundPlan, card: &CardToRefund, amount: Fen) -> NewRefund {
    NewRefund {
        id: refund_number_at(plan.at),
        card_number: card.number.clone(),
        amount,
        rule: plan.rule,
        channel: card.channel.clone(),
        estimate_working_days: plan.estimate_working_days,
        scheduled_for: plan.scheduled_for,
        at: plan.at,
    }
}

fn is_as_planned(connection: &Connection, plan: &RefundPlan) -> StorageResult<bool> {
    let sql = format!("SELECT {} FROM programmes WHERE id = ?1", ProgrammeRecord::COLUMNS);
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([&plan.programme_id])?;
    let Some(row) = rows.next()? else { return Ok(false) };
    let programme = ProgrammeRecord::from_row(row)?;
    Ok(programme.refund_rule == plan.rule && programme.last_day == Some(plan.last_day))
}

fn cards(connection: &Connection, programme_id: &str, after: &str, limit: u16) -> StorageResult<Vec<CardToRefund>> {
    let mut statement = connection.prepare_cached(
        "SELECT number, valid_from, valid_until, paid_fen, paid_through, refunds.id, amount_fen, state = 'scheduled',
                scheduled_for, estimate_working_days
         FROM cards LEFT JOIN refunds ON refunds.card_number = cards.number
         WHERE cards.programme_id = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
    )?;
    let mut rows = statement.query((programme_id, after, limit))?;
    let mut cards = Vec::with_capacity(limit.into());
    while let Some(row) = rows.next()? {
        cards.push(CardToRefund {
            number: row.get(0)?,
            valid_from: date(&row.get::<_, String>(1)?)?,
            valid_until: date(&row.get::<_, String>(2)?)?,
            paid: Fen(row.get(3)?),
            channel: row.get(4)?,
            refund: held_refund(row)?,
        });
    }
    Ok(cards)
}

fn held_refund(row: &Row<'_>) -> StorageResult<Option<HeldRefund>> {
    let Some(id) = row.get(5)? else { return Ok(None) };
    Ok(Some(HeldRefund {
        id,
        amount: Fen(row.get(6)?),
        is_scheduled: row.get(7)?,
        scheduled_for: row.get::<_, Option<String>>(8)?.as_deref().map(date).transpose()?,
        estimate_working_days: row.get(9)?,
    }))
}
