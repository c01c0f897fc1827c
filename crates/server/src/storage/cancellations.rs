//! Taking a redemption back: at the shop that did it, within minutes.

use member_domain::{Fen, UnixMillis, wire::Receipt};
use rusqlite::OptionalExtension;

use super::{
    Database, StorageResult,
    attempts::{AttemptRecord, record},
    ledger::{announce, receipt},
};
use crate::redeeming::{CANCELLATION_MILLIS, CallerId, RedeemedBy};

/// A shop's wish to take a redemption back.
pub(crate) struct Cancellation {
    pub(crate) redemption_id: String,
    /// The shop that asks; it must be the one that redeemed.
    pub(crate) shop_id: String,
    pub(crate) caller: CallerId,
    pub(crate) method: RedeemedBy,
    pub(crate) now: UnixMillis,
}

/// How the wish ended.
pub(crate) enum CancelOutcome {
    /// Taken back, now or before.
    Cancelled(Receipt),
    /// This shop has no such redemption.
    Unknown,
    /// It was done too long ago.
    TooLate,
}

impl Database {
    /// Takes a redemption back. The code's step stays used. Repeating it changes nothing and gives the same answer.
    pub(crate) async fn cancel(&self, wish: Cancellation) -> StorageResult<CancelOutcome> {
        self.write(move |transaction| {
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
                at: wish.now,
                shop_id: wish.shop_id,
                method: wish.method,
                caller: wish.caller,
                idempotency_key: None,
                credential_number,
                bill: Some(Fen(bill)),
                outcome: "cancelled".into(),
                redemption_id: Some(wish.redemption_id.clone()),
                replayed: cancelled_at.is_some(),
                times: 1,
            };
            record(transaction, &cancelled)?;
            Ok(CancelOutcome::Cancelled(receipt(transaction, &wish.redemption_id)?))
        })
        .await
    }
}
