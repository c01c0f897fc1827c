//! Whether there are codes, and whose: what the member's state says about it at a given time.

use member_domain::{
    CredentialNumber, ProgrammePhase, UnixMillis,
    wire::{CardState, CredentialStatus, MeAnswer, ProblemKind},
};

use crate::{ApiError, Load};

/// What of the member's state decides whether there are codes, and whose.
#[derive(Clone, Debug, PartialEq)]
pub enum Basis {
    /// The member's state has not come.
    Unknown,
    /// The member has no card.
    NoCard,
    /// There are none, and why.
    Refused(ApiError),
    /// The state is older than the backend lets pages show codes by.
    TooOld,
    /// The card works; the number is that of its active credential.
    Works(Option<CredentialNumber>),
}

impl Basis {
    /// At `now`, if the time is known: the state may be of an earlier visit. It has to be as it reads today ([`crate::member::as_of`]).
    pub fn of(me: &Load<MeAnswer>, now: Option<UnixMillis>) -> Self {
        let refused = |kind| Self::Refused(ApiError::Problem(kind));
        let me = match me {
            Load::Loading => return Self::Unknown,
            Load::Failed(error) => return Self::Refused(*error),
            Load::Ready { value, .. } => value,
        };
        let Some(card) = &me.card else { return Self::NoCard };
        if me.programme.phase == ProgrammePhase::Ended {
            return refused(ProblemKind::ProgrammeEnded);
        }
        if card.state != CardState::Active {
            return refused(ProblemKind::Forbidden);
        }
        if now.is_some_and(|now| now.millis_since(me.server_time) > me.offline_millis) {
            return Self::TooOld;
        }
        match &me.credential {
            CredentialStatus::Active { number } => Self::Works(Some(number.clone())),
            CredentialStatus::None => Self::Works(None),
        }
    }
}
