//! How codes are judged: the one-time password by RFC 6238 with HMAC-SHA-256, everything else by the rules of the domain.

use hmac::{Hmac, KeyInit, Mac};
use member_domain::{
    CallerId, CodeVerdict, CredentialTerms, RedemptionCode, TimeStep, TotpVerdict, UnixMillis, verify,
};
use member_storage::CodeRules;
use sha2::{Digest, Sha256};

/// The rules that storage is given.
#[derive(Clone, Copy)]
pub(crate) struct TotpRules;

impl CodeRules for TotpRules {
    fn judge(
        &self,
        code: &RedemptionCode,
        credential: Option<&CredentialTerms>,
        presented_at: Option<UnixMillis>,
        now: UnixMillis,
    ) -> CodeVerdict {
        let placeholder = CredentialTerms::placeholder();
        let credential = credential.unwrap_or(&placeholder);
        credential.judge(password(code, credential, CredentialTerms::verification_time(presented_at, now)), now)
    }

    fn step_of(
        &self,
        code: &RedemptionCode,
        credential: Option<&CredentialTerms>,
        now: UnixMillis,
    ) -> Option<TimeStep> {
        let placeholder = CredentialTerms::placeholder();
        match password(code, credential.unwrap_or(&placeholder), now) {
            TotpVerdict::Current(step) | TotpVerdict::Expired(step) => Some(step),
            TotpVerdict::Unknown => None,
        }
    }
}

/// The verdict on the one-time password of a code at an instant.
fn password(code: &RedemptionCode, credential: &CredentialTerms, at: UnixMillis) -> TotpVerdict {
    verify(TimeStep::at(at, credential.period), code.totp(), |message| {
        #[cfg(test)]
        tests::HMACS.set(tests::HMACS.get() + 1);
        let mut mac = Hmac::<Sha256>::new_from_slice(&credential.key).expect("HMAC takes keys of any length");
        mac.update(message);
        mac.finalize().into_bytes()
    })
}

/// The member as the caller who has a shop's PIN entered. The prefix keeps it apart from any token's hash.
pub(crate) fn caller_of_member(member_id: &str) -> CallerId {
    CallerId(Sha256::new().chain_update(b"member at a shop with a PIN\0").chain_update(member_id).finalize().into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::cell::Cell;

    use member_domain::{CardTerms, CredentialNumber, PRESENTATION_MILLIS, Refusal, TotpPeriod, truncate};

    use super::*;
    use crate::secret::hash_token;

    thread_local! {
        /// How many HMACs this thread has computed.
        pub(super) static HMACS: Cell<u32> = const { Cell::new(0) };
    }

    /// 12:00:10 in Shanghai on 2026-11-20: ten seconds into a step.
    const SCANNED: UnixMillis = UnixMillis(1_795_147_210_000);
    const STEP: i64 = 30_000;

    fn credential() -> CredentialTerms {
        CredentialTerms {
            key: vec![7; 32],
            period: TotpPeriod::DEFAULT,
            expires_at: UnixMillis(i64::MAX),
            ended: false,
            last_accepted_step: TimeStep(-1),
            card: CardTerms {
                valid_from: "2026-11-20".parse().unwrap(),
                valid_until: "2026-11-20".parse().unwrap(),
                programme_ended: false,
                works_here: true,
            },
        }
    }

    fn step(at: UnixMillis) -> TimeStep {
        TimeStep::at(at, TotpPeriod::DEFAULT)
    }

    /// The code of [`credential`] at a step.
    fn code(step: TimeStep) -> RedemptionCode {
        let mut mac = Hmac::<Sha256>::new_from_slice(&[7; 32]).unwrap();
        mac.update(&step.message());
        RedemptionCode::new(CredentialNumber::from_value(1).unwrap(), truncate(&mac.finalize().into_bytes(), 8))
    }

    fn judge(code: &RedemptionCode, presented_at: Option<UnixMillis>, now: UnixMillis) -> CodeVerdict {
        TotpRules.judge(code, Some(&credential()), presented_at, now)
    }

    #[test]
    fn a_code_costs_the_same_work_whether_its_credential_exists_or_not() {
        let right = code(step(SCANNED));
        let digits = right.to_digits();
        let wrong = format!("{}{}", &digits[..19], if digits.ends_with('0') { '1' } else { '0' });
        let known = credential();
        for (code, credential, expected) in [
            (&right, None, CodeVerdict::Refused(Refusal::CodeUnknown)),
            (&wrong.parse().unwrap(), Some(&known), CodeVerdict::Refused(Refusal::CodeUnknown)),
            (&code(step(SCANNED).plus(-5)), Some(&known), CodeVerdict::Expired(step(SCANNED).plus(-5))),
            (&right, Some(&known), CodeVerdict::Accepted(step(SCANNED))),
        ] {
            let before = HMACS.get();
            assert_eq!(TotpRules.judge(code, credential, None, SCANNED), expected);
            assert_eq!(HMACS.get() - before, 22, "{expected:?}");
            let before = HMACS.get();
            TotpRules.step_of(code, credential, SCANNED);
            assert_eq!(HMACS.get() - before, 22, "{expected:?}");
        }
    }

    #[test]
    fn a_scanned_code_counts_for_five_minutes() {
        let scanned = |millis| judge(&code(step(SCANNED)), Some(SCANNED), SCANNED.plus_millis(millis));
        for millis in [-1, 0, STEP, 2 * STEP, PRESENTATION_MILLIS] {
            assert_eq!(scanned(millis), CodeVerdict::Accepted(step(SCANNED)), "{millis}");
        }
        // After that, and if the scan would lie ahead, the code is judged as of now.
        assert_eq!(scanned(PRESENTATION_MILLIS + 1), CodeVerdict::Expired(step(SCANNED)));
        assert_eq!(scanned(-2 * STEP), CodeVerdict::Refused(Refusal::CodeUnknown));
    }

    #[test]
    fn a_code_that_was_not_valid_when_scanned_does_not_become_so() {
        let now = SCANNED.plus_millis(STEP);
        let old = step(SCANNED).plus(-2);
        assert_eq!(judge(&code(old), Some(SCANNED), now), CodeVerdict::Expired(old));
        let ahead = code(step(SCANNED).plus(2));
        assert_eq!(judge(&ahead, None, now), CodeVerdict::Accepted(step(SCANNED).plus(2)), "it is valid now");
        assert_eq!(judge(&ahead, Some(SCANNED), now), CodeVerdict::Refused(Refusal::CodeUnknown));
    }

    #[test]
    fn a_member_is_another_caller_than_the_terminal_with_that_token() {
        let member = caller_of_member("token");
        assert_ne!(member, CallerId::from(hash_token("token")));
        assert_ne!(member, caller_of_member("Token"));
        assert_eq!(member, caller_of_member("token"));
    }
}
