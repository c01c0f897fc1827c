//! Decides what the code sheet shows in its middle, which code, and which way to redeem comes first.

use member_domain::{RedeemMethod, TimeStep, TotpPeriod, UnixMillis};

/// The facts that decide it.
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on each other")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// A credential is ready to make codes.
    pub is_ready: bool,
    /// A redemption has just happened.
    pub has_result: bool,
    /// Staff want to type the PIN, at a shop that accepts it.
    pub wants_pin: bool,
    /// The outcome of a redemption by PIN is unknown.
    pub is_unsettled: bool,
    /// The member wants a code although that outcome is unknown.
    pub wants_code_anyway: bool,
    /// The time is uncertain, and the backend could not be reached.
    pub is_time_in_doubt: bool,
}

/// The content of the code sheet's middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetContent {
    /// The receipt of the latest redemption.
    Result,
    /// The form for bill and PIN.
    PinForm,
    /// The message that a redemption by PIN has an unknown outcome.
    Unsettled,
    /// The time, so that the member can compare it.
    TimeInDoubt,
    /// The code.
    Code,
    /// The reason why there is no code.
    NoCode,
}

impl SheetContent {
    /// The content for these facts. While the outcome of a redemption by PIN is unknown, a code could redeem a second
    /// time.
    pub const fn of(facts: Facts) -> Self {
        match facts {
            Facts { has_result: true, .. } => Self::Result,
            Facts { wants_pin: true, .. } => Self::PinForm,
            Facts { is_ready: false, .. } => Self::NoCode,
            Facts { is_unsettled: true, wants_code_anyway: false, .. } => Self::Unsettled,
            Facts { is_time_in_doubt: true, .. } => Self::TimeInDoubt,
            _ => Self::Code,
        }
    }
}

/// The code on screen, or the time until there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownCode {
    /// The code of this step.
    OfStep(TimeStep),
    /// The codes of the current step and of the next are used. The next code can be shown from this instant on.
    From(UnixMillis),
}

impl ShownCode {
    /// The code to show at `now`: that of the current step, or of the next step if the current code is used. The backend
    /// accepts one step ahead. If that code is used too, there is none until the next step begins.
    pub fn at(now: UnixMillis, period: TotpPeriod, used_step: Option<TimeStep>) -> Self {
        let current = TimeStep::at(now, period);
        let step = used_step.map_or(current, |used_step| current.max(used_step.next()));
        let first_shown_in = step.plus(-1);
        if first_shown_in <= current { Self::OfStep(step) } else { Self::From(first_shown_in.start(period)) }
    }

    /// The step of the code.
    pub const fn step(self) -> Option<TimeStep> {
        match self {
            Self::OfStep(step) => Some(step),
            Self::From(_) => None,
        }
    }
}

/// The first way to redeem at a shop: the one that worked there last, if the shop still accepts it; otherwise the
/// shop's best.
pub fn first_way(methods: &[RedeemMethod], worked: Option<RedeemMethod>) -> Option<RedeemMethod> {
    worked.filter(|worked| methods.contains(worked)).or_else(|| methods.first().copied())
}
