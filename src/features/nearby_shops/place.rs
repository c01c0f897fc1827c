//! What is known of the member's place.

use member_domain::{Distance, Wgs84};

use crate::geolocation::NoPosition;

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
    },
    /// There is none.
    Unavailable(NoPosition),
}

impl Place {
    /// The position, if it is known.
    pub const fn known(self) -> Option<Wgs84> {
        match self {
            Self::Known { position, .. } => Some(position),
            Self::Unasked | Self::Asking | Self::Unavailable(_) => None,
        }
    }

    /// Whether it is known, but not exactly enough to count what is near.
    pub fn is_imprecise(self) -> bool {
        matches!(self, Self::Known { within, .. } if within.metres > IMPRECISE_METRES)
    }
}
