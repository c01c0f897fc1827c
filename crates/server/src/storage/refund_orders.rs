//! The refunds of a programme as finance is given them, and which of them it was given.

use member_domain::{CivilDate, Fen, RefundState, UnixMillis};
use rusqlite::Row;
use tokio::sync::mpsc;

use super::{Database, StorageResult, date, refund_batch::Sum, refunds::state};

/// A refund as finance is told of it.
#[derive(Clone, Debug)]
pub(crate) struct RefundOrder {
    pub(crate) refund_id: String,
    pub(crate) card_number: String,
    pub(crate) member_id: String,
    pub(crate) channel: String,
    pub(crate) payment_reference: Option<String>,
    pub(crate) amount: Fen,
    pub(crate) state: RefundState,
    pub(crate) scheduled_for: Option<CivilDate>,
}

impl Database {
    /// Sends the refunds of a programme that are in this state to `orders` while somebody receives them; with `again` also
    /// those that were exported in it before. Answers what was left out for that.
    pub(crate) async fn refund_orders(
        &self,
        programme_id: String,
        state: RefundState,
        again: bool,
        orders: mpsc::Sender<RefundOrder>,
    ) -> StorageResult<Sum> {
        self.read(move |connection| {
            let mut statement = connection.prepare(
                "SELECT refunds.id, card_number, member_id, channel, refunds.payment_reference, amount_fen, state,
                        scheduled_for, exported_at IS NOT NULL
                 FROM refunds JOIN cards ON cards.number = refunds.card_number
                 WHERE refunds.programme_id = ?1 AND state = ?2 ORDER BY refunds.id",
            )?;
            let mut rows = statement.query((programme_id, state.as_str()))?;
            let mut left_out = Sum::default();
            while let Some(row) = rows.next()? {
                if row.get(8)? && !again {
                    left_out.add(Fen(row.get(5)?));
                } else if orders.blocking_send(order(row)?).is_err() {
                    break;
                }
            }
            Ok(left_out)
        })
        .await
    }

    /// Notes that these refunds were exported in this state; with `again` also where that was noted before. Answers of how
    /// many it was noted: another export may have been there first, and the state may have changed.
    pub(crate) async fn mark_exported(
        &self,
        refund_ids: Vec<String>,
        state: RefundState,
        again: bool,
        at: UnixMillis,
    ) -> StorageResult<u64> {
        self.write(move |transaction| {
            let mut statement = transaction.prepare_cached(
                "UPDATE refunds SET exported_at = ?4 WHERE id = ?1 AND state = ?2 AND (?3 OR exported_at IS NULL)",
            )?;
            let mut marked = 0;
            for id in &refund_ids {
                marked += statement.execute((id, state.as_str(), again, at.0))? as u64;
            }
            Ok(marked)
        })
        .await
    }
}

fn order(row: &Row<'_>) -> StorageResult<RefundOrder> {
    Ok(RefundOrder {
        refund_id: row.get(0)?,
        card_number: row.get(1)?,
        member_id: row.get(2)?,
        channel: row.get(3)?,
        payment_reference: row.get(4)?,
        amount: Fen(row.get(5)?),
        state: state(&row.get::<_, String>(6)?)?,
        scheduled_for: row.get::<_, Option<String>>(7)?.as_deref().map(date).transpose()?,
    })
}
