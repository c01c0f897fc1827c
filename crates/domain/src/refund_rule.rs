//! How much of a card's price comes back when its programme ends.

use serde::{Deserialize, Serialize};

use crate::{CivilDate, Fen};

/// A programme's choice of what comes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefundRule {
    /// All that was paid, whatever was used.
    #[default]
    Full,
    /// The share of the days that are left.
    ProRata,
}

/// What was paid for a card, split: `refund + kept == paid`, to the fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundShare {
    /// What comes back.
    pub refund: Fen,
    /// What the days that were used cost.
    pub kept: Fen,
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

    /// Splits what was `paid` for a card of these days if cards work through `last_day`. Pro rata, the used share rounds down
    /// to the fen: the odd fen goes to the member.
    pub fn split(self, paid: Fen, valid_from: CivilDate, valid_until: CivilDate, last_day: CivilDate) -> RefundShare {
        let kept = match self {
            Self::Full => Fen(0),
            Self::ProRata => {
                let days = valid_until.days_since(valid_from).max(0) + 1;
                let used = (last_day.days_since(valid_from) + 1).clamp(0, days);
                let kept = i128::from(paid.0) * i128::from(used) / i128::from(days);
                Fen(i64::try_from(kept).expect("a share of at most the whole stays in range"))
            }
        };
        RefundShare { refund: Fen(paid.0 - kept.0), kept }
    }
}
