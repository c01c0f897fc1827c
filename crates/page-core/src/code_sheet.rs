//! What stands in the middle of the sheet with the code.

/// What there is to show.
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on each other")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// There is something to make codes with.
    pub is_ready: bool,
    /// A redemption has just happened.
    pub has_result: bool,
    /// Staff want to enter the PIN of a shop that takes it.
    pub wants_pin: bool,
    /// A redemption by PIN may have happened or not.
    pub is_unsettled: bool,
    /// The member wants a code all the same.
    pub all_the_same: bool,
    /// The time is not certain, and the backend could not be asked.
    pub is_time_in_doubt: bool,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The redemption that has just happened.
    Result,
    /// The form for bill and PIN.
    PinForm,
    /// That a redemption by PIN may have happened or not.
    Unsettled,
    /// The time, for the member to compare.
    TimeInDoubt,
    /// The code.
    Code,
    /// Why there is none.
    NoCode,
}

impl Shown {
    /// What is shown while these hold. As long as nobody knows whether a PIN has redeemed, the code could redeem once more.
    pub const fn of(facts: Facts) -> Self {
        match facts {
            Facts { has_result: true, .. } => Self::Result,
            Facts { wants_pin: true, .. } => Self::PinForm,
            Facts { is_ready: false, .. } => Self::NoCode,
            Facts { is_unsettled: true, all_the_same: false, .. } => Self::Unsettled,
            Facts { is_time_in_doubt: true, .. } => Self::TimeInDoubt,
            _ => Self::Code,
        }
    }
}
