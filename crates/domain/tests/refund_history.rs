//! The history of a refund does not depend on the order of the reports.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use member_domain::{
    RefundHistory, RefundReport,
    RefundState::{self, Abnormal, Closed, Processing, Scheduled, Succeeded},
    ReportEffect, UnixMillis,
};
use proptest::{collection::vec, prelude::*, sample::select};

/// The states that a report can have.
const REPORTED: [RefundState; 4] = [Processing, Succeeded, Abnormal, Closed];

fn report(at: i64, state: RefundState) -> RefundReport {
    RefundReport { at: UnixMillis(at), state }
}

/// Reports at few instants, so that many of them share one.
fn reports() -> impl Strategy<Value = Vec<RefundReport>> {
    vec((0_i64..6, select(&REPORTED)).prop_map(|(at, state)| report(at, state)), 0..12)
}

/// The steps that the member sees.
fn steps(history: &RefundHistory) -> Vec<RefundReport> {
    let steps = history.reports.iter().filter(|(_, fate)| *fate == ReportEffect::Step);
    steps.map(|(report, _)| *report).collect()
}

/// Two lists with the same reports in different order; the second repeats some of them.
fn told_differently() -> impl Strategy<Value = (Vec<RefundReport>, Vec<RefundReport>)> {
    reports().prop_flat_map(|reports| {
        let again = if reports.is_empty() {
            vec(Just(report(0, Processing)), 0).boxed()
        } else {
            vec(select(reports.clone()), 0..6).boxed()
        };
        let all = (Just(reports.clone()), again).prop_map(|(reports, again)| [reports, again].concat());
        (Just(reports), all.prop_shuffle())
    })
}

proptest! {
    // A third of all histories does not reach a final state, and one test rejects those: about a thousand in 2,000
    // cases.
    #![proptest_config(ProptestConfig {
        cases: 2_000, max_global_rejects: 10_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn order_and_repetition_of_reports_change_nothing((reports, differently) in told_differently()) {
        let (one, other) = (RefundHistory::of(reports), RefundHistory::of(differently));
        prop_assert_eq!(one.state, other.state);
        prop_assert_eq!(steps(&one), steps(&other));
        let refused = |history: &RefundHistory| {
            let mut refused: Vec<RefundReport> = history.reports.iter()
                .filter(|(_, fate)| matches!(fate, ReportEffect::Refused(_)))
                .map(|(report, _)| *report)
                .collect();
            refused.dedup();
            refused
        };
        prop_assert_eq!(refused(&one), refused(&other), "what is refused does not depend on it either");
    }

    #[test]
    fn the_steps_are_a_legal_path_to_the_state(reports in reports()) {
        let history = RefundHistory::of(reports.clone());
        prop_assert_eq!(history.reports.len(), reports.len(), "no report is lost");
        let mut state = Scheduled;
        for step in steps(&history) {
            prop_assert!(!state.is_final(), "{:?} stays", state);
            state = state.transition(step.state).unwrap();
        }
        prop_assert_eq!(state, history.state);
        prop_assert!(steps(&history).is_sorted_by_key(|step| step.at));
    }

    /// A report is refused only if the state machine refuses it, after all reports that count before it.
    #[test]
    fn a_report_is_refused_only_where_it_stands_outside_the_machine(reports in reports()) {
        let mut state = Scheduled;
        for (report, fate) in RefundHistory::of(reports).reports {
            match fate {
                ReportEffect::Step => state = state.transition(report.state).unwrap(),
                ReportEffect::Confirms => prop_assert_eq!(report.state, state),
                ReportEffect::Refused(refused) => {
                    prop_assert_eq!(state.transition(report.state), Err(refused));
                    prop_assert!(report.state != state);
                }
            }
        }
    }

    /// Reports after a final state change nothing.
    #[test]
    fn a_final_state_stays_whatever_is_reported_later(reports in reports(), later in vec(select(&REPORTED), 1..5)) {
        let before = RefundHistory::of(reports.clone());
        prop_assume!(before.state.is_final());
        let later = later.into_iter().map(|state| report(100, state));
        let after = RefundHistory::of(reports.into_iter().chain(later));
        prop_assert_eq!(after.state, before.state);
        prop_assert_eq!(steps(&after), steps(&before));
    }
}

#[test]
fn a_late_report_takes_the_place_that_its_time_gives_it() {
    let history = RefundHistory::of([report(30, Succeeded), report(10, Processing), report(20, Abnormal)]);
    assert_eq!(history.state, Succeeded);
    assert_eq!(steps(&history), [report(10, Processing), report(20, Abnormal), report(30, Succeeded)]);
    // The earlier final report counts, although the later one comes first in the list.
    let history = RefundHistory::of([report(30, Closed), report(20, Succeeded)]);
    assert_eq!((history.state, steps(&history)), (Succeeded, vec![report(20, Succeeded)]));
    // A refund that the channel closed can still be paid by hand.
    let history = RefundHistory::of([report(30, Succeeded), report(20, Closed)]);
    assert_eq!((history.state, steps(&history)), (Succeeded, vec![report(20, Closed), report(30, Succeeded)]));
}

#[test]
fn reports_of_one_instant_count_in_the_order_a_refund_meets_their_states() {
    let history = RefundHistory::of([report(1, Succeeded), report(1, Abnormal), report(1, Processing)]);
    assert_eq!(steps(&history).iter().map(|step| step.state).collect::<Vec<_>>(), [Processing, Abnormal, Succeeded]);
    let history = RefundHistory::of([report(1, Closed), report(1, Succeeded)]);
    assert_eq!(history.state, Succeeded, "closed does not take back money that arrived");
}
