//! The state of the member's position.

use member_domain::{Distance, Wgs84};

/// The reason why the device gives no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPosition {
    /// The member or the host app does not allow it.
    Denied,
    /// The device cannot determine its position.
    Unavailable,
    /// The request timed out.
    TimedOut,
}

/// The error in metres above which a position is too imprecise to count the shops within 500 m.
const IMPRECISE_METRES: f64 = 1_000.0;

/// The state of the member's position. It is requested only when the member taps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// The position was never requested.
    NotRequested,
    /// The first request is pending.
    Pending,
    /// The position is known.
    Known {
        /// The member's position.
        position: Wgs84,
        /// The position's maximum error.
        accuracy: Distance,
        /// The state of a further request.
        renewal: Renewal,
    },
    /// No position is known, and the last request failed.
    Unavailable(NoPosition),
}

/// The state of a further request while a position is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// No request is pending.
    None,
    /// A request is pending.
    Pending,
    /// The last request failed; the previous position is kept.
    Failed(NoPosition),
}

impl Place {
    /// A new position.
    pub const fn at(position: Wgs84, accuracy: Distance) -> Self {
        Self::Known { position, accuracy, renewal: Renewal::None }
    }

    /// Starts a request. A known position is kept.
    #[must_use]
    pub const fn with_pending_request(self) -> Self {
        match self {
            Self::Known { position, accuracy, .. } => Self::Known { position, accuracy, renewal: Renewal::Pending },
            _ => Self::Pending,
        }
    }

    /// Records that a request failed. A known position is kept.
    #[must_use]
    pub const fn with_failure(self, reason: NoPosition) -> Self {
        match self {
            Self::Known { position, accuracy, .. } => {
                Self::Known { position, accuracy, renewal: Renewal::Failed(reason) }
            }
            _ => Self::Unavailable(reason),
        }
    }

    /// The position, if it is known.
    pub const fn position(self) -> Option<Wgs84> {
        match self {
            Self::Known { position, .. } => Some(position),
            Self::NotRequested | Self::Pending | Self::Unavailable(_) => None,
        }
    }

    /// Whether a request is pending.
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::Pending | Self::Known { renewal: Renewal::Pending, .. })
    }

    /// The reason why the last request failed.
    pub const fn failure(self) -> Option<NoPosition> {
        match self {
            Self::Unavailable(reason) | Self::Known { renewal: Renewal::Failed(reason), .. } => Some(reason),
            _ => None,
        }
    }

    /// Whether the position is known, but too imprecise to count nearby shops.
    pub fn is_imprecise(self) -> bool {
        matches!(self, Self::Known { accuracy, .. } if accuracy.metres > IMPRECISE_METRES)
    }
}
