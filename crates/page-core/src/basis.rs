//! Decides from the member's state whether the page shows codes, and of which credential.

use member_domain::{
    CredentialNumber, ProgrammePhase, UnixMillis,
    wire::{CardState, CredentialStatus, MeAnswer, ProblemKind},
};

use crate::{ApiError, Load};

/// The part of the member's state that decides about codes.
#[derive(Clone, Debug, PartialEq)]
pub enum Basis {
    /// The member's state is not loaded yet.
    Unknown,
    /// The member has no card.
    NoCard,
    /// There are no codes, for this reason.
    Refused(ApiError),
    /// The state is older than the backend's limit for showing codes.
    TooOld,
    /// The card works. Holds the number of the card's active credential, if there is one.
    Works(Option<CredentialNumber>),
}

impl Basis {
    /// The basis at `now`, if the time is known. The state can come from an earlier visit; the caller must have updated
    /// it for today ([`crate::member::as_of`]).
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
