//! Redemptions: each code once, each Idempotency-Key one answer.

use member_domain::{
    Discount, Fen, RedemptionCode, TimeStep, TotpPeriod, UnixMillis,
    wire::{LedgerEntry, ProblemKind, Receipt},
};
use rusqlite::{Connection, OptionalExtension};

use super::{Database, StorageError, StorageResult, changes::ledger_entry, date};
use crate::{
    redeeming::{CredentialRecord, judge},
    secret::TokenHash,
    session::mask_name,
};

/// A terminal's try to redeem a code.
pub(crate) struct RedemptionAttempt {
    pub(crate) terminal: TokenHash,
    pub(crate) shop_id: String,
    pub(crate) idempotency_key: String,
    /// Tells a retry from another request under the same key.
    pub(crate) request_hash: [u8; 32],
    pub(crate) code: RedemptionCode,
    pub(crate) bill: Fen,
    /// The id the redemption gets if it is confirmed.
    pub(crate) id: String,
    pub(crate) now: UnixMillis,
}

/// How the try ended.
pub(crate) enum RedeemOutcome {
    /// Confirmed, now or by the first request under this key.
    Confirmed(Receipt),
    /// Refused, now or then.
    Refused(ProblemKind),
    /// The key was used before for another request.
    KeyReused,
}

/// A redemption of the past, for demo data.
pub(crate) struct SeedRedemption {
    pub(crate) id: String,
    pub(crate) shop_id: String,
    pub(crate) card_number: String,
    pub(crate) bill: Fen,
    pub(crate) redeemed_at: UnixMillis,
}

impl Database {
    /// Redeems a code in one transaction. Writers exclude each other, so of any number of tries of one code exactly
    /// one is confirmed.
    pub(crate) async fn redeem(&self, attempt: RedemptionAttempt) -> StorageResult<RedeemOutcome> {
        self.write(move |transaction| {
            if let Some(earlier) = earlier_outcome(transaction, &attempt)? {
                return Ok(earlier);
            }
            let outcome = confirm(transaction, &attempt)?;
            let (problem, redemption_id) = match &outcome {
                Ok(()) => (None, Some(&attempt.id)),
                Err(problem) => (Some(problem.as_str()), None),
            };
            transaction
                .prepare_cached(
                    "INSERT INTO idempotency_keys
                         (caller, key, request_hash, problem, redemption_id, created_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute((
                    attempt.terminal.0,
                    &attempt.idempotency_key,
                    attempt.request_hash,
                    problem,
                    redemption_id,
                    attempt.now.0,
                ))?;
            match outcome {
                Ok(()) => Ok(RedeemOutcome::Confirmed(receipt(transaction, &attempt.id)?)),
                Err(problem) => Ok(RedeemOutcome::Refused(problem)),
            }
        })
        .await
    }

    /// Adds a redemption of the past unless it is already there.
    pub(crate) async fn seed_redemption(&self, seed: SeedRedemption) -> StorageResult<()> {
        self.write(move |transaction| {
            let saved = shop_discount(transaction, &seed.shop_id)?.apply(seed.bill).saved;
            transaction.execute(
                "INSERT INTO redemptions (id, shop_id, card_number, bill_fen, saved_fen, redeemed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING",
                (&seed.id, &seed.shop_id, &seed.card_number, seed.bill.0, saved.0, seed.redeemed_at.0),
            )?;
            Ok(())
        })
        .await
    }

    /// The member's ledger, newest first: at most `limit` entries older than the one at `before`, each with its place.
    pub(crate) async fn ledger(
        &self,
        member_id: String,
        before: Option<i64>,
        limit: u32,
    ) -> StorageResult<Vec<(i64, LedgerEntry)>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT redemptions.seq, redemptions.id, shops.id, shops.name, bill_fen, saved_fen, redeemed_at, cancelled_at
                 FROM redemptions JOIN shops ON shops.id = shop_id
                 WHERE card_number IN (SELECT number FROM cards WHERE member_id = ?1) AND redemptions.seq < ?2
                 ORDER BY redemptions.seq DESC LIMIT ?3",
            )?;
            let mut rows = statement.query((member_id, before.unwrap_or(i64::MAX), limit))?;
            let mut entries = Vec::new();
            while let Some(row) = rows.next()? {
                entries.push((row.get(0)?, ledger_entry(row, 1)?));
            }
            Ok(entries)
        })
        .await
    }
}

fn earlier_outcome(connection: &Connection, attempt: &RedemptionAttempt) -> StorageResult<Option<RedeemOutcome>> {
    let earlier: Option<(Vec<u8>, Option<String>, Option<String>)> = connection
        .prepare_cached(
            "SELECT request_hash, problem, redemption_id FROM idempotency_keys WHERE caller = ?1 AND key = ?2",
        )?
        .query_row((attempt.terminal.0, &attempt.idempotency_key), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    Ok(match earlier {
        None => None,
        Some((request_hash, ..)) if request_hash != attempt.request_hash => Some(RedeemOutcome::KeyReused),
        Some((_, _, Some(id))) => Some(RedeemOutcome::Confirmed(receipt(connection, &id)?)),
        Some((_, problem, None)) => {
            let kind = problem.as_deref().and_then(ProblemKind::from_type);
            Some(RedeemOutcome::Refused(kind.ok_or(StorageError::Unreadable("problem"))?))
        }
    })
}

/// Judges the code and, if it stands, marks its step as used and writes the redemption.
fn confirm(connection: &Connection, attempt: &RedemptionAttempt) -> StorageResult<Result<(), ProblemKind>> {
    let number = attempt.code.credential().as_str();
    let found = credential(connection, number, attempt)?;
    let known = found.is_some();
    let (card_number, credential) = found.unwrap_or_else(|| (String::new(), CredentialRecord::nobody()));
    let verdict = judge(&attempt.code, &credential, attempt.now, |step| was_redeemed(connection, number, step))?;
    let step = match verdict {
        Ok(step) if known => step,
        Err(problem) if known => return Ok(Err(problem)),
        Ok(_) | Err(_) => return Ok(Err(ProblemKind::CodeUnknown)),
    };
    let claimed = connection
        .prepare_cached("UPDATE credentials SET last_accepted_step = ?2 WHERE number = ?1 AND last_accepted_step < ?2")?
        .execute((number, step.0))?;
    if claimed != 1 {
        return Ok(Err(ProblemKind::CodeUsed));
    }
    let saved = shop_discount(connection, &attempt.shop_id)?.apply(attempt.bill).saved;
    connection
        .prepare_cached(
            "INSERT INTO redemptions
                 (id, shop_id, card_number, credential_number, step, bill_fen, saved_fen, redeemed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((
            &attempt.id,
            &attempt.shop_id,
            &card_number,
            number,
            step.0,
            attempt.bill.0,
            saved.0,
            attempt.now.0,
        ))?;
    connection
        .prepare_cached(
            "INSERT INTO changes (kind, member_id, redemption_id, at)
             SELECT 'redemption', member_id, ?2, ?3 FROM cards WHERE number = ?1",
        )?
        .execute((&card_number, &attempt.id, attempt.now.0))?;
    Ok(Ok(()))
}

fn credential(
    connection: &Connection,
    number: &str,
    attempt: &RedemptionAttempt,
) -> StorageResult<Option<(String, CredentialRecord)>> {
    let mut statement = connection.prepare_cached(
        "SELECT cards.number, key, period_millis, expires_at, ended_at IS NOT NULL, last_accepted_step,
                valid_from, valid_until, programmes.last_day, cities,
                (SELECT city FROM shops WHERE id = ?2)
         FROM credentials
         JOIN cards ON cards.number = credentials.card_number
         JOIN programmes ON programmes.id = cards.programme_id
         WHERE credentials.number = ?1",
    )?;
    let mut rows = statement.query((number, &attempt.shop_id))?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (cities, city): (String, String) = (row.get(9)?, row.get(10)?);
    let last_day: Option<String> = row.get(8)?;
    let schedule = member_domain::ProgrammeSchedule { last_day: last_day.as_deref().map(date).transpose()? };
    let record = CredentialRecord {
        key: row.get(1)?,
        period: TotpPeriod::from_millis(row.get(2)?).ok_or(StorageError::Unreadable("period"))?,
        expires_at: UnixMillis(row.get(3)?),
        ended: row.get(4)?,
        last_accepted_step: TimeStep(row.get(5)?),
        valid_from: date(&row.get::<_, String>(6)?)?,
        valid_until: date(&row.get::<_, String>(7)?)?,
        works_here: cities.split(';').any(|name| name == city),
        programme_ended: schedule.phase_at(attempt.now) == member_domain::ProgrammePhase::Ended,
    };
    Ok(Some((row.get(0)?, record)))
}

fn was_redeemed(connection: &Connection, credential: &str, step: TimeStep) -> StorageResult<bool> {
    let found = connection
        .prepare_cached("SELECT 1 FROM redemptions WHERE credential_number = ?1 AND step = ?2")?
        .query_row((credential, step.0), |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

fn shop_discount(connection: &Connection, shop_id: &str) -> StorageResult<Discount> {
    let permille: u32 = connection
        .prepare_cached("SELECT discount_permille FROM shops WHERE id = ?1")?
        .query_row([shop_id], |row| row.get(0))?;
    Discount::from_permille(permille).map_err(|_| StorageError::Unreadable("discount"))
}

fn receipt(connection: &Connection, id: &str) -> StorageResult<Receipt> {
    let mut statement = connection.prepare_cached(
        "SELECT redemptions.id, shop_id, members.name, bill_fen, saved_fen, redeemed_at, cancelled_at
         FROM redemptions
         JOIN cards ON cards.number = redemptions.card_number
         JOIN members ON members.id = cards.member_id
         WHERE redemptions.id = ?1",
    )?;
    let receipt = statement.query_row([id], |row| {
        let name: String = row.get(2)?;
        let (bill, saved): (i64, i64) = (row.get(3)?, row.get(4)?);
        Ok(Receipt {
            id: row.get(0)?,
            shop_id: row.get(1)?,
            member_masked: mask_name(&name),
            bill_fen: Fen(bill),
            saved_fen: Fen(saved),
            payable_fen: Fen(bill - saved),
            redeemed_at: UnixMillis(row.get(5)?),
            cancelled_at: row.get::<_, Option<i64>>(6)?.map(UnixMillis),
        })
    })?;
    Ok(receipt)
}
