//! The life of a membership programme. Dates are civil dates in Asia/Shanghai and take effect at midnight there.

use serde::{Deserialize, Serialize};

use crate::{CivilDate, UnixMillis, described::described};

/// The end of the programme, if one is announced. The phase of the programme depends on this and on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgrammeSchedule {
    /// The last day on which cards work, once an end is announced.
    pub last_day: Option<CivilDate>,
}

described! {
    /// The phase of the programme on a given day.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum ProgrammePhase {
        /// No end is announced.
        Running,
        /// The end is announced. Cards still work, on the last day too.
        Ending,
        /// The last day has passed. Cards no longer work.
        Ended,
    }
}

impl ProgrammeSchedule {
    /// The phase at this instant.
    pub fn phase_at(self, now: UnixMillis) -> ProgrammePhase {
        self.phase_on(CivilDate::in_shanghai(now))
    }

    /// The phase on this day.
    pub fn phase_on(self, today: CivilDate) -> ProgrammePhase {
        match self.last_day {
            None => ProgrammePhase::Running,
            Some(last_day) if today <= last_day => ProgrammePhase::Ending,
            Some(_) => ProgrammePhase::Ended,
        }
    }
}
