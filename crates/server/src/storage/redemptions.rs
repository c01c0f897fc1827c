//! Redemptions: each code once, each Idempotency-Key one answer.

use std::sync::Arc;

use member_domain::{
    CivilDate, Fen, RedemptionCode, TimeStep, UnixMillis,
    wire::{ProblemKind, TestReceipt},
};
use rusqlite::Connection;

use super::{
    Database, StorageResult,
    attempts::{AttemptRecord, record},
    ledger::{announce, receipt},
    settled::{Settled, answered_again, keep},
    shop_tests,
    terms::{ShopTerms, card_terms, credential, shop_terms, was_redeemed},
};
use crate::{
    limits::{Limits, Wait},
    redeeming::{CallerId, CredentialRecord, Proof, RedeemedBy, Refusal, judge},
};

/// A try to redeem, at a till, with a paired phone or by a shop's PIN.
pub(crate) struct RedemptionAttempt {
    pub(crate) caller: CallerId,
    pub(crate) method: RedeemedBy,
    pub(crate) shop_id: String,
    pub(crate) idempotency_key: String,
    /// Tells a retry from another request under the same key.
    pub(crate) request_hash: [u8; 32],
    pub(crate) proof: Proof,
    pub(crate) bill: Fen,
    /// The id the redemption gets if it is confirmed.
    pub(crate) id: String,
    pub(crate) now: UnixMillis,
}

/// How the try ended.
pub(crate) enum RedeemOutcome {
    /// Judged, now or by the first request under this key.
    Settled(Settled),
    /// The key was used before for another request.
    KeyReused,
    /// Not judged: the caller, or whoever else tries this credential, sent too many codes that nobody has.
    TooManyGuesses(Wait),
}

impl Database {
    /// Redeems in one transaction. Writers exclude each other, so of any number of tries of one code exactly one is
    /// confirmed.
    ///
    /// `limits` are asked and told under the write lock, so that tries at the same time cannot pass them together, and
    /// only about tries that are judged: a retry is answered from what is known.
    pub(crate) async fn redeem(&self, attempt: RedemptionAttempt, limits: Arc<Limits>) -> StorageResult<RedeemOutcome> {
        self.write(move |transaction| {
            if let Some(earlier) = answered_again(transaction, &attempt)? {
                return Ok(earlier);
            }
            let credential = match &attempt.proof {
                Proof::Code { code, .. } => Some(code.credential()),
                Proof::Card { .. } => None,
            };
            if let Some(Err(wait)) = credential.map(|number| limits.may_guess(attempt.caller, number, attempt.now)) {
                return Ok(RedeemOutcome::TooManyGuesses(wait));
            }
            for refused in limits.take_refused_of(attempt.caller, attempt.now) {
                record(transaction, &refused)?;
            }
            let settled = confirm(transaction, &attempt)?;
            if let (Settled::Refused(Refusal::CodeUnknown), Some(number)) = (&settled, credential) {
                limits.guessed(attempt.caller, number, attempt.now);
            }
            keep(transaction, &attempt, &settled)?;
            let outcome = RedeemOutcome::Settled(settled);
            record(transaction, &attempt.ended(&outcome, false))?;
            Ok(outcome)
        })
        .await
    }
}

impl RedemptionAttempt {
    /// The record of this attempt with its outcome, of now or (`earlier`) of the first request under its key.
    pub(super) fn ended(&self, outcome: &RedeemOutcome, earlier: bool) -> AttemptRecord {
        let replayed = earlier && !matches!(outcome, RedeemOutcome::KeyReused);
        let (outcome, redemption_id) = match outcome {
            RedeemOutcome::Settled(Settled::Redeemed(receipt)) => ("done", Some(receipt.id.clone())),
            RedeemOutcome::Settled(Settled::Tested(_)) => ("tested", None),
            RedeemOutcome::Settled(Settled::Refused(refusal)) => (refusal.kind().as_str(), None),
            RedeemOutcome::KeyReused => (ProblemKind::Conflict.as_str(), None),
            RedeemOutcome::TooManyGuesses(_) => (ProblemKind::RateLimited.as_str(), None),
        };
        AttemptRecord { redemption_id, replayed, ..self.record(outcome) }
    }

    /// The record of this attempt, ended otherwise than by [`Database::redeem`].
    pub(crate) fn record(&self, outcome: &'static str) -> AttemptRecord {
        AttemptRecord {
            at: self.now,
            shop_id: self.shop_id.clone(),
            method: self.method,
            caller: self.caller,
            idempotency_key: Some(self.idempotency_key.clone()),
            credential_number: match &self.proof {
                Proof::Code { code, .. } => Some(code.credential().as_str().to_owned()),
                Proof::Card { .. } => None,
            },
            bill: Some(self.bill),
            outcome: outcome.into(),
            redemption_id: None,
            replayed: false,
            times: 1,
        }
    }
}

/// Judges the attempt and, if it stands, writes the redemption. A test code redeems nothing.
fn confirm(connection: &Connection, attempt: &RedemptionAttempt) -> StorageResult<Settled> {
    let today = CivilDate::in_shanghai(attempt.now);
    let shop = shop_terms(connection, &attempt.shop_id)?;
    if shop.left_on.is_some_and(|left_on| left_on <= today) {
        return Ok(Settled::Refused(Refusal::ShopLeft));
    }
    let accepted = match &attempt.proof {
        Proof::Code { code, .. } if code.is_test() => return test(connection, attempt, code),
        Proof::Code { code, presented_at } => {
            let accepted = accept_code(connection, code, *presented_at, &shop, attempt.now)?;
            accepted.map(|(card_number, step)| (card_number, Some(code.credential().as_str()), Some(step.0)))
        }
        Proof::Card { member_id } => {
            accept_card(connection, member_id, &shop, attempt.now)?.map(|card_number| (card_number, None, None))
        }
    };
    let (card_number, credential_number, step) = match accepted {
        Ok(accepted) => accepted,
        Err(refusal) => return Ok(Settled::Refused(refusal)),
    };
    let saved = shop.discount.apply(attempt.bill).saved;
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
            credential_number,
            step,
            attempt.bill.0,
            saved.0,
            attempt.now.0,
        ))?;
    announce(connection, &attempt.id, attempt.now)?;
    Ok(Settled::Redeemed(receipt(connection, &attempt.id)?))
}

/// Judges a test code.
fn test(connection: &Connection, attempt: &RedemptionAttempt, code: &RedemptionCode) -> StorageResult<Settled> {
    let (shop_id, tested_at) = (attempt.shop_id.clone(), attempt.now);
    let accepted = shop_tests::accept(connection, code, &shop_id, attempt.caller, tested_at)?;
    Ok(match accepted {
        Ok(()) => Settled::Tested(TestReceipt { test: true, shop_id, tested_at }),
        Err(refusal) => Settled::Refused(refusal),
    })
}

/// Judges the code and, if it stands, marks its step as used; answers with card and step.
fn accept_code(
    connection: &Connection,
    code: &RedemptionCode,
    presented_at: Option<UnixMillis>,
    shop: &ShopTerms,
    now: UnixMillis,
) -> StorageResult<Result<(String, TimeStep), Refusal>> {
    let number = code.credential().as_str();
    let found = credential(connection, number, shop, now)?;
    let known = found.is_some();
    let (card_number, credential) = found.unwrap_or_else(|| (String::new(), CredentialRecord::nobody()));
    let verdict = judge(code, &credential, presented_at, now, |step| was_redeemed(connection, number, step))?;
    let step = match verdict {
        Ok(step) if known => step,
        Err(refusal) if known => return Ok(Err(refusal)),
        Ok(_) | Err(_) => return Ok(Err(Refusal::CodeUnknown)),
    };
    let claimed = connection
        .prepare_cached("UPDATE credentials SET last_accepted_step = ?2 WHERE number = ?1 AND last_accepted_step < ?2")?
        .execute((number, step.0))?;
    Ok(if claimed == 1 { Ok((card_number, step)) } else { Err(Refusal::CodeUsed) })
}

/// The member's card, the one valid longest, if it gives a discount at this shop.
fn accept_card(
    connection: &Connection,
    member_id: &str,
    shop: &ShopTerms,
    now: UnixMillis,
) -> StorageResult<Result<String, Refusal>> {
    let mut statement = connection.prepare_cached(
        "SELECT cards.number, valid_from, valid_until, programmes.last_day, cities
         FROM cards JOIN programmes ON programmes.id = cards.programme_id
         WHERE member_id = ?1 ORDER BY valid_until DESC, cards.number LIMIT 1",
    )?;
    let mut rows = statement.query([member_id])?;
    let Some(row) = rows.next()? else { return Ok(Err(Refusal::NoCard)) };
    let number: String = row.get(0)?;
    let terms = card_terms(row, 1, shop, now)?;
    Ok(terms.check(CivilDate::in_shanghai(now)).map(|()| number))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use member_domain::Discount;

    use super::*;
    use crate::redeeming::tests::{code, counting_hmacs};

    const NOW: UnixMillis = UnixMillis(1_795_147_210_000);

    /// One member whose device has the credential that [`code`] makes codes of.
    const DATA: &str = "
        INSERT INTO programmes (id, name, name_en, price_fen, last_day, created_at) VALUES ('p', '卡', NULL, 16800, NULL, 1);
        INSERT INTO members VALUES ('m1', '张三', 1);
        INSERT INTO cards (number, member_id, programme_id, valid_from, valid_until, cities, paid_fen) VALUES ('000000000001', 'm1', 'p', '2026-01-01', '2027-12-31', 'shanghai', 16800);
        INSERT INTO credentials VALUES ('0000000001', '000000000001',
            X'0707070707070707070707070707070707070707070707070707070707070707', 30000, 4102444800000, NULL, -1);
    ";

    #[test]
    fn a_code_costs_the_same_work_whether_its_credential_exists_or_not() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("members.sqlite");
        Database::open(&path).unwrap();
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(DATA).unwrap();
        let shop =
            ShopTerms { city: "shanghai".to_owned(), discount: Discount::from_permille(100).unwrap(), left_on: None };
        let step = TimeStep(NOW.0 / 30_000);
        let right = code(step);
        let digits = right.to_digits();
        let wrong = if digits.ends_with('0') { '1' } else { '0' };
        let (stranger, wrong) = (format!("660000000002{}", &digits[12..]), format!("{}{wrong}", &digits[..19]));
        for (code, expected) in [
            (stranger.parse().unwrap(), Err(Refusal::CodeUnknown)),
            (wrong.parse().unwrap(), Err(Refusal::CodeUnknown)),
            (code(step.plus(-5)), Err(Refusal::CodeExpired)),
            (right.clone(), Ok(step)),
            (right, Err(Refusal::CodeUsed)),
        ] {
            let (hmacs, accepted) = counting_hmacs(|| accept_code(&connection, &code, None, &shop, NOW).unwrap());
            assert_eq!((hmacs, accepted.map(|(_, step)| step)), (22, expected));
        }
    }
}
