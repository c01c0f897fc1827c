//! The rules of one redemption, apart from where the data is kept.

use hmac::{Hmac, KeyInit, Mac};
use member_domain::{
    CivilDate, RedemptionCode, TimeStep, TotpPeriod, TotpVerdict, UnixMillis, verify, wire::ProblemKind,
};
use sha2::{Digest, Sha256};

use crate::{secret::TokenHash, storage::StorageResult};

/// How long after a paired phone has scanned a code its bill may be entered, in milliseconds: five minutes.
pub(crate) const PRESENTATION_MILLIS: i64 = 5 * 60_000;

/// How long a shop may take a redemption back, in milliseconds: ten minutes.
pub(crate) const CANCELLATION_MILLIS: i64 = 10 * 60_000;

/// Who asks for a redemption, and in whose scope an Idempotency-Key counts: a terminal by its token's hash, or a member
/// at a shop with a PIN by a hash of the member's id.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct CallerId(pub(crate) [u8; 32]);

impl CallerId {
    /// The member, as the one who has the shop's PIN entered. The prefix keeps it apart from any token's hash.
    pub(crate) fn of_member(member_id: &str) -> Self {
        Self(Sha256::new().chain_update(b"member at a shop with a PIN\0").chain_update(member_id).finalize().into())
    }
}

impl From<TokenHash> for CallerId {
    fn from(token: TokenHash) -> Self {
        Self(token.0)
    }
}

/// By what a redemption is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RedeemedBy {
    /// A shop's till.
    Till,
    /// A staff phone that was paired with the shop.
    Phone,
    /// The shop's PIN, entered on the member's phone.
    Pin,
}

impl RedeemedBy {
    /// The name in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Till => "till",
            Self::Phone => "phone",
            Self::Pin => "pin",
        }
    }

    /// The one with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Till, Self::Phone, Self::Pin].into_iter().find(|method| method.as_str() == name)
    }
}

/// What shows that the member is there.
#[derive(Clone, Debug)]
pub(crate) enum Proof {
    /// The code on the member's device.
    Code {
        code: RedemptionCode,
        /// When a paired phone scanned it, if that was before the bill was entered: its one-time password is judged at
        /// that instant if it is at most [`PRESENTATION_MILLIS`] ago, everything else now.
        presented_at: Option<UnixMillis>,
    },
    /// The member's own session, where the shop's PIN was entered.
    Card { member_id: String },
}

/// Why a redemption is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refusal {
    CodeUnknown,
    CodeExpired,
    CodeUsed,
    ProgrammeEnded,
    /// Not on these dates, or not in this city.
    CardNotValidHere,
    NoCard,
    ShopLeft,
}

impl Refusal {
    const ALL: [Self; 7] = [
        Self::CodeUnknown,
        Self::CodeExpired,
        Self::CodeUsed,
        Self::ProgrammeEnded,
        Self::CardNotValidHere,
        Self::NoCard,
        Self::ShopLeft,
    ];

    /// The problem it is answered with.
    pub(crate) const fn kind(self) -> ProblemKind {
        match self {
            Self::CodeUnknown => ProblemKind::CodeUnknown,
            Self::CodeExpired => ProblemKind::CodeExpired,
            Self::CodeUsed => ProblemKind::CodeUsed,
            Self::ProgrammeEnded => ProblemKind::ProgrammeEnded,
            Self::CardNotValidHere | Self::NoCard | Self::ShopLeft => ProblemKind::Forbidden,
        }
    }

    /// The name under which it is kept with an Idempotency-Key: the problem's, unless that leaves it open.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NoCard => "no-card",
            Self::ShopLeft => "shop-left",
            _ => self.kind().as_str(),
        }
    }

    /// The one with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.as_str() == name)
    }
}

/// What the rules need to know of a card.
pub(crate) struct CardTerms {
    pub(crate) valid_from: CivilDate,
    pub(crate) valid_until: CivilDate,
    pub(crate) programme_ended: bool,
    /// Whether the card works in the city of the shop that asks.
    pub(crate) works_here: bool,
}

impl CardTerms {
    /// Whether the card gives a discount at that shop on `today`.
    pub(crate) fn check(&self, today: CivilDate) -> Result<(), Refusal> {
        if self.programme_ended {
            Err(Refusal::ProgrammeEnded)
        } else if today < self.valid_from || today > self.valid_until || !self.works_here {
            Err(Refusal::CardNotValidHere)
        } else {
            Ok(())
        }
    }
}

/// What the rules need to know of a credential and the card behind it.
pub(crate) struct CredentialRecord {
    pub(crate) key: Vec<u8>,
    pub(crate) period: TotpPeriod,
    pub(crate) expires_at: UnixMillis,
    pub(crate) ended: bool,
    pub(crate) last_accepted_step: TimeStep,
    pub(crate) card: CardTerms,
}

impl CredentialRecord {
    /// Stands in for a credential that does not exist, so that refusing its codes takes as long as refusing any other.
    pub(crate) fn nobody() -> Self {
        let never = CivilDate::in_shanghai(UnixMillis(0));
        Self {
            key: vec![0; 32],
            period: TotpPeriod::DEFAULT,
            expires_at: UnixMillis(0),
            ended: true,
            last_accepted_step: TimeStep(i64::MAX),
            card: CardTerms { valid_from: never, valid_until: never, programme_ended: true, works_here: false },
        }
    }
}

/// Whether `code` may be redeemed at `now`, and as which step; else why not. Its one-time password is judged at
/// `presented_at` if that is not too long ago. `was_redeemed` tells whether a step of this credential has been redeemed.
pub(crate) fn judge(
    code: &RedemptionCode,
    credential: &CredentialRecord,
    presented_at: Option<UnixMillis>,
    now: UnixMillis,
    was_redeemed: impl FnOnce(TimeStep) -> StorageResult<bool>,
) -> StorageResult<Result<TimeStep, Refusal>> {
    let recent = |at: &UnixMillis| (0..=PRESENTATION_MILLIS).contains(&now.millis_since(*at));
    let verdict = verdict(code, credential, presented_at.filter(recent).unwrap_or(now));
    Ok(match verdict {
        TotpVerdict::Unknown => Err(Refusal::CodeUnknown),
        TotpVerdict::Expired(step) if was_redeemed(step)? => Err(Refusal::CodeUsed),
        TotpVerdict::Expired(_) => Err(Refusal::CodeExpired),
        TotpVerdict::Current(step) => credential.card.check(CivilDate::in_shanghai(now)).and_then(|()| {
            if credential.ended || now >= credential.expires_at {
                Err(Refusal::CodeExpired)
            } else if step <= credential.last_accepted_step {
                Err(Refusal::CodeUsed)
            } else {
                Ok(step)
            }
        }),
    })
}

/// The step `code` is of, if it is one of now or of the last minutes; whether it may be redeemed is for [`judge`].
pub(crate) fn step_of(code: &RedemptionCode, credential: &CredentialRecord, now: UnixMillis) -> Option<TimeStep> {
    match verdict(code, credential, now) {
        TotpVerdict::Current(step) | TotpVerdict::Expired(step) => Some(step),
        TotpVerdict::Unknown => None,
    }
}

fn verdict(code: &RedemptionCode, credential: &CredentialRecord, at: UnixMillis) -> TotpVerdict {
    verify(TimeStep::at(at, credential.period), code.totp(), |message| {
        #[cfg(test)]
        tests::HMACS.set(tests::HMACS.get() + 1);
        let mut mac = Hmac::<Sha256>::new_from_slice(&credential.key).expect("HMAC takes keys of any length");
        mac.update(message);
        mac.finalize().into_bytes()
    })
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::cell::Cell;

    use member_domain::{CredentialNumber, truncate};

    use super::*;

    thread_local! {
        /// How many HMACs this thread has computed.
        pub(super) static HMACS: Cell<u32> = const { Cell::new(0) };
    }

    /// How many HMACs `judged` computes, and what it answers.
    pub(crate) fn counting_hmacs<T>(judged: impl FnOnce() -> T) -> (u32, T) {
        let before = HMACS.get();
        let answer = judged();
        (HMACS.get() - before, answer)
    }

    /// 12:00:10 in Shanghai on 2026-11-20: ten seconds into a step.
    const SCANNED: UnixMillis = UnixMillis(1_795_147_210_000);
    const STEP: i64 = 30_000;

    fn credential() -> CredentialRecord {
        CredentialRecord {
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

    /// The code of credential number 1, whose key is 32 times 7.
    pub(crate) fn code(step: TimeStep) -> RedemptionCode {
        let mut mac = Hmac::<Sha256>::new_from_slice(&[7; 32]).unwrap();
        mac.update(&step.message());
        RedemptionCode::new(CredentialNumber::from_value(1).unwrap(), truncate(&mac.finalize().into_bytes(), 8))
    }

    /// The verdict on a code of the step it was scanned in.
    fn scanned(credential: &CredentialRecord, now: UnixMillis) -> Result<TimeStep, Refusal> {
        judge(&code(step(SCANNED)), credential, Some(SCANNED), now, |_| Ok(false)).unwrap()
    }

    #[test]
    fn a_scanned_code_stands_for_five_minutes() {
        for millis in [0, STEP, 2 * STEP, PRESENTATION_MILLIS] {
            assert_eq!(scanned(&credential(), SCANNED.plus_millis(millis)), Ok(step(SCANNED)), "{millis}");
        }
        // After that, and if the scan would lie ahead, the code is judged as of now.
        let late = SCANNED.plus_millis(PRESENTATION_MILLIS + 1);
        assert_eq!(scanned(&credential(), late), Err(Refusal::CodeExpired));
        assert_eq!(scanned(&credential(), SCANNED.plus_millis(-2 * STEP)), Err(Refusal::CodeUnknown));
        assert_eq!(scanned(&credential(), SCANNED.plus_millis(-1)), Ok(step(SCANNED)));
    }

    #[test]
    fn a_code_that_was_not_valid_when_scanned_does_not_become_so() {
        let old = code(step(SCANNED).plus(-2));
        let now = SCANNED.plus_millis(STEP);
        let verdict = judge(&old, &credential(), Some(SCANNED), now, |_| Ok(false)).unwrap();
        assert_eq!(verdict, Err(Refusal::CodeExpired));
        let ahead = code(step(SCANNED).plus(2));
        let verdict = judge(&ahead, &credential(), Some(SCANNED), now, |_| Ok(false)).unwrap();
        assert_eq!(verdict, Err(Refusal::CodeUnknown), "it is judged at the scan, though it is valid now");
    }

    #[test]
    fn all_but_the_one_time_password_is_judged_now() {
        let now = SCANNED.plus_millis(3 * STEP);
        let refused = |change: fn(&mut CredentialRecord)| {
            let mut credential = credential();
            change(&mut credential);
            scanned(&credential, now).unwrap_err()
        };
        assert_eq!(refused(|credential| credential.ended = true), Refusal::CodeExpired);
        assert_eq!(refused(|credential| credential.expires_at = SCANNED.plus_millis(2 * STEP)), Refusal::CodeExpired);
        assert_eq!(refused(|credential| credential.last_accepted_step = step(SCANNED)), Refusal::CodeUsed);
        assert_eq!(refused(|credential| credential.last_accepted_step = step(SCANNED).plus(2)), Refusal::CodeUsed);
        assert_eq!(refused(|credential| credential.card.programme_ended = true), Refusal::ProgrammeEnded);
        assert_eq!(refused(|credential| credential.card.works_here = false), Refusal::CardNotValidHere);
        let yesterday = |credential: &mut CredentialRecord| credential.card.valid_until = "2026-11-19".parse().unwrap();
        assert_eq!(refused(yesterday), Refusal::CardNotValidHere);
    }

    #[test]
    fn names_in_the_database_are_read_back_as_what_they_were() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::from_name(refusal.as_str()), Some(refusal));
        }
        for method in [RedeemedBy::Till, RedeemedBy::Phone, RedeemedBy::Pin] {
            assert_eq!(RedeemedBy::from_name(method.as_str()), Some(method));
        }
        // What the first version wrote.
        assert_eq!(Refusal::from_name("forbidden"), Some(Refusal::CardNotValidHere));
    }

    #[test]
    fn a_member_is_another_caller_than_the_terminal_with_that_token() {
        let member = CallerId::of_member("token");
        assert_ne!(member, CallerId::from(TokenHash::of("token")));
        assert_ne!(member, CallerId::of_member("Token"));
        assert_eq!(member, CallerId::of_member("token"));
    }
}
