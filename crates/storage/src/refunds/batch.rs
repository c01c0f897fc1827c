//! Schedules the refunds of a whole programme, one batch of cards at a time.

use std::ops::AddAssign;

use member_domain::{CivilDate, Fen, RefundRule, UnixMillis};
use rusqlite::{Connection, Row};

use crate::{
    Database, NewRefund, ProgrammeRecord, StorageResult,
    columns::date,
    engine::Guard,
    refunds::refund::{announce, schedule},
};

/// A number of cards or refunds, and their total amount. The total cannot overflow: a stored amount has at
/// most 64 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many there are.
    pub count: u64,
    /// The total amount, in fen.
    pub fen: i128,
}

impl Sum {
    /// Counts one card or refund with this amount.
    pub fn add(&mut self, amount: Fen) {
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

/// The data that all refunds of a batch share.
#[derive(Clone, Debug)]
pub struct RefundPlan {
    /// The programme.
    pub programme_id: String,
    /// The rule that gives the amounts.
    pub rule: RefundRule,
    /// The programme's last day.
    pub last_day: CivilDate,
    /// The date of the announcement.
    pub announced: CivilDate,
    /// The day on which the refunds are handed to the provider; `None` if no day is set. A day also replaces
    /// the day of existing refunds that are still scheduled.
    pub scheduled_for: Option<CivilDate>,
    /// The channel's estimate: the money arrives within this many working days after acceptance. `None` if
    /// there is no estimate. An estimate also replaces that of existing refunds that are still scheduled.
    pub estimate_working_days: Option<u8>,
    /// When the refunds are scheduled.
    pub at: UnixMillis,
    /// Whether refunds are only counted, and nothing is written.
    pub dry_run: bool,
}

/// The results of scheduling refunds for cards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScheduleTally {
    /// The prices paid for all cards.
    pub paid: Sum,
    /// Refunds scheduled now.
    pub scheduled: Sum,
    /// Refunds that existed before.
    pub already: Sum,
    /// Existing refunds whose day or estimate changes.
    pub changed: Sum,
    /// Of all refunds, those for cards whose last day was before the announcement.
    pub over: Sum,
    /// Cards for which nothing is refunded, and the prices paid for them.
    pub nothing: Sum,
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
    /// Whether there is anything to write.
    pub const fn writes(&self) -> bool {
        self.scheduled.count > 0 || self.changed.count > 0
    }
}

/// The result of one step of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one a batch")]
pub enum BatchStep {
    /// The cards up to the number `last` are done.
    Done {
        /// The results for the cards of this step.
        tally: ScheduleTally,
        /// The number of the last card of this step.
        last: String,
    },
    /// There are no more cards.
    End,
    /// The programme's rule or last day is no longer that of the plan. Nothing was done.
    PlanChanged,
}

impl Database {
    /// The number of cards of this programme.
    pub async fn count_cards(&self, programme_id: String) -> StorageResult<u64> {
        self.read(move |connection| {
            let sql = "SELECT COUNT(*) FROM cards WHERE programme_id = ?1";
            Ok(connection.query_row(sql, [programme_id], |row| row.get::<_, i64>(0))?.cast_unsigned())
        })
        .await
    }

    /// Schedules the refunds of the next cards of a programme, at most `limit` cards, after the card number
    /// `after`. `None` starts at the first card. The writing transaction checks whether a card has a refund,
    /// so only one of two concurrent runs schedules it. `new_number` draws the number of a refund that is
    /// scheduled at the given instant.
    pub async fn schedule_batch(
        &self,
        plan: RefundPlan,
        after: Option<String>,
        limit: u16,
        new_number: fn(UnixMillis) -> String,
    ) -> StorageResult<BatchStep> {
        let after = after.unwrap_or_default();
        // The step first runs without the write lock. So cards that already have their refunds do not block
        // other writers.
        let look = RefundPlan { dry_run: true, ..plan.clone() };
        let from = after.clone();
        match self.read(move |connection| step(connection, &look, &from, limit, new_number)).await? {
            BatchStep::Done { tally, .. } if tally.writes() && !plan.dry_run => {
                let guard = Guard::programme(&plan.programme_id);
                self.write(guard, move |transaction| step(transaction, &plan, &after, limit, new_number)).await
            }
            looked => Ok(looked),
        }
    }
}

/// A card, and its refund if it has one.
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
    /// Whether the plan has a different day or estimate.
    fn changes_by(&self, plan: &RefundPlan) -> bool {
        let other_day = plan.scheduled_for.is_some() && plan.scheduled_for != self.scheduled_for;
        let other_estimate =
            plan.estimate_working_days.is_some() && plan.estimate_working_days != self.estimate_working_days;
        self.is_scheduled && (other_day || other_estimate)
    }
}

fn step(
    connection: &Connection,
    plan: &RefundPlan,
    after: &str,
    limit: u16,
    new_number: fn(UnixMillis) -> String,
) -> StorageResult<BatchStep> {
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
                schedule(connection, &new_refund(plan, card, due, new_number))?;
            }
            tally.scheduled.add(due);
        }
    }
    Ok(cards.into_iter().last().map_or(BatchStep::End, |card| BatchStep::Done { tally, last: card.number }))
}

/// Sets the plan's day and estimate on a refund, if the plan has them. Notifies the member's open pages.
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

fn new_refund(plan: &RefundPlan, card: &CardToRefund, amount: Fen, new_number: fn(UnixMillis) -> String) -> NewRefund {
    NewRefund {
        id: new_number(plan.at),
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
