//! What an answer about the member means for what is known, shown and kept.

use member_domain::{
    CivilDate, ProgrammePhase,
    wire::{MeAnswer, ProblemKind},
};

use crate::ApiError;

/// What the page does with an answer, besides showing it or saying that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Asks again, and does not look at this answer.
    AskAgain,
    /// Forgets what was kept of the member's ledger and events: it is of another member, or of an earlier card.
    ForgetLists,
    /// Forgets all that was kept, the credential too.
    ForgetAll,
    /// Keeps the answer for the next visit.
    Keep,
}

/// How an answer is taken in. `known` is the answer before it. `tells_time` says whether the time in it could be set: an answer
/// that was long on its way says too little of it. `can_know` says whether the backend could have known the member at all.
pub fn taken(
    answer: Result<&MeAnswer, ApiError>,
    known: Option<&MeAnswer>,
    tells_time: bool,
    can_know: bool,
) -> Vec<Effect> {
    match answer {
        Ok(_) if !tells_time => vec![Effect::AskAgain],
        Ok(me) if known.is_some_and(|known| holder(known) != holder(me)) => {
            vec![Effect::ForgetLists, Effect::Keep]
        }
        Ok(_) => vec![Effect::Keep],
        Err(ApiError::Problem(ProblemKind::Unauthorized)) if can_know => vec![Effect::ForgetAll],
        Err(_) => Vec::new(),
    }
}

/// The answer as it reads `today`, which may be later than the day it was given on, or than a backend behind its time goes
/// by. Where today is not known it stands as it came, and what had ended then has ended.
pub fn as_of(me: &MeAnswer, today: Option<CivilDate>) -> MeAnswer {
    let given = CivilDate::in_shanghai(me.server_time);
    match today {
        Some(today) if today >= given && me.programme.phase != ProgrammePhase::Ended => me.clone().on(today),
        _ => me.clone(),
    }
}

/// Who is signed in, as far as the page can tell members apart: name and card number, both masked.
pub fn holder(me: &MeAnswer) -> String {
    let number = me.card.as_ref().map(|card| card.number_masked.as_str()).unwrap_or_default();
    format!("{} {number}", me.member.name_masked)
}
