//! What a panel knows of its data.

use member_domain::wire::ProblemKind;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// The backend cannot be reached, or did not answer in time.
    Unreachable,
    /// The backend refused and said why.
    Problem(ProblemKind),
    /// The backend answered something this page does not understand.
    Unreadable,
}

/// Data on its way, at hand, or not to be had. A refresh never blanks what is on screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Load<T> {
    /// Asked for the first time.
    Loading,
    /// At hand.
    Ready {
        /// The last good answer.
        value: T,
        /// Whether asking again has failed since.
        stale: bool,
    },
    /// Never had, and the last try failed.
    Failed(ApiError),
}

impl<T> Load<T> {
    /// Data that has just arrived.
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

    /// Whether the value is older than the last try to renew it.
    pub const fn is_stale(&self) -> bool {
        matches!(self, Self::Ready { stale: true, .. })
    }

    /// The same about something made of the value.
    pub fn map<U>(&self, make: impl FnOnce(&T) -> U) -> Load<U> {
        match self {
            Self::Loading => Load::Loading,
            Self::Ready { value, stale } => Load::Ready { value: make(value), stale: *stale },
            Self::Failed(error) => Load::Failed(*error),
        }
    }

    /// What is known after an answer or a failure arrived: a failure keeps the last good value and marks it stale,
    /// unless it says that nobody is signed in.
    pub fn settle(&mut self, outcome: Result<T, ApiError>) {
        match (outcome, &mut *self) {
            (Ok(value), _) => *self = Self::ready(value),
            // Whoever is signed out must not go on looking at the member's data.
            (Err(error @ ApiError::Problem(ProblemKind::Unauthorized)), _) => *self = Self::Failed(error),
            (Err(_), Self::Ready { stale, .. }) => *stale = true,
            (Err(error), _) => *self = Self::Failed(error),
        }
    }

    /// What is known once the member asks again: a failure becomes loading, a value stays.
    pub fn retry(&mut self) {
        if matches!(self, Self::Failed(_)) {
            *self = Self::Loading;
        }
    }
}
