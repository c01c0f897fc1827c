//! The share of a card's price that is refunded when its programme ends.

use serde::{Deserialize, Serialize};

use crate::{CivilDate, Fen, described::described};

described! {
    /// The refund rule of a programme: the part of a card's price that is refunded when the programme ends.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum RefundRule {
        /// All that was paid is refunded, independent of the use of the card.
        #[default]
        Full,
        /// The share of the card's days after the programme's last day is refunded. The share of the used
        /// days is rounded down to the fen, so that both shares sum up to the price paid.
        ProRata,
    }
}

/// The price of a card, split into two parts: `refund + retained == paid`, to the fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundShare {
    /// The amount that is refunded.
    pub refund: Fen,
    /// The amount that the programme keeps for the used days.
    pub retained: Fen,
}

impl RefundRule {
    /// All rules.
    pub const ALL: [Self; 2] = [Self::Full, Self::ProRata];

    /// The name used in the API, on the command line and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::ProRata => "pro-rata",
        }
    }

    /// The rule with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == name)
    }

    /// Splits the price `paid` of a card valid from `valid_from` through `valid_until`. `last_day` is the
    /// last day on which cards work. Pro rata, the kept share is rounded down to the fen, in the member's
    /// favour.
    pub fn split(self, paid: Fen, valid_from: CivilDate, valid_until: CivilDate, last_day: CivilDate) -> RefundShare {
        let retained = match self {
            Self::Full => Fen(0),
            Self::ProRata => {
                let days = valid_until.days_since(valid_from).max(0) + 1;
                let used = (last_day.days_since(valid_from) + 1).clamp(0, days);
                let retained = i128::from(paid.0) * i128::from(used) / i128::from(days);
                Fen(i64::try_from(retained).expect("a share of at most the whole stays in range"))
            }
        };
        RefundShare { refund: Fen(paid.0 - retained.0), retained }
    }
}
