//! The phases of a programme and the states of a refund.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use member_domain::{
    CivilDate, IllegalTransition, ProgrammePhase, ProgrammeSchedule,
    RefundState::{self, Abnormal, Closed, Processing, Scheduled, Succeeded},
    UnixMillis,
};
use proptest::prelude::*;

#[test]
fn a_programme_runs_until_an_end_is_announced() {
    let schedule = ProgrammeSchedule { last_day: None };
    for now in [UnixMillis(0), UnixMillis(4_000_000_000_000)] {
        assert_eq!(schedule.phase_at(now), ProgrammePhase::Running);
    }
}

#[test]
fn cards_work_through_the_last_day_to_its_midnight_in_shanghai() {
    let last_day: CivilDate = "2026-12-31".parse().unwrap();
    let schedule = ProgrammeSchedule { last_day: Some(last_day) };
    let end = last_day.plus_days(1).start_in_shanghai();
    for (now, phase) in [
        (last_day.plus_days(-30).start_in_shanghai(), ProgrammePhase::Ending),
        (last_day.start_in_shanghai().plus_millis(-1), ProgrammePhase::Ending),
        (last_day.start_in_shanghai(), ProgrammePhase::Ending),
        (end.plus_millis(-1), ProgrammePhase::Ending),
        (end, ProgrammePhase::Ended),
        (last_day.plus_days(400).start_in_shanghai(), ProgrammePhase::Ended),
    ] {
        assert_eq!(schedule.phase_at(now), phase, "{now:?}");
    }
}

#[test]
fn phases_and_schedules_have_fixed_names_on_the_wire() {
    let json = |phase| serde_json::to_value::<ProgrammePhase>(phase).unwrap();
    assert_eq!(json(ProgrammePhase::Running), "running");
    assert_eq!(json(ProgrammePhase::Ending), "ending");
    assert_eq!(json(ProgrammePhase::Ended), "ended");
    let schedule = ProgrammeSchedule { last_day: Some("2026-12-31".parse().unwrap()) };
    assert_eq!(serde_json::to_value(schedule).unwrap(), serde_json::json!({ "lastDay": "2026-12-31" }));
}

#[test]
fn all_25_transitions_are_as_the_table_says() {
    // Rows: the current state; columns: the next state, in the order of ALL.
    let table = [
        //            scheduled, processing, succeeded, abnormal, closed
        (Scheduled, [false, true, true, true, true]),
        (Processing, [false, false, true, true, true]),
        (Succeeded, [false, false, false, false, false]),
        (Abnormal, [false, true, true, false, true]),
        (Closed, [false, false, true, false, false]),
    ];
    assert_eq!(table.map(|(from, _)| from), RefundState::ALL);
    for (from, row) in table {
        for (to, legal) in RefundState::ALL.into_iter().zip(row) {
            let expected = if legal { Ok(to) } else { Err(IllegalTransition { from, to }) };
            assert_eq!(from.transition(to), expected, "{from:?} -> {to:?}");
        }
        assert_eq!(from.is_final(), !row.contains(&true), "{from:?} is final if nothing follows it");
    }
}

#[test]
fn an_illegal_transition_names_both_states() {
    let error = Succeeded.transition(Processing).unwrap_err().to_string();
    assert!(error.contains("succeeded") && error.contains("processing"), "{error}");
}

#[test]
fn refund_states_have_one_name_everywhere() {
    let names = ["scheduled", "processing", "succeeded", "abnormal", "closed"];
    for (state, name) in RefundState::ALL.into_iter().zip(names) {
        assert_eq!(state.as_str(), name);
        assert_eq!(RefundState::from_name(name), Some(state));
        assert_eq!(serde_json::to_value(state).unwrap(), name);
        assert_eq!(serde_json::from_value::<RefundState>(name.into()).unwrap(), state);
    }
    for unknown in ["", "Scheduled", "SUCCESS", "refunded"] {
        assert_eq!(RefundState::from_name(unknown), None, "{unknown}");
    }
}

proptest! {
    #[test]
    fn no_path_of_transitions_leaves_a_final_state(
        path in proptest::collection::vec(proptest::sample::select(&RefundState::ALL), 0..30),
    ) {
        let mut current = Scheduled;
        for next in path {
            let before = current;
            if let Ok(reached) = current.transition(next) {
                prop_assert!(!before.is_final(), "{:?} -> {:?}", before, reached);
                prop_assert_eq!(reached, next);
                current = reached;
            }
        }
    }
}
