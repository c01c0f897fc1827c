//! Signing up for members-only events.

use member_domain::wire::{MemberEvent, MemberEventList, ProblemKind};
use page_core::{
    ApiError, Load, SignUpStep, SignUps,
    sign_ups::{find_event, replace_event, retry_events},
};

fn events() -> MemberEventList {
    let path = format!("{}/../../src/api/preview/member_events.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("a sample answer")).expect("an answer")
}

fn problem(kind: ProblemKind) -> ApiError {
    ApiError::Problem(kind)
}

#[test]
fn one_request_about_an_event_at_a_time() {
    let mut sign_ups = SignUps::default();
    assert!(sign_ups.begin("tea"));
    assert!(!sign_ups.begin("tea"), "a second tap");
    assert_eq!(sign_ups.step("tea"), SignUpStep::Pending);
    assert_eq!(sign_ups.step("jazz"), SignUpStep::Ready);
    sign_ups.clear_failure();
    assert_eq!(sign_ups.step("tea"), SignUpStep::Pending, "still on its way");
    sign_ups.end("tea", Some(ApiError::Unreachable));
    assert_eq!(sign_ups.step("tea"), SignUpStep::Failed(ApiError::Unreachable));
    assert!(sign_ups.begin("tea"), "again");
    sign_ups.end("tea", None);
    assert_eq!(sign_ups, SignUps::default());
}

#[test]
fn what_failed_is_said_on_its_own_sheet() {
    let mut sign_ups = SignUps::default();
    sign_ups.begin("tea");
    sign_ups.begin("jazz");
    sign_ups.end("tea", Some(ApiError::Unreachable));
    assert_eq!(sign_ups.step("tea"), SignUpStep::Ready);
    assert_eq!(sign_ups.step("jazz"), SignUpStep::Pending, "the answer is about another event");
    sign_ups.end("jazz", Some(ApiError::Unreachable));
    sign_ups.clear_failure();
    assert_eq!(sign_ups, SignUps::default());
}

#[test]
fn an_event_is_found_and_replaced() {
    let all = events();
    let (first, other) = (all.events[0].clone(), all.events[all.events.len() - 1].clone());
    let mut load = Load::Ready { value: all, stale: true };
    assert_eq!(find_event(&load, &other.id), Load::Ready { value: other.clone(), stale: true });
    assert_eq!(find_event(&load, "none"), Load::Failed(problem(ProblemKind::NotFound)));
    assert_eq!(find_event(&Load::Loading, "none"), Load::Loading);
    assert_eq!(find_event(&Load::Failed(ApiError::Unreachable), "none"), Load::Failed(ApiError::Unreachable));
    let fewer = MemberEvent { seats_left: other.seats_left + 1, ..other.clone() };
    replace_event(&mut load, fewer.clone());
    replace_event(&mut load, MemberEvent { id: "none".to_owned(), ..other });
    let value = load.value().expect("ready");
    assert_eq!((&value.events[0], value.events.last()), (&first, Some(&fewer)));
}

#[test]
fn the_place_of_events_that_are_none_is_not_held_again() {
    for (failure, after) in [
        (ApiError::Unreachable, Load::Loading),
        (problem(ProblemKind::Internal), Load::Loading),
        (problem(ProblemKind::NotFound), Load::Failed(problem(ProblemKind::NotFound))),
        (problem(ProblemKind::Unauthorized), Load::Failed(problem(ProblemKind::Unauthorized))),
    ] {
        let mut list = Load::Failed(failure);
        retry_events(&mut list);
        assert_eq!(list, after, "{failure:?}");
    }
}
