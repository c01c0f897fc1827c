//! Codes that a paired phone has scanned while they were valid, so that the bill may be entered in the minutes after.

use std::sync::Arc;

use member_domain::{RedemptionCode, TimeStep, UnixMillis, wire::Receipt};
use rusqlite::{Connection, OptionalExtension};

use super::{
    Database, StorageResult,
    attempts::{AttemptRecord, record_scan_once},
    ledger::receipt,
    terms::{credential, shop_terms, was_redeemed},
};
use crate::{
    limits::{Limits, Wait},
    redeeming::{CredentialRecord, RedeemedBy, Refusal, judge, step_of},
    secret::TokenHash,
    session::mask_name,
};

/// How long a presentation is kept, in milliseconds: an hour.
const KEPT_MILLIS: i64 = 3_600_000;
/// For how long a shop that scans a code again is shown what it redeemed with it, in milliseconds: ten minutes.
const RECENT_MILLIS: i64 = 10 * 60_000;
/// Forgets presentations. Runs at every valid scan, under the write lock: it must not read those it keeps.
const FORGET: &str = "DELETE FROM presentations WHERE seen_at < ?1";

/// What a scanned code turned out to be.
#[derive(Debug)]
pub(crate) enum Presented {
    /// It can be redeemed.
    Valid {
        member_masked: String,
        /// When this phone scanned it first.
        seen_at: UnixMillis,
    },
    /// This phone scanned it, and the bill was not entered in time.
    TooLongAgo,
    Refused {
        refusal: Refusal,
        /// What this shop redeemed with the code a moment ago, unless it was taken back.
        receipt_id: Option<String>,
    },
    /// Somebody is guessing codes; this one was not looked at.
    TooManyGuesses(Wait),
}

impl Database {
    /// Judges a code that a paired phone of this shop has scanned, and keeps that it was there. The code is not used up.
    /// It is a guess like any other: `limits` are asked and told as when redeeming.
    pub(crate) async fn present(
        &self,
        phone: TokenHash,
        shop_id: String,
        code: RedemptionCode,
        limits: Arc<Limits>,
        now: UnixMillis,
    ) -> StorageResult<Presented> {
        self.write(move |transaction| {
            if let Err(wait) = limits.may_guess(phone.into(), code.credential(), now) {
                return Ok(Presented::TooManyGuesses(wait));
            }
            let number = code.credential().as_str();
            let shop = shop_terms(transaction, &shop_id)?;
            let found = credential(transaction, number, &shop, now)?;
            let known = found.is_some();
            let (card_number, credential) = found.unwrap_or_else(|| (String::new(), CredentialRecord::nobody()));
            let seen_before = seen_at(transaction, phone, &code, &credential, now)?;
            let verdict = judge(&code, &credential, seen_before, now, |step| was_redeemed(transaction, number, step))?;
            let refusal = match verdict {
                Ok(step) if known => {
                    let seen_at = seen_before.unwrap_or(now);
                    keep(transaction, phone, number, step, seen_at, now)?;
                    return Ok(Presented::Valid { member_masked: member(transaction, &card_number)?, seen_at });
                }
                Err(why @ Refusal::CodeExpired) if seen_before.is_some() => {
                    record_scan_once(transaction, &refused(phone, shop_id, &code, why, now), &code.to_digits())?;
                    return Ok(Presented::TooLongAgo);
                }
                Err(refusal) if known => refusal,
                Ok(_) | Err(_) => Refusal::CodeUnknown,
            };
            if refusal == Refusal::CodeUnknown {
                limits.guessed(phone.into(), code.credential(), now);
            }
            let receipt_id = match refusal {
                Refusal::CodeUsed => recent_receipt(transaction, &shop_id, &code, &credential, now)?,
                _ => None,
            };
            if receipt_id.is_none() {
                record_scan_once(transaction, &refused(phone, shop_id, &code, refusal, now), &code.to_digits())?;
            }
            Ok(Presented::Refused { refusal, receipt_id })
        })
        .await
    }

    /// When this phone scanned the code first, if it did.
    pub(crate) async fn presented_at(
        &self,
        phone: TokenHash,
        shop_id: String,
        code: RedemptionCode,
        now: UnixMillis,
    ) -> StorageResult<Option<UnixMillis>> {
        self.read(move |connection| {
            let shop = shop_terms(connection, &shop_id)?;
            match credential(connection, code.credential().as_str(), &shop, now)? {
                Some((_, credential)) => seen_at(connection, phone, &code, &credential, now),
                None => Ok(None),
            }
        })
        .await
    }

    /// What this shop redeemed with the code in the last minutes, unless it was taken back.
    pub(crate) async fn recent_receipt(
        &self,
        shop_id: String,
        code: RedemptionCode,
        now: UnixMillis,
    ) -> StorageResult<Option<String>> {
        self.read(move |connection| {
            let shop = shop_terms(connection, &shop_id)?;
            match credential(connection, code.credential().as_str(), &shop, now)? {
                Some((_, credential)) => recent_receipt(connection, &shop_id, &code, &credential, now),
                None => Ok(None),
            }
        })
        .await
    }

    /// A redemption of this shop's; those of others are not found.
    pub(crate) async fn receipt_of_shop(&self, shop_id: String, id: String) -> StorageResult<Option<Receipt>> {
        self.read(move |connection| {
            let own = connection
                .prepare_cached("SELECT 1 FROM redemptions WHERE id = ?1 AND shop_id = ?2")?
                .query_row((&id, &shop_id), |_| Ok(()))
                .optional()?;
            own.map(|()| receipt(connection, &id)).transpose()
        })
        .await
    }
}

fn seen_at(
    connection: &Connection,
    phone: TokenHash,
    code: &RedemptionCode,
    credential: &CredentialRecord,
    now: UnixMillis,
) -> StorageResult<Option<UnixMillis>> {
    let Some(step) = step_of(code, credential, now) else { return Ok(None) };
    let seen_at = connection
        .prepare_cached(
            "SELECT seen_at FROM presentations WHERE terminal_hash = ?1 AND credential_number = ?2 AND step = ?3",
        )?
        .query_row((phone.0, code.credential().as_str(), step.0), |row| row.get(0))
        .optional()?;
    Ok(seen_at.map(UnixMillis))
}

/// Keeps a presentation, the first of its code, and forgets those of the past.
fn keep(
    connection: &Connection,
    phone: TokenHash,
    credential_number: &str,
    step: TimeStep,
    seen_at: UnixMillis,
    now: UnixMillis,
) -> StorageResult<()> {
    connection.prepare_cached(FORGET)?.execute([now.plus_millis(-KEPT_MILLIS).0])?;
    connection
        .prepare_cached(
            "INSERT INTO presentations (terminal_hash, credential_number, step, seen_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
        )?
        .execute((phone.0, credential_number, step.0, seen_at.0))?;
    Ok(())
}

fn member(connection: &Connection, card_number: &str) -> StorageResult<String> {
    let name: String = connection
        .prepare_cached("SELECT name FROM members JOIN cards ON members.id = member_id WHERE number = ?1")?
        .query_row([card_number], |row| row.get(0))?;
    Ok(mask_name(&name))
}

fn recent_receipt(
    connection: &Connection,
    shop_id: &str,
    code: &RedemptionCode,
    credential: &CredentialRecord,
    now: UnixMillis,
) -> StorageResult<Option<String>> {
    let Some(step) = step_of(code, credential, now) else { return Ok(None) };
    let id = connection
        .prepare_cached(
            "SELECT id FROM redemptions
             WHERE credential_number = ?1 AND step = ?2 AND shop_id = ?3 AND redeemed_at >= ?4
               AND cancelled_at IS NULL",
        )?
        .query_row((code.credential().as_str(), step.0, shop_id, now.plus_millis(-RECENT_MILLIS).0), |row| row.get(0))
        .optional()?;
    Ok(id)
}

/// The record of a scan that was refused: an attempt without a bill.
fn refused(phone: TokenHash, shop_id: String, code: &RedemptionCode, why: Refusal, now: UnixMillis) -> AttemptRecord {
    AttemptRecord {
        at: now,
        shop_id,
        method: RedeemedBy::Phone,
        caller: phone.into(),
        idempotency_key: None,
        credential_number: Some(code.credential().as_str().to_owned()),
        bill: None,
        outcome: why.kind().as_str().into(),
        redemption_id: None,
        replayed: false,
        times: 1,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn old_presentations_are_found_by_their_age() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("members.sqlite");
        Database::open(&path).unwrap();
        let plan: String = Connection::open(&path)
            .unwrap()
            .query_row(&format!("EXPLAIN QUERY PLAN {FORGET}"), [0], |row| row.get(3))
            .unwrap();
        assert!(plan.starts_with("SEARCH") && plan.ends_with("presentations_by_age (seen_at<?)"), "{plan}");
    }
}
