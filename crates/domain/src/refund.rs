//! The states of a refund. They follow WeChat Pay's refund states (`PROCESSING`, `SUCCESS`, `ABNORMAL`, `CLOSED`), with
//! `Scheduled` before them: the refund is decided and not yet handed to the provider.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::described::described;

described! {
    /// The state of a refund. The states follow WeChat Pay's refund states, with `scheduled` before them.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum RefundState {
        /// The refund is decided and not yet handed to the payment provider. Next: any other state, because
        /// the report that the provider accepted the refund can be lost.
        Scheduled,
        /// The provider has accepted the refund; the money is on its way. Next: `succeeded`, `abnormal` or
        /// `closed`.
        Processing,
        /// The provider reports that the money is paid out. Final.
        Succeeded,
        /// The provider could not pay out, for example because the bank card was cancelled. The member must
        /// act. Next: `processing` (another try), `succeeded` (settled by hand) or `closed`.
        Abnormal,
        /// The provider closed the refund without payment. Next: `succeeded` (settled by hand).
        Closed,
    }
}

/// A change of state that the state machine does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IllegalTransition {
    /// The current state of the refund.
    pub from: RefundState,
    /// The requested state.
    pub to: RefundState,
}

impl fmt::Display for IllegalTransition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a refund that is {} cannot become {}", self.from.as_str(), self.to.as_str())
    }
}

impl std::error::Error for IllegalTransition {}

impl RefundState {
    /// All states, in the order in which a refund can reach them.
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

    /// Whether the state can never change again.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded)
    }

    /// Returns `next`, if the state machine allows it after this state. Each variant names the states that
    /// can follow it.
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
