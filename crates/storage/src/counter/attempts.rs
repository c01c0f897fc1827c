//! The record of every attempt to redeem, whatever its outcome. An operator reads it when a shop reports that
//! redeeming does not work.

use std::borrow::Cow;

use member_domain::{CallerId, CivilDate, Fen, RedeemedBy, RedemptionCode, TEST_CREDENTIAL, TokenHash, UnixMillis};
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use crate::{
    Database, StorageError, StorageResult,
    engine::Guard,
    shops::trust::{self, FAILURES},
};

/// Within this time, the same refusal of the same scan by the same phone is a reload of the page. In
/// milliseconds: ten minutes.
const RELOAD_MILLIS: i64 = 10 * 60_000;

/// The record of one attempt, or of several that it stands for.
#[derive(Clone, Debug)]
pub struct AttemptRecord {
    /// When the attempt was made.
    pub at: UnixMillis,
    /// The shop at which the attempt was made.
    pub shop_id: String,
    /// The means of redemption: a till, a paired phone or a PIN.
    pub method: RedeemedBy,
    /// The caller: a terminal, or a member at a shop with a PIN.
    pub caller: CallerId,
    /// The idempotency key of the request; `None` if it has none.
    pub idempotency_key: Option<String>,
    /// The number of the code's credential; `None` if there is no code or it cannot be read.
    pub credential_number: Option<String>,
    /// The bill before the discount, in fen; `None` if none is known.
    pub bill: Option<Fen>,
    /// `done`, `tested` (a valid test code), `cancelled`, or the name of a problem.
    pub outcome: Cow<'static, str>,
    /// The redemption that the attempt confirmed, repeated or cancelled; `None` if there is none.
    pub redemption_id: Option<String>,
    /// Whether the request was a repetition: its idempotency key has a stored answer, or the redemption was
    /// already cancelled.
    pub replayed: bool,
    /// The number of attempts for which this record stands, at least 1.
    pub times: u32,
}

impl AttemptRecord {
    /// Returns the record of one attempt with this outcome. All its optional fields are `None`.
    pub fn new(
        at: UnixMillis,
        shop_id: String,
        method: RedeemedBy,
        caller: CallerId,
        outcome: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            at,
            shop_id,
            method,
            caller,
            idempotency_key: None,
            credential_number: None,
            bill: None,
            outcome: outcome.into(),
            redemption_id: None,
            replayed: false,
            times: 1,
        }
    }

    /// Returns the record of a paired phone's scan: an attempt without a bill.
    pub(super) fn scan(
        phone: TokenHash,
        shop_id: &str,
        code: &RedemptionCode,
        outcome: &'static str,
        now: UnixMillis,
    ) -> Self {
        let credential_number = Some(code.credential().as_str().to_owned());
        Self { credential_number, ..Self::new(now, shop_id.to_owned(), RedeemedBy::Phone, phone.into(), outcome) }
    }

    /// Returns the effect of the attempt on its shop's record. A repetition is not a second attempt. A test
    /// code that fails is not a member's code.
    fn counts(&self) -> Counts {
        match &*self.outcome {
            _ if self.replayed => Counts::Nothing,
            "done" => Counts::Success,
            "cancelled" => Counts::Cancellation,
            _ if self.credential_number.as_deref() == Some(TEST_CREDENTIAL) => Counts::Nothing,
            // The PIN is entered on the member's phone, and anybody can send such a request in any shop's
            // name.
            _ if self.method == RedeemedBy::Pin => Counts::Nothing,
            failed if FAILURES.contains(&failed) => Counts::Failure,
            _ => Counts::Nothing,
        }
    }
}

/// The effect of an attempt on its shop's record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Counts {
    Success,
    Cancellation,
    Failure,
    Nothing,
}

impl Database {
    /// Stores the records of attempts that had no other effect.
    pub async fn record_attempts(&self, attempts: Vec<AttemptRecord>) -> StorageResult<()> {
        let guard = Guard::Shops(attempts.iter().map(|attempt| attempt.shop_id.clone()).collect());
        self.write(guard, move |transaction| attempts.iter().try_for_each(|attempt| record(transaction, attempt))).await
    }

    /// Stores the record of a paired phone's scan of `digits` that are not a code. A reload of the page is
    /// not recorded again.
    pub async fn record_unreadable_scan(&self, attempt: AttemptRecord, digits: String) -> StorageResult<()> {
        self.write(Guard::Terminal(TokenHash(attempt.caller.0)), move |transaction| {
            record_scan_once(transaction, &attempt, &digits)
        })
        .await
    }

    /// The attempts since this instant, oldest first. With a `shop_id`, only the attempts at that shop.
    pub async fn attempts(&self, shop_id: Option<String>, since: UnixMillis) -> StorageResult<Vec<AttemptRecord>> {
        self.read(move |connection| {
            let mut statement = connection.prepare(
                "SELECT at, shop_id, method, caller, idempotency_key, credential_number, bill_fen, outcome,
                        redemption_id, replayed, times
                 FROM attempts WHERE (CAST(?1 AS TEXT) IS NULL OR shop_id = ?1) AND at >= ?2 ORDER BY at, seq",
            )?;
            let mut rows = statement.query((shop_id, since.0))?;
            let mut attempts = Vec::new();
            while let Some(row) = rows.next()? {
                attempts.push(attempt(row)?);
            }
            Ok(attempts)
        })
        .await
    }
}

/// Stores the record of an attempt and counts it in its shop's record. Runs in the transaction of the
/// attempt's outcome.
pub(crate) fn record(connection: &Connection, attempt: &AttemptRecord) -> StorageResult<()> {
    insert(connection, attempt, None)?;
    count(connection, attempt)
}

/// Inserts a record. `scanned` is a hash of the digits that a paired phone has scanned; `None` for other
/// attempts.
fn insert(connection: &Connection, attempt: &AttemptRecord, scanned: Option<[u8; 32]>) -> StorageResult<()> {
    connection
        .prepare_cached(
            "INSERT INTO attempts (at, shop_id, method, caller, idempotency_key, credential_number, bill_fen, outcome,
                                   redemption_id, replayed, times, scanned)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute((
            attempt.at.0,
            &attempt.shop_id,
            attempt.method.as_str(),
            attempt.caller.0,
            &attempt.idempotency_key,
            &attempt.credential_number,
            attempt.bill.map(|bill| bill.0),
            &*attempt.outcome,
            &attempt.redemption_id,
            attempt.replayed,
            attempt.times,
            scanned,
        ))?;
    Ok(())
}

/// Stores the record of a paired phone's scan of these digits that redeemed nothing. If the same scan had the
/// same outcome within [`RELOAD_MILLIS`], the page was only reloaded and nothing is stored.
pub(crate) fn record_scan_once(connection: &Connection, attempt: &AttemptRecord, digits: &str) -> StorageResult<()> {
    let scanned: [u8; 32] = Sha256::digest(digits).into();
    let reloaded = connection
        .prepare_cached(
            "SELECT 1 FROM attempts WHERE caller = ?1 AND scanned = ?2 AND at >= ?3 AND outcome = ?4 LIMIT 1",
        )?
        .query_row((attempt.caller.0, scanned, attempt.at.plus_millis(-RELOAD_MILLIS).0, &*attempt.outcome), |_| Ok(()))
        .optional()?;
    if reloaded.is_some() {
        return Ok(());
    }
    insert(connection, attempt, Some(scanned))?;
    count(connection, attempt)
}

/// Counts an attempt in its shop's record. Runs in the attempt's transaction.
fn count(connection: &Connection, attempt: &AttemptRecord) -> StorageResult<()> {
    let (shop_id, today) = (&attempt.shop_id, CivilDate::in_shanghai(attempt.at));
    match attempt.counts() {
        Counts::Nothing => return Ok(()),
        Counts::Success => trust::add(connection, shop_id, today, 1, 0)?,
        Counts::Failure => trust::add(connection, shop_id, today, 0, attempt.times)?,
        Counts::Cancellation => uncount(connection, attempt)?,
    }
    trust::judge(connection, shop_id, today)
}

/// Removes a cancelled redemption from the day on which it was counted.
fn uncount(connection: &Connection, cancelled: &AttemptRecord) -> StorageResult<()> {
    let redeemed_at: i64 = connection
        .prepare_cached("SELECT redeemed_at FROM redemptions WHERE id = ?1")?
        .query_row([&cancelled.redemption_id], |row| row.get(0))?;
    trust::take_off(connection, &cancelled.shop_id, CivilDate::in_shanghai(UnixMillis(redeemed_at)))
}

fn attempt(row: &Row<'_>) -> StorageResult<AttemptRecord> {
    let method: String = row.get(2)?;
    Ok(AttemptRecord {
        at: UnixMillis(row.get(0)?),
        shop_id: row.get(1)?,
        method: RedeemedBy::from_name(&method).ok_or(StorageError::Unreadable("method"))?,
        caller: CallerId(row.get(3)?),
        idempotency_key: row.get(4)?,
        credential_number: row.get(5)?,
        bill: row.get::<_, Option<i64>>(6)?.map(Fen),
        outcome: Cow::Owned(row.get(7)?),
        redemption_id: row.get(8)?,
        replayed: row.get(9)?,
        times: row.get(10)?,
    })
}
