//! How a refund got where it is, from whatever was reported about it. The reports of providers come late, twice and in any
//! order: the history is made of all of them together, so that the order of their arrival does not matter.

use crate::{IllegalTransition, RefundState, UnixMillis};

/// That a refund reached a state, as somebody reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefundReport {
    /// When, by the reporter's clock.
    pub at: UnixMillis,
    /// The state it reached.
    pub state: RefundState,
}

/// What becomes of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFate {
    /// It moved the refund on.
    Step,
    /// It says what was known already.
    Confirms,
    /// It is outside the state machine and changes nothing.
    Refused(IllegalTransition),
}

/// The state that a refund has reached, and what became of each report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundHistory {
    /// Where the refund stands.
    pub state: RefundState,
    /// The reports in the order in which they count, each with its fate. Those whose fate is [`ReportFate::Step`] are,
    /// after the scheduling itself, the refund's timeline.
    pub reports: Vec<(RefundReport, ReportFate)>,
}

impl RefundHistory {
    /// The history of a scheduled refund. The reports count in the order of their own times; of two of the same instant the
    /// one that a refund meets first comes first.
    pub fn of(reports: impl IntoIterator<Item = RefundReport>) -> Self {
        let mut reports: Vec<RefundReport> = reports.into_iter().collect();
        reports.sort_by_key(|report| (report.at, rank(report.state)));
        let mut state = RefundState::Scheduled;
        let judged = reports.into_iter().map(|report| {
            let fate = match state.transition(report.state) {
                _ if report.state == state => ReportFate::Confirms,
                Ok(next) => {
                    state = next;
                    ReportFate::Step
                }
                Err(refused) => ReportFate::Refused(refused),
            };
            (report, fate)
        });
        let reports = judged.collect();
        Self { state, reports }
    }
}

/// A refund that is stuck can still succeed; one that is closed cannot.
const fn rank(state: RefundState) -> u8 {
    match state {
        RefundState::Scheduled => 0,
        RefundState::Processing => 1,
        RefundState::Abnormal => 2,
        RefundState::Succeeded => 3,
        RefundState::Closed => 4,
    }
}
