//! Outcomes that are stored under idempotency keys. Every retry gets the first outcome again.

use member_domain::{CallerId, Refusal, UnixMillis, wire::TestReceipt};
use rusqlite::{Connection, OptionalExtension};

use super::{
    attempts::record,
    outcome::{RedeemOutcome, RedemptionAttempt, Settled},
    receipts::receipt,
};
use crate::{Database, StorageError, StorageResult};

impl Database {
    /// The outcome of the first request with this attempt's key; `None` if there was none. Redeems nothing.
    /// The key is looked up and answered in one transaction, which also records the repetition.
    pub async fn answer_again(&self, attempt: RedemptionAttempt) -> StorageResult<Option<RedeemOutcome>> {
        self.write(attempt.guard(), move |transaction| answered_again(transaction, &attempt)).await
    }

    /// The outcome of this caller's request with `key`; `None` if there is none.
    pub async fn outcome_of(&self, caller: CallerId, key: String) -> StorageResult<Option<Settled>> {
        self.read(move |connection| {
            let found = kept(connection, caller, &key)?;
            found.map(|found| found.settled(connection, caller)).transpose()
        })
        .await
    }
}

/// A row of `idempotency_keys`.
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
            // Only terminals scan test codes, and a terminal never changes its shop.
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

/// Stores the outcome of the first request with the attempt's key.
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

/// The outcome of the first request with the attempt's key, if there was one. Records the repetition.
pub(super) fn answered_again(
    connection: &Connection,
    attempt: &RedemptionAttempt,
) -> StorageResult<Option<RedeemOutcome>> {
    let earlier = earlier_outcome(connection, attempt)?;
    if let Some(earlier) = &earlier {
        record(connection, &attempt.ended(earlier))?;
    }
    Ok(earlier)
}

fn earlier_outcome(connection: &Connection, attempt: &RedemptionAttempt) -> StorageResult<Option<RedeemOutcome>> {
    let Some(found) = kept(connection, attempt.caller, &attempt.idempotency_key)? else { return Ok(None) };
    if found.request_hash != attempt.request_hash {
        return Ok(Some(RedeemOutcome::KeyReused));
    }
    Ok(Some(RedeemOutcome::Repeated(found.settled(connection, attempt.caller)?)))
}
