//! The states a refund goes through, after WeChat Pay's refund states (`PROCESSING`, `SUCCESS`, `ABNORMAL`, `CLOSED`)
//! with `Scheduled` before them: decided, not yet handed to the provider.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefundState {
    /// Decided, not yet handed to the payment provider.
    Scheduled,
    /// The provider has accepted it; the money is on its way.
    Processing,
    /// The provider reports the money as paid out.
    Succeeded,
    /// The provider could not pay out, for example because the bank card was cancelled. The member has to act.
    Abnormal,
    /// The provider closed it without paying. It has to be settled by hand.
    Closed,
}

/// A change of state that the machine does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IllegalTransition {
    /// The state the refund is in.
    pub from: RefundState,
    /// The state it was to go to.
    pub to: RefundState,
}

impl fmt::Display for IllegalTransition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a refund that is {} cannot become {}", self.from.as_str(), self.to.as_str())
    }
}

impl std::error::Error for IllegalTransition {}

impl RefundState {
    /// All states, in the order a refund can meet them.
    pub const ALL: [Self; 5] = [Self::Scheduled, Self::Processing, Self::Succeeded, Self::Abnormal, Self::Closed];

    /// The name used in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
            Self::Abnormal => "abnormal",
            Self::Closed => "closed",
        }
    }

    /// The state with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether nothing changes a refund in this state any more.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded)
    }

    /// This state followed by `next`, if the machine allows it: scheduled -> any other, since the report that the provider
    /// has accepted a refund may be lost; processing -> succeeded, abnormal or closed; abnormal -> processing (tried
    /// again), succeeded (settled by hand) or closed; closed -> succeeded (settled by hand).
    pub fn transition(self, next: Self) -> Result<Self, IllegalTransition> {
        use RefundState::{Abnormal, Closed, Processing, Scheduled, Succeeded};
        match (self, next) {
            (Scheduled, Processing | Succeeded | Abnormal | Closed)
            | (Processing, Succeeded | Abnormal | Closed)
            | (Abnormal, Processing | Succeeded | Closed)
            | (Closed, Succeeded) => Ok(next),
            _ => Err(IllegalTransition { from: self, to: next }),
        }
    }
}
