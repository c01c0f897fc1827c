//! The history of a refund, computed from all reports about it. Providers can send reports late, twice and in any
//! order. The history always uses all reports together, so that the order of their arrival does not matter.

use crate::{IllegalTransition, RefundState, UnixMillis};

/// A report that a refund reached a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefundReport {
    /// The time, by the reporter's clock.
    pub at: UnixMillis,
    /// The state that the refund reached.
    pub state: RefundState,
}

/// The effect of a report on the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportEffect {
    /// The report changed the refund's state.
    Step,
    /// The report repeats the current state.
    Confirms,
    /// The state machine does not allow the reported change. The report has no effect.
    Refused(IllegalTransition),
}

/// The state of a refund, and the effect of each report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundHistory {
    /// The current state of the refund.
    pub state: RefundState,
    /// The reports in the order in which they are applied, each with its effect. The reports with
    /// [`ReportEffect::Step`] form the refund's timeline, after the scheduling itself.
    pub reports: Vec<(RefundReport, ReportEffect)>,
}

impl RefundHistory {
    /// The history of a scheduled refund. Reports are applied in the order of their times. Reports of the same instant
    /// are applied in the order in which a refund can reach their states.
    pub fn of(reports: impl IntoIterator<Item = RefundReport>) -> Self {
        let mut reports: Vec<RefundReport> = reports.into_iter().collect();
        reports.sort_by_key(|report| (report.at, rank(report.state)));
        let mut state = RefundState::Scheduled;
        let with_effects = reports.into_iter().map(|report| {
            let effect = match state.transition(report.state) {
                _ if report.state == state => ReportEffect::Confirms,
                Ok(next) => {
                    state = next;
                    ReportEffect::Step
                }
                Err(refused) => ReportEffect::Refused(refused),
            };
            (report, effect)
        });
        let reports = with_effects.collect();
        Self { state, reports }
    }
}

/// The order of states for reports of the same instant. Abnormal comes before succeeded, because an abnormal refund can
/// still succeed. Closed comes last.
const fn rank(state: RefundState) -> u8 {
    match state {
        RefundState::Scheduled => 0,
        RefundState::Processing => 1,
        RefundState::Abnormal => 2,
        RefundState::Succeeded => 3,
        RefundState::Closed => 4,
    }
}
