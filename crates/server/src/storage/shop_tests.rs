//! Test codes: staff scan one to see that scanning works at their shop. It redeems nothing; what it leaves is the day
//! staff were last seen to manage.

use std::sync::Arc;

use member_domain::{CivilDate, RedemptionCode, UnixMillis, wire::TestReceipt};
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::{
    Database, StorageResult,
    attempts::{AttemptRecord, record_scan_once},
    date,
    terms::shop_terms,
};
use crate::{
    limits::{Limits, Wait},
    redeeming::{CallerId, RedeemedBy, Refusal},
    secret::TokenHash,
};

/// How long a test code is valid, in milliseconds: half an hour, for the call to the shop and the walk to the till.
const VALID_MILLIS: i64 = 30 * 60_000;
/// How long one is kept after that, so that staff are told that it is over: a week, in milliseconds.
const KEPT_MILLIS: i64 = 7 * 86_400_000;
/// For how long the phone that used a test code is shown again that it worked, in milliseconds: ten minutes.
const RELOAD_MILLIS: i64 = 10 * 60_000;

/// What became of a new test code.
pub(crate) enum NewTestCode {
    Added,
    /// Another one has these digits: draw again.
    Taken,
    NoShop,
    ShopLeft,
}

/// What a paired phone's scan of a test code turned out to be.
pub(crate) enum TestScan {
    Worked(TestReceipt),
    Refused(Refusal),
    /// Somebody is guessing codes; this one was not looked at.
    TooManyGuesses(Wait),
}

impl Database {
    /// Makes a test code of this shop valid, once, for half an hour from `now`. Forgets those of the past.
    pub(crate) async fn put_test_code(
        &self,
        code: RedemptionCode,
        shop_id: String,
        now: UnixMillis,
    ) -> StorageResult<NewTestCode> {
        self.write(move |transaction| {
            let left_on: Option<Option<String>> = transaction
                .query_row("SELECT left_on FROM shops WHERE id = ?1", [&shop_id], |row| row.get(0))
                .optional()?;
            let Some(left_on) = left_on else { return Ok(NewTestCode::NoShop) };
            if left_on.as_deref().map(date).transpose()?.is_some_and(|day| day <= CivilDate::in_shanghai(now)) {
                return Ok(NewTestCode::ShopLeft);
            }
            transaction.execute("DELETE FROM shop_tests WHERE expires_at < ?1", [now.plus_millis(-KEPT_MILLIS).0])?;
            let added = transaction.execute(
                "INSERT INTO shop_tests (code_hash, shop_id, expires_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                (hash(&code), &shop_id, now.plus_millis(VALID_MILLIS).0),
            )?;
            Ok(if added == 1 { NewTestCode::Added } else { NewTestCode::Taken })
        })
        .await
    }

    /// Judges a test code that a paired phone of this shop has scanned, and uses it up. Scanned again by the same phone a
    /// moment later it has worked all the same: phones load pages twice.
    pub(crate) async fn scan_test_code(
        &self,
        phone: TokenHash,
        shop_id: String,
        code: RedemptionCode,
        limits: Arc<Limits>,
        now: UnixMillis,
    ) -> StorageResult<TestScan> {
        self.write(move |transaction| {
            if let Err(wait) = limits.may_guess(phone.into(), code.credential(), now) {
                return Ok(TestScan::TooManyGuesses(wait));
            }
            if let Some(tested_at) = worked_before(transaction, &code, phone.into(), now)? {
                return Ok(TestScan::Worked(TestReceipt { test: true, shop_id, tested_at }));
            }
            let left_on = shop_terms(transaction, &shop_id)?.left_on;
            let accepted = if left_on.is_some_and(|day| day <= CivilDate::in_shanghai(now)) {
                Err(Refusal::ShopLeft)
            } else {
                accept(transaction, &code, &shop_id, phone.into(), now)?
            };
            if accepted == Err(Refusal::CodeUnknown) {
                limits.guessed(phone.into(), code.credential(), now);
            }
            let outcome = accepted.err().map_or("tested", |refusal| refusal.kind().as_str());
            let scanned = AttemptRecord {
                at: now,
                shop_id: shop_id.clone(),
                method: RedeemedBy::Phone,
                caller: phone.into(),
                idempotency_key: None,
                credential_number: Some(code.credential().as_str().to_owned()),
                bill: None,
                outcome: outcome.into(),
                redemption_id: None,
                replayed: false,
                times: 1,
            };
            record_scan_once(transaction, &scanned, &code.to_digits())?;
            Ok(match accepted {
                Ok(()) => TestScan::Worked(TestReceipt { test: true, shop_id, tested_at: now }),
                Err(refusal) => TestScan::Refused(refusal),
            })
        })
        .await
    }
}

/// The hash only keeps eight random digits out of sight; what protects them is that they are soon over, and that tries
/// are counted.
fn hash(code: &RedemptionCode) -> [u8; 32] {
    Sha256::digest(code.to_digits()).into()
}

/// Uses a test code up, if it is one of this shop's that is valid, and marks the shop as tested.
pub(super) fn accept(
    connection: &Connection,
    code: &RedemptionCode,
    shop_id: &str,
    caller: CallerId,
    now: UnixMillis,
) -> StorageResult<Result<(), Refusal>> {
    let found: Option<(String, i64, Option<i64>)> = connection
        .prepare_cached("SELECT shop_id, expires_at, used_at FROM shop_tests WHERE code_hash = ?1")?
        .query_row([hash(code)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    match found {
        Some((of, ..)) if of != shop_id => return Ok(Err(Refusal::CodeUnknown)),
        None => return Ok(Err(Refusal::CodeUnknown)),
        Some((.., Some(_))) => return Ok(Err(Refusal::CodeUsed)),
        Some((_, expires_at, None)) if expires_at <= now.0 => return Ok(Err(Refusal::CodeExpired)),
        Some(_) => {}
    }
    connection.prepare_cached("UPDATE shop_tests SET used_at = ?2, used_by = ?3 WHERE code_hash = ?1")?.execute((
        hash(code),
        now.0,
        caller.0,
    ))?;
    connection.prepare_cached("UPDATE shops SET tested_at = ?2 WHERE id = ?1")?.execute((shop_id, now.0))?;
    Ok(Ok(()))
}

/// When this caller used the code, if that was a moment ago.
fn worked_before(
    connection: &Connection,
    code: &RedemptionCode,
    caller: CallerId,
    now: UnixMillis,
) -> StorageResult<Option<UnixMillis>> {
    let used_at = connection
        .prepare_cached("SELECT used_at FROM shop_tests WHERE code_hash = ?1 AND used_by = ?2 AND used_at >= ?3")?
        .query_row((hash(code), caller.0, now.plus_millis(-RELOAD_MILLIS).0), |row| row.get(0))
        .optional()?;
    Ok(used_at.map(UnixMillis))
}
