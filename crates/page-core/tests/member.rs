//! The effects of an answer about the member, on stored data and on codes.

use member_domain::{
    CivilDate, CredentialNumber, ProgrammePhase, UnixMillis,
    wire::{CardState, CredentialStatus, MeAnswer, ProblemKind},
};
use page_core::{
    ApiError, Basis, Load, Request, Requests,
    member::{Effect, answer_effects, as_of},
};

const UNAUTHORIZED: ApiError = ApiError::Problem(ProblemKind::Unauthorized);

fn me(file: &str) -> MeAnswer {
    let path = format!("{}/../../src/api/preview/me-{file}.json", env!("CARGO_MANIFEST_DIR"));
    let json = std::fs::read_to_string(path).expect("a sample answer");
    serde_json::from_str(&json).expect("an answer")
}

fn with(change: impl FnOnce(&mut MeAnswer)) -> MeAnswer {
    let mut me = me("active");
    change(&mut me);
    me
}

#[test]
fn an_answer_is_kept_and_what_is_of_another_member_is_not() {
    let known = me("active");
    let other_name = with(|me| me.member.name_masked = "王*".to_owned());
    let other_card = with(|me| me.card.as_mut().expect("a card").number_masked = "**** 9999".to_owned());
    for (what, answer, known, sets_clock, can_identify, effects) in [
        ("the first", Ok(&known), None, true, true, vec![Effect::Store]),
        ("a later one", Ok(&known), Some(&known), true, true, vec![Effect::Store]),
        ("another member", Ok(&other_name), Some(&known), true, true, vec![Effect::ForgetLists, Effect::Store]),
        ("another card", Ok(&other_card), Some(&known), true, true, vec![Effect::ForgetLists, Effect::Store]),
        ("one that was long on its way", Ok(&other_name), Some(&known), false, true, vec![Effect::Retry]),
        ("signed out", Err(UNAUTHORIZED), Some(&known), false, true, vec![Effect::ForgetAll]),
        ("never asked as a member", Err(UNAUTHORIZED), Some(&known), false, false, vec![]),
        ("no network", Err(ApiError::Unreachable), Some(&known), false, true, vec![]),
    ] {
        assert_eq!(answer_effects(answer, known, sets_clock, can_identify), effects, "{what}");
    }
}

#[test]
fn an_answer_of_an_earlier_day_reads_as_of_today() {
    let me = me("active");
    let given = CivilDate::in_shanghai(me.server_time);
    let after = |days: i64| CivilDate::in_shanghai(UnixMillis(me.server_time.0 + days * 86_400_000));
    assert_eq!(as_of(&me, None), me);
    assert_eq!(as_of(&me, Some(after(-400))), me, "the device's day is behind the backend's");
    assert_eq!(as_of(&me, Some(given)), me.clone().as_of(given));
    let later = as_of(&me, Some(after(400)));
    assert_ne!(later.card.map(|card| card.state), Some(CardState::Active), "the card's year is over");
    let ended = with(|me| me.programme.phase = ProgrammePhase::Ended);
    assert_eq!(as_of(&ended, Some(after(400))), ended, "what had ended then has ended");
}

#[test]
fn whether_there_are_codes() {
    let refused = |kind| Basis::Refused(ApiError::Problem(kind));
    let number = CredentialNumber::from_value(7).expect("ten digits");
    let active = with(|me| me.credential = CredentialStatus::Active { number: number.clone() });
    let later = |me: &MeAnswer, millis| Some(me.server_time.plus_millis(me.offline_millis + millis));
    let none = with(|me| me.credential = CredentialStatus::None);
    let ended = with(|me| me.programme.phase = ProgrammePhase::Ended);
    let expired = with(|me| me.card.as_mut().expect("a card").state = CardState::Ended);
    let without = with(|me| me.card = None);
    for (what, me, now, basis) in [
        ("not come", Load::Loading, None, Basis::Unknown),
        ("not to be had", Load::Failed(UNAUTHORIZED), None, Basis::Refused(UNAUTHORIZED)),
        ("no card", Load::ready(without), None, Basis::NoCard),
        ("the programme is over", Load::ready(ended), None, refused(ProblemKind::ProgrammeEnded)),
        ("the card is", Load::ready(expired), None, refused(ProblemKind::Forbidden)),
        ("as old as may be", Load::ready(active.clone()), later(&active, 0), Basis::Works(Some(number.clone()))),
        ("older", Load::ready(active.clone()), later(&active, 1), Basis::TooOld),
        ("without the time", Load::ready(active), None, Basis::Works(Some(number))),
        ("no device has it", Load::ready(none), None, Basis::Works(None)),
    ] {
        assert_eq!(Basis::of(&me, now), basis, "{what}");
    }
}

#[test]
fn the_answer_to_the_latest_request_counts() {
    let mut requests = Requests::default();
    let first = requests.begin();
    assert!(requests.is_latest(first));
    let second = requests.begin();
    assert!(!requests.is_latest(first) && requests.is_latest(second));
    assert!(!requests.is_latest(Request::default()));
}
