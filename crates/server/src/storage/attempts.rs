//! Every attempt to redeem, however it ended: what an operator looks at when a shop says that it does not work.

use member_domain::{Fen, UnixMillis};
use rusqlite::Connection;

use super::{Database, StorageResult};
use crate::redeeming::{CallerId, RedeemedBy};

/// One attempt.
#[derive(Clone, Debug)]
pub(crate) struct AttemptRecord {
    pub(crate) at: UnixMillis,
    pub(crate) shop_id: String,
    pub(crate) method: RedeemedBy,
    pub(crate) caller: CallerId,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) credential_number: Option<String>,
    pub(crate) bill: Option<Fen>,
    /// `done`, `cancelled`, or the name of a problem.
    pub(crate) outcome: &'static str,
    pub(crate) redemption_id: Option<String>,
    /// Whether an Idempotency-Key got its first answer again.
    pub(crate) replayed: bool,
    /// How many attempts this row stands for.
    pub(crate) times: u32,
}

impl Database {
    /// Records attempts that changed nothing else.
    pub(crate) async fn record_attempts(&self, attempts: Vec<AttemptRecord>) -> StorageResult<()> {
        self.write(move |transaction| attempts.iter().try_for_each(|attempt| record(transaction, attempt))).await
    }
}

/// Records one attempt in the transaction of its outcome.
pub(super) fn record(connection: &Connection, attempt: &AttemptRecord) -> StorageResult<()> {
    connection
        .prepare_cached(
            "INSERT INTO attempts (at, shop_id, method, caller, idempotency_key, credential_number, bill_fen, outcome,
                                   redemption_id, replayed, times)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute((
            attempt.at.0,
            &attempt.shop_id,
            attempt.method.as_str(),
            attempt.caller.0,
            &attempt.idempotency_key,
            &attempt.credential_number,
            attempt.bill.map(|bill| bill.0),
            attempt.outcome,
            &attempt.redemption_id,
            attempt.replayed,
            attempt.times,
        ))?;
    Ok(())
}
