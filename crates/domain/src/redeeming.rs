//! The rules of one redemption: who asks, what proves that the member is there, and whether a code or a card is accepted.
//!
//! The HMAC is computed by the caller ([`crate::verify`]); the records come from the database. Nothing here reads either.

use crate::{CivilDate, RedemptionCode, TimeStep, TotpPeriod, TotpVerdict, UnixMillis, wire::ProblemKind};

/// How long after a paired phone has scanned a code its bill may be entered, in milliseconds: five minutes.
pub const PRESENTATION_MILLIS: i64 = 5 * 60_000;

/// How long a shop may cancel a redemption, in milliseconds: ten minutes.
pub const CANCELLATION_MILLIS: i64 = 10 * 60_000;

/// The SHA-256 of a bearer token, under which it is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TokenHash(pub [u8; 32]);

/// Who asks for a redemption, and in whose scope an Idempotency-Key counts: a terminal by its token's hash, or a member
/// at a shop with a PIN by a hash of the member's id.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct CallerId(pub [u8; 32]);

impl From<TokenHash> for CallerId {
    fn from(token: TokenHash) -> Self {
        Self(token.0)
    }
}

/// The means by which a redemption is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RedeemedBy {
    /// A shop's till.
    Till,
    /// A staff phone that was paired with the shop.
    Phone,
    /// The shop's PIN, entered on the member's phone.
    Pin,
}

impl RedeemedBy {
    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Till => "till",
            Self::Phone => "phone",
            Self::Pin => "pin",
        }
    }

    /// The means with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Till, Self::Phone, Self::Pin].into_iter().find(|method| method.as_str() == name)
    }
}

/// The proof that the member is there.
#[derive(Clone, Debug)]
pub enum Proof {
    /// The code on the member's device.
    Code {
        /// The code.
        code: RedemptionCode,
        /// When a paired phone scanned it, if that was before the bill was entered: its one-time password is judged at
        /// that instant if it is at most [`PRESENTATION_MILLIS`] ago, everything else now.
        presented_at: Option<UnixMillis>,
    },
    /// The member's own session, where the shop's PIN was entered.
    Card {
        /// The member.
        member_id: String,
    },
}

/// Why a redemption is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// No credential makes this code.
    CodeUnknown,
    /// The code's time is over, or its credential has expired or was replaced.
    CodeExpired,
    /// This code, or a later one of the same credential, was redeemed before.
    CodeUsed,
    /// The programme's last day has passed.
    ProgrammeEnded,
    /// Not on these dates, or not in this city.
    CardNotValidHere,
    /// The member has no card.
    NoCard,
    /// The shop no longer takes part.
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

    /// The kind of problem that answers it.
    pub const fn kind(self) -> ProblemKind {
        match self {
            Self::CodeUnknown => ProblemKind::CodeUnknown,
            Self::CodeExpired => ProblemKind::CodeExpired,
            Self::CodeUsed => ProblemKind::CodeUsed,
            Self::ProgrammeEnded => ProblemKind::ProgrammeEnded,
            Self::CardNotValidHere | Self::NoCard | Self::ShopLeft => ProblemKind::Forbidden,
        }
    }

    /// The name under which it is stored with an Idempotency-Key: the problem's, unless several refusals share that one.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoCard => "no-card",
            Self::ShopLeft => "shop-left",
            _ => self.kind().as_str(),
        }
    }

    /// The refusal with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.as_str() == name)
    }
}

/// The facts about a card that the rules depend on.
#[derive(Clone, Debug)]
pub struct CardTerms {
    /// The first day the card works.
    pub valid_from: CivilDate,
    /// The last day the card works.
    pub valid_until: CivilDate,
    /// Whether its programme's last day has passed.
    pub programme_ended: bool,
    /// Whether the card works in the city of the shop that asks.
    pub works_here: bool,
}

impl CardTerms {
    /// Whether the card gives a discount at that shop on `today`.
    pub fn check(&self, today: CivilDate) -> Result<(), Refusal> {
        if self.programme_ended {
            Err(Refusal::ProgrammeEnded)
        } else if today < self.valid_from || today > self.valid_until || !self.works_here {
            Err(Refusal::CardNotValidHere)
        } else {
            Ok(())
        }
    }
}

/// The facts about a credential and its card that the rules depend on.
#[derive(Clone)]
pub struct CredentialTerms {
    /// The key of its one-time passwords. Secret.
    pub key: Vec<u8>,
    /// How long a time step lasts.
    pub period: TotpPeriod,
    /// From when on its codes are refused.
    pub expires_at: UnixMillis,
    /// Whether another device was enrolled since.
    pub ended: bool,
    /// The last time step that was redeemed; -1 if none was.
    pub last_accepted_step: TimeStep,
    /// The card behind it.
    pub card: CardTerms,
}

impl CredentialTerms {
    /// Stands in for a credential that does not exist, so that refusing its codes takes as long as refusing any other.
    pub fn placeholder() -> Self {
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

    /// The instant at which the one-time password of a code is judged: `presented_at`, when a paired phone scanned it, if
    /// that is at most [`PRESENTATION_MILLIS`] before `now`; else `now`.
    pub fn verification_time(presented_at: Option<UnixMillis>, now: UnixMillis) -> UnixMillis {
        let recent = |at: &UnixMillis| (0..=PRESENTATION_MILLIS).contains(&now.millis_since(*at));
        presented_at.filter(recent).unwrap_or(now)
    }

    /// Whether a code with this verdict on its one-time password may be redeemed at `now`.
    pub fn judge(&self, password: TotpVerdict, now: UnixMillis) -> CodeVerdict {
        match password {
            TotpVerdict::Unknown => CodeVerdict::Refused(Refusal::CodeUnknown),
            TotpVerdict::Expired(step) => CodeVerdict::Expired(step),
            TotpVerdict::Current(step) => {
                let refusal = match self.card.check(CivilDate::in_shanghai(now)) {
                    Err(refusal) => refusal,
                    Ok(()) if self.ended || now >= self.expires_at => Refusal::CodeExpired,
                    Ok(()) if step <= self.last_accepted_step => Refusal::CodeUsed,
                    Ok(()) => return CodeVerdict::Accepted(step),
                };
                CodeVerdict::Refused(refusal)
            }
        }
    }
}

/// The verdict on a code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeVerdict {
    /// It may be redeemed, as this time step.
    Accepted(TimeStep),
    /// It is of this time step, which is over: [`Refusal::CodeUsed`] if the step was redeemed, else
    /// [`Refusal::CodeExpired`].
    Expired(TimeStep),
    /// It is refused.
    Refused(Refusal),
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    /// 12:00:10 in Shanghai on 2026-11-20: ten seconds into a step.
    const NOW: UnixMillis = UnixMillis(1_795_147_210_000);

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

    #[test]
    fn a_scan_counts_for_five_minutes() {
        for (scanned, judged) in [
            (0, 0),
            (-PRESENTATION_MILLIS, -PRESENTATION_MILLIS),
            (-PRESENTATION_MILLIS - 1, 0),
            // A scan that would lie ahead does not count.
            (1, 0),
        ] {
            let scanned = Some(NOW.plus_millis(scanned));
            assert_eq!(CredentialTerms::verification_time(scanned, NOW), NOW.plus_millis(judged), "{scanned:?}");
        }
        assert_eq!(CredentialTerms::verification_time(None, NOW), NOW);
    }

    type Change = fn(&mut CredentialTerms);

    #[test]
    fn a_current_password_is_refused_for_each_reason_by_its_name() {
        let step = TimeStep(9);
        let judged = |change: Change| {
            let mut credential = credential();
            change(&mut credential);
            credential.judge(TotpVerdict::Current(step), NOW)
        };
        assert_eq!(judged(|_| ()), CodeVerdict::Accepted(step));
        assert_eq!(judged(|credential| credential.expires_at = NOW.plus_millis(1)), CodeVerdict::Accepted(step));
        let cases: [(Change, Refusal); 8] = [
            (|credential| credential.ended = true, Refusal::CodeExpired),
            (|credential| credential.expires_at = NOW, Refusal::CodeExpired),
            (|credential| credential.last_accepted_step = TimeStep(9), Refusal::CodeUsed),
            (|credential| credential.last_accepted_step = TimeStep(11), Refusal::CodeUsed),
            (|credential| credential.card.programme_ended = true, Refusal::ProgrammeEnded),
            (|credential| credential.card.works_here = false, Refusal::CardNotValidHere),
            (|credential| credential.card.valid_until = "2026-11-19".parse().unwrap(), Refusal::CardNotValidHere),
            (|credential| credential.card.valid_from = "2026-11-21".parse().unwrap(), Refusal::CardNotValidHere),
        ];
        for (change, refusal) in cases {
            assert_eq!(judged(change), CodeVerdict::Refused(refusal));
        }
    }

    #[test]
    fn a_password_that_is_over_or_unknown_does_not_depend_on_the_card() {
        let mut credential = credential();
        credential.card.programme_ended = true;
        assert_eq!(credential.judge(TotpVerdict::Expired(TimeStep(3)), NOW), CodeVerdict::Expired(TimeStep(3)));
        assert_eq!(credential.judge(TotpVerdict::Unknown, NOW), CodeVerdict::Refused(Refusal::CodeUnknown));
    }

    #[test]
    fn names_in_the_database_are_read_back_as_what_they_were() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::from_name(refusal.as_str()), Some(refusal));
        }
        for method in [RedeemedBy::Till, RedeemedBy::Phone, RedeemedBy::Pin] {
            assert_eq!(RedeemedBy::from_name(method.as_str()), Some(method));
        }
        // As the first version wrote it.
        assert_eq!(Refusal::from_name("forbidden"), Some(Refusal::CardNotValidHere));
    }
}
