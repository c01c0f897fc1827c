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
    Unasked,
    /// The first request is pending.
    Asking,
    /// The position is known.
    Known {
        /// The member's position.
        position: Wgs84,
        /// The position's maximum error.
        within: Distance,
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
    Asking,
    /// The last request failed; the previous position is kept.
    Failed(NoPosition),
}

impl Place {
    /// A new position.
    pub const fn at(position: Wgs84, within: Distance) -> Self {
        Self::Known { position, within, renewal: Renewal::None }
    }

    /// Starts a request. A known position is kept.
    #[must_use]
    pub const fn asking(self) -> Self {
        match self {
            Self::Known { position, within, .. } => Self::Known { position, within, renewal: Renewal::Asking },
            _ => Self::Asking,
        }
    }

    /// Records that a request failed. A known position is kept.
    #[must_use]
    pub const fn failed(self, reason: NoPosition) -> Self {
        match self {
            Self::Known { position, within, .. } => Self::Known { position, within, renewal: Renewal::Failed(reason) },
            _ => Self::Unavailable(reason),
        }
    }

    /// The position, if it is known.
    pub const fn known(self) -> Option<Wgs84> {
        match self {
            Self::Known { position, .. } => Some(position),
            Self::Unasked | Self::Asking | Self::Unavailable(_) => None,
        }
    }

    /// Whether a request is pending.
    pub const fn is_asked_for(self) -> bool {
        matches!(self, Self::Asking | Self::Known { renewal: Renewal::Asking, .. })
    }

    /// The reason why the last request failed.
    pub const fn trouble(self) -> Option<NoPosition> {
        match self {
            Self::Unavailable(reason) | Self::Known { renewal: Renewal::Failed(reason), .. } => Some(reason),
            _ => None,
        }
    }

    /// Whether the position is known, but too imprecise to count nearby shops.
    pub fn is_imprecise(self) -> bool {
        matches!(self, Self::Known { within, .. } if within.metres > IMPRECISE_METRES)
    }
}
