//! The loading state of a panel's data.

use member_domain::wire::ProblemKind;

/// The reason why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// The backend cannot be reached, or its answer timed out.
    Unreachable,
    /// The backend refused the request and gave this reason.
    Problem(ProblemKind),
    /// The page does not understand the backend's answer.
    Unreadable,
}

/// Data that is loading, available or failed. A refresh never clears data that is on screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Load<T> {
    /// The first request is pending.
    Loading,
    /// The data is available.
    Ready {
        /// The last good answer.
        value: T,
        /// Whether a later refresh has failed.
        stale: bool,
    },
    /// There was never an answer, and the last request failed.
    Failed(ApiError),
}

impl<T> Load<T> {
    /// New data, not stale.
    pub const fn ready(value: T) -> Self {
        Self::Ready { value, stale: false }
    }

    /// The last good value.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Ready { value, .. } => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }

    /// Whether the last refresh failed, so that the value can be outdated.
    pub const fn is_stale(&self) -> bool {
        matches!(self, Self::Ready { stale: true, .. })
    }

    /// Converts the value and keeps the loading state.
    pub fn map<U>(&self, make: impl FnOnce(&T) -> U) -> Load<U> {
        match self {
            Self::Loading => Load::Loading,
            Self::Ready { value, stale } => Load::Ready { value: make(value), stale: *stale },
            Self::Failed(error) => Load::Failed(*error),
        }
    }

    /// Applies the outcome of a request. A failure keeps the last good value and marks it stale. If the failure says
    /// that nobody is signed in, the value is dropped.
    pub fn settle(&mut self, outcome: Result<T, ApiError>) {
        match (outcome, &mut *self) {
            (Ok(value), _) => *self = Self::ready(value),
            // The member's data must not stay visible after a sign-out.
            (Err(error @ ApiError::Problem(ProblemKind::Unauthorized)), _) => *self = Self::Failed(error),
            (Err(_), Self::Ready { stale, .. }) => *stale = true,
            (Err(error), _) => *self = Self::Failed(error),
        }
    }

    /// Prepares a retry: a failure becomes loading, a value stays.
    pub fn retry(&mut self) {
        if matches!(self, Self::Failed(_)) {
            *self = Self::Loading;
        }
    }
}
