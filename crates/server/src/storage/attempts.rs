//! Every attempt to redeem, however it ended: what an operator looks at when a shop says that it does not work.

use std::borrow::Cow;

use member_domain::{Fen, UnixMillis};
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use super::{Database, StorageError, StorageResult, trust};
use crate::redeeming::{CallerId, RedeemedBy};

/// For how long the same phone, the same scan and the same refusal are one page that is loaded again, in milliseconds:
/// ten minutes.
const RELOAD_MILLIS: i64 = 10 * 60_000;

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
    /// `done`, `tested` (a good test code), `cancelled`, or the name of a problem.
    pub(crate) outcome: Cow<'static, str>,
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

    /// Records a paired phone's scan that could not be read; not again when the page is only loaded again.
    pub(crate) async fn record_unreadable_scan(&self, attempt: AttemptRecord, digits: String) -> StorageResult<()> {
        self.write(move |transaction| record_scan_once(transaction, &attempt, &digits)).await
    }

    /// The attempts since an instant, oldest first; of one shop if given.
    pub(crate) async fn attempts(
        &self,
        shop_id: Option<String>,
        since: UnixMillis,
    ) -> StorageResult<Vec<AttemptRecord>> {
        self.read(move |connection| {
            let mut statement = connection.prepare(
                "SELECT at, shop_id, method, caller, idempotency_key, credential_number, bill_fen, outcome,
                        redemption_id, replayed, times
                 FROM attempts WHERE (?1 IS NULL OR shop_id = ?1) AND at >= ?2 ORDER BY at, seq",
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

/// Records one attempt in the transaction of its outcome, and counts it in its shop's record.
pub(super) fn record(connection: &Connection, attempt: &AttemptRecord) -> StorageResult<()> {
    insert(connection, attempt, None)?;
    trust::count(connection, attempt)
}

/// Inserts an attempt; `scanned` is a hash of what a paired phone has scanned.
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

/// Records a paired phone's scan of these digits that redeemed nothing, unless the same scan ended in the same way a moment
/// ago: then the page was only loaded again.
pub(super) fn record_scan_once(connection: &Connection, attempt: &AttemptRecord, digits: &str) -> StorageResult<()> {
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
    trust::count(connection, attempt)
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
