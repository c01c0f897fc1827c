//! Presentations: valid codes that a paired phone has scanned. The bill may be entered in the minutes after
//! the scan.

use member_domain::{RedemptionCode, Refusal, TimeStep, TokenHash, UnixMillis, mask_name, wire::Receipt};
use rusqlite::{Connection, OptionalExtension};

use super::{
    attempts::{AttemptRecord, record_scan_once},
    receipts::receipt,
    redemptions::verdict,
    rules::CodeRules,
    terms::{credential, shop_terms},
};
use crate::{Database, StorageResult, engine::Guard};

/// How long a presentation is stored, in milliseconds: one hour.
const KEPT_MILLIS: i64 = 3_600_000;
/// If a shop scans a redeemed code again within this time, it sees its redemption. In milliseconds: ten
/// minutes.
const RECENT_MILLIS: i64 = 10 * 60_000;
/// Deletes old presentations. It runs at every valid scan, under the write lock, so it must not read newer
/// rows.
const FORGET: &str = "DELETE FROM presentations WHERE seen_at < ?1";

/// The result of a scan.
#[derive(Debug)]
pub enum Presented {
    /// The code can be redeemed.
    Valid {
        /// The member's masked name.
        member_masked: String,
        /// When this phone first scanned the code.
        seen_at: UnixMillis,
    },
    /// This phone scanned the code, but the bill was not entered in time.
    TooLongAgo,
    /// The code is refused.
    Refused {
        /// The reason.
        refusal: Refusal,
        /// The redemption that this shop confirmed with the code in the last ten minutes. `None` if there is
        /// none, or it was cancelled.
        receipt_id: Option<String>,
    },
}

impl Database {
    /// Judges a code that a paired phone of this shop has scanned. If the code is valid, stores the
    /// presentation. The code is not used up.
    pub async fn present(
        &self,
        phone: TokenHash,
        shop_id: String,
        code: RedemptionCode,
        rules: impl CodeRules,
        now: UnixMillis,
    ) -> StorageResult<Presented> {
        self.write(Guard::Terminal(phone), move |transaction| {
            let number = code.credential().as_str();
            let shop = shop_terms(transaction, &shop_id)?;
            let found = credential(transaction, number, &shop, now)?;
            let terms = found.as_ref().map(|(_, terms)| terms);
            let step = rules.step_of(&code, terms, now);
            let seen_before = seen_at(transaction, phone, number, step)?;
            let refusal = match (verdict(transaction, &rules, &code, terms, seen_before, now)?, &found) {
                (Ok(step), Some((card_number, _))) => {
                    let seen_at = seen_before.unwrap_or(now);
                    keep(transaction, phone, number, step, seen_at, now)?;
                    return Ok(Presented::Valid { member_masked: member(transaction, card_number)?, seen_at });
                }
                (Ok(_), None) => Refusal::CodeUnknown,
                (Err(refusal), _) => refusal,
            };
            let scan = AttemptRecord::scan(phone, &shop_id, &code, refusal.kind().as_str(), now);
            if refusal == Refusal::CodeExpired && seen_before.is_some() {
                record_scan_once(transaction, &scan, &code.to_digits())?;
                return Ok(Presented::TooLongAgo);
            }
            let receipt_id = match refusal {
                Refusal::CodeUsed => recent_receipt(transaction, &shop_id, number, step, now)?,
                _ => None,
            };
            if receipt_id.is_none() {
                record_scan_once(transaction, &scan, &code.to_digits())?;
            }
            Ok(Presented::Refused { refusal, receipt_id })
        })
        .await
    }

    /// When this phone first scanned the code; `None` if it did not.
    pub async fn presented_at(
        &self,
        phone: TokenHash,
        shop_id: String,
        code: RedemptionCode,
        rules: impl CodeRules,
        now: UnixMillis,
    ) -> StorageResult<Option<UnixMillis>> {
        self.read(move |connection| {
            let step = known_step(connection, &rules, &shop_id, &code, now)?;
            seen_at(connection, phone, code.credential().as_str(), step)
        })
        .await
    }

    /// The id of the redemption that this shop confirmed with the code in the last ten minutes. `None` if
    /// there is none, or it was cancelled.
    pub async fn recent_receipt(
        &self,
        shop_id: String,
        code: RedemptionCode,
        rules: impl CodeRules,
        now: UnixMillis,
    ) -> StorageResult<Option<String>> {
        self.read(move |connection| {
            let step = known_step(connection, &rules, &shop_id, &code, now)?;
            recent_receipt(connection, &shop_id, code.credential().as_str(), step, now)
        })
        .await
    }

    /// The receipt of this redemption. `None` if this shop has no such redemption.
    pub async fn receipt_of_shop(&self, shop_id: String, id: String) -> StorageResult<Option<Receipt>> {
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

/// The time step of a recent code; `None` if its credential does not exist.
fn known_step(
    connection: &Connection,
    rules: &dyn CodeRules,
    shop_id: &str,
    code: &RedemptionCode,
    now: UnixMillis,
) -> StorageResult<Option<TimeStep>> {
    let shop = shop_terms(connection, shop_id)?;
    let found = credential(connection, code.credential().as_str(), &shop, now)?;
    Ok(found.and_then(|(_, terms)| rules.step_of(code, Some(&terms), now)))
}

/// When this phone first scanned a code of this step.
fn seen_at(
    connection: &Connection,
    phone: TokenHash,
    credential_number: &str,
    step: Option<TimeStep>,
) -> StorageResult<Option<UnixMillis>> {
    let Some(step) = step else { return Ok(None) };
    let seen_at = connection
        .prepare_cached(
            "SELECT seen_at FROM presentations WHERE terminal_hash = ?1 AND credential_number = ?2 AND step = ?3",
        )?
        .query_row((phone.0, credential_number, step.0), |row| row.get(0))
        .optional()?;
    Ok(seen_at.map(UnixMillis))
}

/// Stores the first presentation of a code, and deletes old presentations.
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
             ON CONFLICT (terminal_hash, credential_number, step) DO NOTHING",
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

/// The id of the redemption that this shop confirmed with a code of this step in the last ten minutes, unless
/// it was cancelled.
fn recent_receipt(
    connection: &Connection,
    shop_id: &str,
    credential_number: &str,
    step: Option<TimeStep>,
    now: UnixMillis,
) -> StorageResult<Option<String>> {
    let Some(step) = step else { return Ok(None) };
    let id = connection
        .prepare_cached(
            "SELECT id FROM redemptions
             WHERE credential_number = ?1 AND step = ?2 AND shop_id = ?3 AND redeemed_at >= ?4
               AND cancelled_at IS NULL",
        )?
        .query_row((credential_number, step.0, shop_id, now.plus_millis(-RECENT_MILLIS).0), |row| row.get(0))
        .optional()?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn old_presentations_are_found_by_their_age() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("members.sqlite");
        Database::open(&path, crate::ShopRules::NONE).unwrap();
        let plan: String = Connection::open(&path)
            .unwrap()
            .query_row(&format!("EXPLAIN QUERY PLAN {FORGET}"), [0], |row| row.get(3))
            .unwrap();
        assert!(plan.starts_with("SEARCH") && plan.ends_with("presentations_by_age (seen_at<?)"), "{plan}");
    }
}
