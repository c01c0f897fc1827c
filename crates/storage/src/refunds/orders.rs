//! Exports a programme's refunds for finance, and stores which refunds were exported.

use member_domain::{CivilDate, Fen, RefundState, UnixMillis};
use rusqlite::Row;
use tokio::sync::mpsc;

use crate::{
    Database, StorageResult,
    columns::date,
    engine::Guard,
    refunds::{batch::Sum, names::state},
};

/// A refund, as it is exported for finance.
#[derive(Clone, Debug)]
pub struct RefundOrder {
    /// The refund's number.
    pub refund_id: String,
    /// The card's number: 12 digits.
    pub card_number: String,
    /// The member who has the card.
    pub member_id: String,
    /// The payment channel, for example `wechat-pay`.
    pub channel: String,
    /// The payment's number at the channel; `None` if it is not known.
    pub payment_reference: Option<String>,
    /// The amount, in fen.
    pub amount: Fen,
    /// The refund's state.
    pub state: RefundState,
    /// The day on which the refund is handed to the provider; `None` if no day is set.
    pub scheduled_for: Option<CivilDate>,
}

impl Database {
    /// Sends the programme's refunds in this state to `orders`, until the receiver is dropped. Refunds that
    /// were already exported in this state are left out, unless `again` is `true`. Returns how many were left
    /// out, and their total amount.
    pub async fn refund_orders(
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

    /// Stores that these refunds were exported in this state. Refunds that were already marked keep their
    /// time, unless `again` is `true`. Returns how many were marked. Another export may have marked some
    /// before, and some may have changed their state.
    pub async fn mark_exported(
        &self,
        refund_ids: Vec<String>,
        state: RefundState,
        again: bool,
        at: UnixMillis,
    ) -> StorageResult<u64> {
        self.write(Guard::Refunds(refund_ids.clone()), move |transaction| {
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
