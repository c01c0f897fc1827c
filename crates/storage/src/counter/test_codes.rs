//! Test codes. Staff scan a test code to check that scanning works at their shop. It redeems nothing. A
//! successful scan stores when staff last managed to scan.

use member_domain::{CallerId, CivilDate, RedemptionCode, Refusal, TokenHash, UnixMillis, wire::TestReceipt};
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::{
    attempts::{AttemptRecord, record_scan_once},
    terms::shop_terms,
};
use crate::{Database, StorageResult, columns::date, engine::Guard};

/// How long a test code is valid, in milliseconds: half an hour. This is enough to call the shop and to walk
/// to the till.
const VALID_MILLIS: i64 = 30 * 60_000;
/// How long an expired code is stored, in milliseconds: one week. In this time staff see that the code has
/// expired.
const KEPT_MILLIS: i64 = 7 * 86_400_000;
/// Within this time, the phone that used a test code sees again that it worked. In milliseconds: ten minutes.
const RELOAD_MILLIS: i64 = 10 * 60_000;

/// The result of adding a test code.
pub enum NewTestCode {
    /// The code was added.
    Added,
    /// Another test code has the same digits. Draw again.
    Taken,
    /// There is no such shop.
    NoShop,
    /// The shop no longer takes part.
    ShopLeft,
}

/// The result of a paired phone's scan of a test code.
pub enum TestScan {
    /// The code was valid. Holds the receipt of the test.
    Worked(TestReceipt),
    /// The code is refused, for this reason.
    Refused(Refusal),
}

impl Database {
    /// Stores a test code of this shop. It is valid once, for half an hour from `now`. Deletes codes that
    /// expired more than a week ago.
    pub async fn put_test_code(
        &self,
        code: RedemptionCode,
        shop_id: String,
        now: UnixMillis,
    ) -> StorageResult<NewTestCode> {
        self.write(Guard::shop(&shop_id), move |transaction| {
            let left_on: Option<Option<String>> = transaction
                .query_row("SELECT left_on FROM shops WHERE id = ?1", [&shop_id], |row| row.get(0))
                .optional()?;
            let Some(left_on) = left_on else { return Ok(NewTestCode::NoShop) };
            if left_on.as_deref().map(date).transpose()?.is_some_and(|day| day <= CivilDate::in_shanghai(now)) {
                return Ok(NewTestCode::ShopLeft);
            }
            transaction.execute("DELETE FROM shop_tests WHERE expires_at < ?1", [now.plus_millis(-KEPT_MILLIS).0])?;
            let added = transaction.execute(
                "INSERT INTO shop_tests (code_hash, shop_id, expires_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (code_hash) DO NOTHING",
                (hash(&code), &shop_id, now.plus_millis(VALID_MILLIS).0),
            )?;
            Ok(if added == 1 { NewTestCode::Added } else { NewTestCode::Taken })
        })
        .await
    }

    /// Judges a test code that a paired phone of this shop has scanned, and uses it up. Phones load pages
    /// twice. So if the phone that used the code scans it again within ten minutes, it gets the same success.
    pub async fn scan_test_code(
        &self,
        phone: TokenHash,
        shop_id: String,
        code: RedemptionCode,
        now: UnixMillis,
    ) -> StorageResult<TestScan> {
        self.write(guard(&code), move |transaction| {
            let worked = |tested_at| TestScan::Worked(TestReceipt { test: true, shop_id: shop_id.clone(), tested_at });
            if let Some(tested_at) = worked_before(transaction, &code, phone.into(), now)? {
                return Ok(worked(tested_at));
            }
            let left_on = shop_terms(transaction, &shop_id)?.left_on;
            let accepted = if left_on.is_some_and(|day| day <= CivilDate::in_shanghai(now)) {
                Err(Refusal::ShopLeft)
            } else {
                accept(transaction, &code, &shop_id, phone.into(), now)?
            };
            let outcome = accepted.err().map_or("tested", |refusal| refusal.kind().as_str());
            let scan = AttemptRecord::scan(phone, &shop_id, &code, outcome, now);
            record_scan_once(transaction, &scan, &code.to_digits())?;
            Ok(match accepted {
                Ok(()) => worked(now),
                Err(refusal) => TestScan::Refused(refusal),
            })
        })
        .await
    }
}

/// Returns the hash under which a code is stored. The hash only hides the eight random digits from readers.
/// The protection of the code is that it expires soon and that tries are counted.
fn hash(code: &RedemptionCode) -> [u8; 32] {
    Sha256::digest(code.to_digits()).into()
}

/// The guard of writes that use up a test code.
pub(super) fn guard(code: &RedemptionCode) -> Guard {
    Guard::TestCode(hash(code))
}

/// Uses up a valid test code of this shop, and marks the shop as tested.
pub(crate) fn accept(
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

/// When this caller used the code, if that was within [`RELOAD_MILLIS`].
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
