//! What is kept under an Idempotency-Key: the first outcome, which every retry gets again.

use member_domain::{
    UnixMillis,
    wire::{Receipt, TestReceipt},
};
use rusqlite::{Connection, OptionalExtension};

use super::{
    Database, StorageError, StorageResult, attempts::record, ledger::receipt, redemptions::RedeemOutcome,
    redemptions::RedemptionAttempt,
};
use crate::redeeming::{CallerId, Refusal};

/// An outcome that stands, whatever changes later.
pub(crate) enum Settled {
    /// Redeemed; the receipt also says whether it was taken back since.
    Redeemed(Receipt),
    /// It was a test code, and it was good.
    Tested(TestReceipt),
    /// Refused.
    Refused(Refusal),
}

impl Database {
    /// How the first request under this attempt's key ended; the attempt itself if there was none. Redeems nothing: the
    /// key is looked up and answered from in one transaction.
    pub(crate) async fn answer_again(
        &self,
        attempt: RedemptionAttempt,
    ) -> StorageResult<Result<RedeemOutcome, RedemptionAttempt>> {
        self.write(move |transaction| Ok(answered_again(transaction, &attempt)?.ok_or(attempt))).await
    }

    /// How this caller's request under `key` ended; `None` if none has.
    pub(crate) async fn outcome_of(&self, caller: CallerId, key: String) -> StorageResult<Option<Settled>> {
        self.read(move |connection| {
            let found = kept(connection, caller, &key)?;
            found.map(|found| found.settled(connection, caller)).transpose()
        })
        .await
    }
}

/// A key's row.
struct Kept {
    request_hash: Vec<u8>,
    problem: Option<String>,
    redemption_id: Option<String>,
    tested_at: Option<i64>,
}

impl Kept {
    fn settled(self, connection: &Connection, caller: CallerId) -> StorageResult<Settled> {
        if let Some(id) = self.redemption_id {
            return receipt(connection, &id).map(Settled::Redeemed);
        }
        if let Some(at) = self.tested_at {
            // Only terminals scan test codes, and a terminal stays its shop's.
            let shop_id = connection
                .prepare_cached("SELECT shop_id FROM terminals WHERE token_hash = ?1")?
                .query_row([caller.0], |row| row.get(0))?;
            return Ok(Settled::Tested(TestReceipt { test: true, shop_id, tested_at: UnixMillis(at) }));
        }
        let refusal = self.problem.as_deref().and_then(Refusal::from_name);
        refusal.map(Settled::Refused).ok_or(StorageError::Unreadable("problem"))
    }
}

fn kept(connection: &Connection, caller: CallerId, key: &str) -> StorageResult<Option<Kept>> {
    let found = connection
        .prepare_cached(
            "SELECT request_hash, problem, redemption_id, tested_at FROM idempotency_keys
             WHERE caller = ?1 AND key = ?2",
        )?
        .query_row((caller.0, key), |row| {
            Ok(Kept {
                request_hash: row.get(0)?,
                problem: row.get(1)?,
                redemption_id: row.get(2)?,
                tested_at: row.get(3)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Keeps the outcome of the first request under the attempt's key.
pub(super) fn keep(connection: &Connection, attempt: &RedemptionAttempt, settled: &Settled) -> StorageResult<()> {
    let (problem, redemption_id, tested_at) = match settled {
        Settled::Redeemed(receipt) => (None, Some(&receipt.id), None),
        Settled::Tested(test) => (None, None, Some(test.tested_at.0)),
        Settled::Refused(refusal) => (Some(refusal.as_str()), None, None),
    };
    connection
        .prepare_cached(
            "INSERT INTO idempotency_keys (caller, key, request_hash, problem, redemption_id, tested_at, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            attempt.caller.0,
            &attempt.idempotency_key,
            attempt.request_hash,
            problem,
            redemption_id,
            tested_at,
            attempt.now.0,
        ))?;
    Ok(())
}

/// What the first request under the attempt's key was answered, if there was one; records that it is answered again.
pub(super) fn answered_again(
    connection: &Connection,
    attempt: &RedemptionAttempt,
) -> StorageResult<Option<RedeemOutcome>> {
    let earlier = earlier_outcome(connection, attempt)?;
    if let Some(earlier) = &earlier {
        record(connection, &attempt.ended(earlier, true))?;
    }
    Ok(earlier)
}

fn earlier_outcome(connection: &Connection, attempt: &RedemptionAttempt) -> StorageResult<Option<RedeemOutcome>> {
    let Some(found) = kept(connection, attempt.caller, &attempt.idempotency_key)? else { return Ok(None) };
    if found.request_hash != attempt.request_hash {
        return Ok(Some(RedeemOutcome::KeyReused));
    }
    Ok(Some(RedeemOutcome::Settled(found.settled(connection, attempt.caller)?)))
}
