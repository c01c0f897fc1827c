//! Cancels a redemption. Only the shop that redeemed can do this, within [`CANCELLATION_MILLIS`].

use member_domain::{CANCELLATION_MILLIS, CallerId, Fen, RedeemedBy, UnixMillis, wire::Receipt};
use rusqlite::OptionalExtension;

use crate::{
    Database, StorageResult,
    counter::{
        attempts::{AttemptRecord, record},
        receipts::{announce, receipt},
    },
    engine::Guard,
};

/// A shop's request to cancel a redemption.
pub struct Cancellation {
    /// The redemption to cancel.
    pub redemption_id: String,
    /// The shop that asks. It must be the shop that redeemed.
    pub shop_id: String,
    /// The caller: a terminal, or a member at a shop with a PIN.
    pub caller: CallerId,
    /// The means by which the request is made.
    pub method: RedeemedBy,
    /// When the request was made.
    pub now: UnixMillis,
}

/// The outcome of a request to cancel.
pub enum CancelOutcome {
    /// The redemption is cancelled, by this request or by an earlier one. Holds its receipt.
    Cancelled(Receipt),
    /// This shop has no such redemption.
    Unknown,
    /// The redemption is older than [`CANCELLATION_MILLIS`].
    TooLate,
}

impl Database {
    /// Cancels a redemption and notifies the member's open pages. The code's step stays used. A repeated
    /// request changes nothing and returns the same answer.
    pub async fn cancel(&self, wish: Cancellation) -> StorageResult<CancelOutcome> {
        self.write(Guard::Redemption(wish.redemption_id.clone()), move |transaction| {
            let found: Option<(i64, Option<i64>, Option<String>, i64)> = transaction
                .prepare_cached(
                    "SELECT redeemed_at, cancelled_at, credential_number, bill_fen FROM redemptions
                     WHERE id = ?1 AND shop_id = ?2",
                )?
                .query_row((&wish.redemption_id, &wish.shop_id), |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })
                .optional()?;
            let Some((redeemed_at, cancelled_at, credential_number, bill)) = found else {
                return Ok(CancelOutcome::Unknown);
            };
            if cancelled_at.is_none() {
                if wish.now.millis_since(UnixMillis(redeemed_at)) > CANCELLATION_MILLIS {
                    return Ok(CancelOutcome::TooLate);
                }
                transaction
                    .prepare_cached("UPDATE redemptions SET cancelled_at = ?2 WHERE id = ?1")?
                    .execute((&wish.redemption_id, wish.now.0))?;
                announce(transaction, &wish.redemption_id, wish.now)?;
            }
            let cancelled = AttemptRecord {
                credential_number,
                bill: Some(Fen(bill)),
                redemption_id: Some(wish.redemption_id.clone()),
                replayed: cancelled_at.is_some(),
                ..AttemptRecord::new(wish.now, wish.shop_id.clone(), wish.method, wish.caller, "cancelled")
            };
            record(transaction, &cancelled)?;
            Ok(CancelOutcome::Cancelled(receipt(transaction, &wish.redemption_id)?))
        })
        .await
    }
}
