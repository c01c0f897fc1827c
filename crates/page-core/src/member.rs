//! Decides how an answer about the member changes the state, the screen and the stored data.

use member_domain::{
    CivilDate, ProgrammePhase,
    wire::{MeAnswer, ProblemKind},
};

use crate::ApiError;

/// An effect that the page runs, besides showing the answer or its absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Requests the member's state again and ignores this answer.
    Retry,
    /// Deletes the stored ledger and events. They belong to another member or to an earlier card.
    ForgetLists,
    /// Deletes all stored data, including the credential.
    ForgetAll,
    /// Stores the answer for the next visit.
    Store,
}

/// The effects of an answer. `previous` is the answer before it. `sets_clock` says whether the clock could be set from
/// the answer; after a long transfer its time is too inaccurate. `can_identify` says whether the request could identify
/// the member at all.
pub fn answer_effects(
    answer: Result<&MeAnswer, ApiError>,
    previous: Option<&MeAnswer>,
    sets_clock: bool,
    can_identify: bool,
) -> Vec<Effect> {
    match answer {
        Ok(_) if !sets_clock => vec![Effect::Retry],
        Ok(me) if previous.is_some_and(|previous| member_and_card(previous) != member_and_card(me)) => {
            vec![Effect::ForgetLists, Effect::Store]
        }
        Ok(_) => vec![Effect::Store],
        Err(ApiError::Problem(ProblemKind::Unauthorized)) if can_identify => vec![Effect::ForgetAll],
        Err(_) => Vec::new(),
    }
}

/// The answer as of `today`. `today` can be later than the day of the answer, or than the day of a backend whose clock
/// is slow. If `today` is unknown, the answer is unchanged. A programme that had ended in the answer stays ended.
pub fn as_of(me: &MeAnswer, today: Option<CivilDate>) -> MeAnswer {
    let answer_day = CivilDate::in_shanghai(me.server_time);
    match today {
        Some(today) if today >= answer_day && me.programme.phase != ProgrammePhase::Ended => me.clone().as_of(today),
        _ => me.clone(),
    }
}

/// Identifies the member and the card, as far as the page can: name and card number, both masked.
pub fn member_and_card(me: &MeAnswer) -> String {
    let number = me.card.as_ref().map(|card| card.number_masked.as_str()).unwrap_or_default();
    format!("{} {number}", me.member.name_masked)
}
