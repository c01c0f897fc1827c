//! Redemptions. A code can be redeemed once. An idempotency key has one answer.

use member_domain::{
    CivilDate, CodeVerdict, CredentialTerms, Proof, RedemptionCode, Refusal, TimeStep, UnixMillis, wire::TestReceipt,
};
use rusqlite::Connection;

use super::{
    attempts::{AttemptRecord, record},
    outcome::{RedeemOutcome, RedemptionAttempt, Settled},
    receipts::{announce, receipt},
    rules::CodeRules,
    settled::{answered_again, keep},
    terms::{ShopTerms, card_terms, credential, shop_terms, was_redeemed},
    test_codes,
};
use crate::{Database, StorageResult};

impl Database {
    /// Redeems in one transaction. Requests with one code exclude each other, so only one of them is confirmed.
    /// `turned_away` are earlier attempts of this caller that are not recorded yet.
    ///
    /// A request whose idempotency key is known gets the stored answer. Any other request is judged by
    /// `rules`, if `may_be_judged` is `true`.
    pub async fn redeem(
        &self,
        attempt: RedemptionAttempt,
        rules: impl CodeRules,
        may_be_judged: bool,
        turned_away: Vec<AttemptRecord>,
    ) -> StorageResult<RedeemOutcome> {
        self.write(attempt.guard(), move |transaction| {
            for earlier in &turned_away {
                record(transaction, earlier)?;
            }
            if let Some(earlier) = answered_again(transaction, &attempt)? {
                return Ok(earlier);
            }
            if !may_be_judged {
                return Ok(RedeemOutcome::NotJudged);
            }
            let settled = confirm(transaction, &attempt, &rules)?;
            keep(transaction, &attempt, &settled)?;
            let outcome = RedeemOutcome::Settled(settled);
            record(transaction, &attempt.ended(&outcome))?;
            Ok(outcome)
        })
        .await
    }
}

/// Judges the attempt and stores the redemption if it is accepted. A test code redeems nothing.
fn confirm(connection: &Connection, attempt: &RedemptionAttempt, rules: &dyn CodeRules) -> StorageResult<Settled> {
    let today = CivilDate::in_shanghai(attempt.now);
    let shop = shop_terms(connection, &attempt.shop_id)?;
    if shop.left_on.is_some_and(|left_on| left_on <= today) {
        return Ok(Settled::Refused(Refusal::ShopLeft));
    }
    let accepted = match &attempt.proof {
        Proof::Code { code, .. } if code.is_test() => return test(connection, attempt, code),
        Proof::Code { code, presented_at } => {
            let accepted = accept_code(connection, rules, code, *presented_at, &shop, attempt.now)?;
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
    let accepted = test_codes::accept(connection, code, &shop_id, attempt.caller, tested_at)?;
    Ok(match accepted {
        Ok(()) => Settled::Tested(TestReceipt { test: true, shop_id, tested_at }),
        Err(refusal) => Settled::Refused(refusal),
    })
}

/// Judges the code. If it is accepted, marks its step as used and returns the card's number and the step.
fn accept_code(
    connection: &Connection,
    rules: &dyn CodeRules,
    code: &RedemptionCode,
    presented_at: Option<UnixMillis>,
    shop: &ShopTerms,
    now: UnixMillis,
) -> StorageResult<Result<(String, TimeStep), Refusal>> {
    let number = code.credential().as_str();
    let found = credential(connection, number, shop, now)?;
    let terms = found.as_ref().map(|(_, terms)| terms);
    let step = match verdict(connection, rules, code, terms, presented_at, now)? {
        Ok(step) => step,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let claimed = connection
        .prepare_cached("UPDATE credentials SET last_accepted_step = ?2 WHERE number = ?1 AND last_accepted_step < ?2")?
        .execute((number, step.0))?;
    let card_number = found.map(|(card_number, _)| card_number);
    Ok(card_number.filter(|_| claimed == 1).map(|card_number| (card_number, step)).ok_or(Refusal::CodeUsed))
}

/// Judges the code of a credential. Returns the step as which it is redeemed, or the reason for the refusal.
pub(super) fn verdict(
    connection: &Connection,
    rules: &dyn CodeRules,
    code: &RedemptionCode,
    credential: Option<&CredentialTerms>,
    presented_at: Option<UnixMillis>,
    now: UnixMillis,
) -> StorageResult<Result<TimeStep, Refusal>> {
    let verdict = rules.judge(code, credential, presented_at, now);
    if credential.is_none() {
        return Ok(Err(Refusal::CodeUnknown));
    }
    Ok(match verdict {
        CodeVerdict::Accepted(step) => Ok(step),
        CodeVerdict::Refused(refusal) => Err(refusal),
        CodeVerdict::Expired(step) if was_redeemed(connection, code.credential().as_str(), step)? => {
            Err(Refusal::CodeUsed)
        }
        CodeVerdict::Expired(_) => Err(Refusal::CodeExpired),
    })
}

/// The number of the member's card that is valid longest, if this card gives a discount at this shop.
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

    use std::sync::atomic::{AtomicU32, Ordering};

    use member_domain::Discount;

    use super::*;
    use crate::ShopRules;

    const NOW: UnixMillis = UnixMillis(1_795_147_210_000);

    /// One member whose device has credential number 1.
    const DATA: &str = "
        INSERT INTO programmes (id, name, name_en, price_fen, last_day, created_at)
        VALUES ('p', '卡', NULL, 16800, NULL, 1);
        INSERT INTO members VALUES ('m1', '张三', 1);
        INSERT INTO cards (number, member_id, programme_id, valid_from, valid_until, cities, paid_fen)
        VALUES ('000000000001', 'm1', 'p', '2026-01-01', '2027-12-31', 'shanghai', 16800);
        INSERT INTO credentials VALUES ('0000000001', '000000000001', zeroblob(32), 30000, 4102444800000, NULL, -1);
    ";

    /// Gives one verdict on every code, and counts how often it is asked.
    struct Says(CodeVerdict, AtomicU32);

    impl CodeRules for Says {
        fn judge(
            &self,
            _: &RedemptionCode,
            _: Option<&CredentialTerms>,
            _: Option<UnixMillis>,
            _: UnixMillis,
        ) -> CodeVerdict {
            self.1.fetch_add(1, Ordering::SeqCst);
            self.0
        }

        fn step_of(&self, _: &RedemptionCode, _: Option<&CredentialTerms>, _: UnixMillis) -> Option<TimeStep> {
            None
        }
    }

    /// How long a code takes must not tell whether its credential exists: the work is in the rules.
    #[test]
    fn each_code_is_judged_once_whether_its_credential_exists_or_not() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("members.sqlite");
        Database::open(&path, ShopRules::NONE).unwrap();
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(DATA).unwrap();
        let shop =
            ShopTerms { city: "shanghai".to_owned(), discount: Discount::from_permille(100).unwrap(), left_on: None };
        let code = |credential: &str| format!("66{credential}12345678").parse::<RedemptionCode>().unwrap();
        let (known, stranger) = (code("0000000001"), code("0000000002"));
        let step = TimeStep(7);
        for (code, verdict, expected) in [
            (&stranger, CodeVerdict::Accepted(step), Err(Refusal::CodeUnknown)),
            (&known, CodeVerdict::Refused(Refusal::CodeUnknown), Err(Refusal::CodeUnknown)),
            (&known, CodeVerdict::Expired(step), Err(Refusal::CodeExpired)),
            (&known, CodeVerdict::Accepted(step), Ok(step)),
            // The step is claimed, whatever the rules say.
            (&known, CodeVerdict::Accepted(step), Err(Refusal::CodeUsed)),
        ] {
            let rules = Says(verdict, AtomicU32::new(0));
            let accepted = accept_code(&connection, &rules, code, None, &shop, NOW).unwrap();
            assert_eq!(accepted.map(|(_, step)| step), expected);
            assert_eq!(rules.1.load(Ordering::SeqCst), 1);
        }
    }
}
