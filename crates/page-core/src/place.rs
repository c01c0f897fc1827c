//! What is known of the member's place.

use member_domain::{Distance, Wgs84};

/// The device gives no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPosition {
    /// The member, or the app around the page, does not allow it.
    Denied,
    /// The device cannot tell.
    Unavailable,
    /// There was no answer in time.
    TimedOut,
}

/// From here on a place is too uncertain to say what is within 500 m of it, in metres.
const IMPRECISE_METRES: f64 = 1_000.0;

/// What is known of the member's place. Asked for only when the member taps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// Not asked for.
    Unasked,
    /// Being looked for.
    Asking,
    /// Known.
    Known {
        /// Where the member is.
        position: Wgs84,
        /// How far off that may be.
        within: Distance,
        /// Whether it is being looked for again.
        renewal: Renewal,
    },
    /// There is none.
    Unavailable(NoPosition),
}

/// How looking again for a place that is known stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// It is not being looked for.
    None,
    /// It is.
    Asking,
    /// It was in vain; the place is of before.
    Failed(NoPosition),
}

impl Place {
    /// A place that was just found.
    pub const fn at(position: Wgs84, within: Distance) -> Self {
        Self::Known { position, within, renewal: Renewal::None }
    }

    /// The same while it is looked for, for the first time or again.
    #[must_use]
    pub const fn asking(self) -> Self {
        match self {
            Self::Known { position, within, .. } => Self::Known { position, within, renewal: Renewal::Asking },
            _ => Self::Asking,
        }
    }

    /// The same once it could not be had. What was known stays.
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

    /// Whether it is being looked for.
    pub const fn is_asked_for(self) -> bool {
        matches!(self, Self::Asking | Self::Known { renewal: Renewal::Asking, .. })
    }

    /// Why the last try to find it failed.
    pub const fn trouble(self) -> Option<NoPosition> {
        match self {
            Self::Unavailable(reason) | Self::Known { renewal: Renewal::Failed(reason), .. } => Some(reason),
            _ => None,
        }
    }

    /// Whether it is known, but not exactly enough to count what is near.
    pub fn is_imprecise(self) -> bool {
        matches!(self, Self::Known { within, .. } if within.metres > IMPRECISE_METRES)
    }
}
