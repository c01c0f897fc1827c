//! Refunds of cards.

use member_domain::{
    CivilDate, Fen, IllegalTransition, RefundState, UnixMillis,
    wire::{Refund, RefundStep},
};
use rusqlite::{Connection, OptionalExtension};

use super::{Database, StorageError, StorageResult, date};

/// A refund about to be scheduled.
pub(crate) struct NewRefund {
    pub(crate) card_number: String,
    pub(crate) amount: Fen,
    pub(crate) channel: String,
    pub(crate) scheduled_for: Option<CivilDate>,
    pub(crate) at: UnixMillis,
}

/// A refund's next state.
pub(crate) struct RefundChange {
    pub(crate) card_number: String,
    pub(crate) state: RefundState,
    pub(crate) provider_reference: Option<String>,
    pub(crate) at: UnixMillis,
}

impl Database {
    /// Schedules a refund; `false` if the card already has one.
    pub(crate) async fn schedule_refund(&self, refund: NewRefund) -> StorageResult<bool> {
        self.write(move |transaction| {
            let added = transaction.execute(
                "INSERT INTO refunds (card_number, state, amount_fen, channel, scheduled_for, checked_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (card_number) DO NOTHING",
                (
                    &refund.card_number,
                    RefundState::Scheduled.as_str(),
                    refund.amount.0,
                    &refund.channel,
                    refund.scheduled_for.map(|day| day.to_string()),
                    refund.at.0,
                ),
            )?;
            if added == 1 {
                add_step(transaction, &refund.card_number, RefundState::Scheduled, refund.at)?;
            }
            Ok(added == 1)
        })
        .await
    }

    /// Moves a refund on. `None` if the card has no refund; `Err` inside if the state machine does not allow it.
    pub(crate) async fn change_refund(
        &self,
        change: RefundChange,
    ) -> StorageResult<Option<Result<(), IllegalTransition>>> {
        self.write(move |transaction| {
            let Some(current) = refund_state(transaction, &change.card_number)? else { return Ok(None) };
            let next = match current.transition(change.state) {
                Ok(next) => next,
                Err(refused) => return Ok(Some(Err(refused))),
            };
            transaction.execute(
                "UPDATE refunds SET state = ?2, provider_reference = COALESCE(?3, provider_reference), checked_at = ?4
                 WHERE card_number = ?1",
                (&change.card_number, next.as_str(), &change.provider_reference, change.at.0),
            )?;
            add_step(transaction, &change.card_number, next, change.at)?;
            Ok(Some(Ok(())))
        })
        .await
    }

    /// The refund of the member's newest card.
    pub(crate) async fn member_refund(&self, member_id: String) -> StorageResult<Option<Refund>> {
        self.read(move |connection| {
            let card: Option<String> = connection
                .prepare_cached(
                    "SELECT number FROM cards WHERE member_id = ?1 ORDER BY valid_until DESC, number LIMIT 1",
                )?
                .query_row([member_id], |row| row.get(0))
                .optional()?;
            card.map_or(Ok(None), |number| refund(connection, &number))
        })
        .await
    }
}

fn refund_state(connection: &Connection, card_number: &str) -> StorageResult<Option<RefundState>> {
    let name: Option<String> = connection
        .query_row("SELECT state FROM refunds WHERE card_number = ?1", [card_number], |row| row.get(0))
        .optional()?;
    name.as_deref().map(state).transpose()
}

fn state(name: &str) -> StorageResult<RefundState> {
    RefundState::from_name(name).ok_or(StorageError::Unreadable("refund state"))
}

fn add_step(connection: &Connection, card_number: &str, state: RefundState, at: UnixMillis) -> StorageResult<()> {
    connection.execute(
        "INSERT INTO refund_steps (card_number, state, at) VALUES (?1, ?2, ?3)",
        (card_number, state.as_str(), at.0),
    )?;
    connection.execute(
        "INSERT INTO changes (kind, member_id, at) SELECT 'refund', member_id, ?2 FROM cards WHERE number = ?1",
        (card_number, at.0),
    )?;
    Ok(())
}

fn refund(connection: &Connection, card_number: &str) -> StorageResult<Option<Refund>> {
    let mut statement = connection.prepare_cached(
        "SELECT state, amount_fen, channel, provider_reference, scheduled_for, checked_at
         FROM refunds WHERE card_number = ?1",
    )?;
    let mut rows = statement.query([card_number])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let scheduled_for: Option<String> = row.get(4)?;
    Ok(Some(Refund {
        state: state(&row.get::<_, String>(0)?)?,
        amount_fen: Fen(row.get(1)?),
        channel: row.get(2)?,
        provider_reference: row.get(3)?,
        scheduled_for: scheduled_for.as_deref().map(date).transpose()?,
        checked_at: UnixMillis(row.get(5)?),
        timeline: timeline(connection, card_number)?,
    }))
}

fn timeline(connection: &Connection, card_number: &str) -> StorageResult<Vec<RefundStep>> {
    let sql = "SELECT state, at FROM refund_steps WHERE card_number = ?1 ORDER BY seq";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([card_number])?;
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(RefundStep { state: state(&row.get::<_, String>(0)?)?, at: UnixMillis(row.get(1)?) });
    }
    Ok(steps)
}
