//! Whether a card pays for itself: said from confirmed redemptions only, and plainly when it does not.

use crate::{CivilDate, Fen, RefundState};

/// How many days a card must have been in use before its pace says anything about the days to come.
pub const PACE_DAYS: i64 = 30;

/// What is known of a card when one asks whether it pays off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayoffTerms {
    /// What was paid for it.
    pub paid: Fen,
    /// What it has saved so far.
    pub saved: Fen,
    /// With how many redemptions.
    pub redemptions: u32,
    /// The first day it worked.
    pub first_day: CivilDate,
    /// The last day it works: its own, or the programme's if that comes first.
    pub last_day: CivilDate,
    /// The refund of its price, if one is decided: how much, and where it stands.
    pub refund: Option<(Fen, RefundState)>,
}

/// Whether a card pays for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoffOutlook {
    /// It has saved at least what it costs; this much more.
    Reached {
        /// What it saved beyond its cost.
        beyond: Fen,
    },
    /// Not yet; it still works.
    Missing {
        /// What it has to save still.
        missing: Fen,
        /// At the member's own average, if there is one.
        average: Option<Average>,
        /// What it will have saved by its last day at the pace so far, if that is less than it costs.
        falls_short_at: Option<Fen>,
    },
    /// It has not, and works no longer.
    FellShort {
        /// What is missing for good.
        missing: Fen,
    },
}

/// What a member saves each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Average {
    /// The mean saving of a redemption, rounded down to the fen.
    pub each: Fen,
    /// How many more redemptions of that size reach the cost.
    pub more: u32,
}

impl PayoffTerms {
    /// What the card costs in the end: what was paid, less what comes back. A refund that was closed without payment brings
    /// nothing back.
    pub fn cost(&self) -> Fen {
        match self.refund {
            Some((amount, state)) if state != RefundState::Closed => Fen((self.paid.0 - amount.0).max(0)),
            _ => self.paid,
        }
    }

    /// Whether the card pays for itself, as of `today`.
    pub fn on(&self, today: CivilDate) -> PayoffOutlook {
        let cost = self.cost();
        let missing = Fen(cost.0 - self.saved.0);
        if missing.0 <= 0 {
            return PayoffOutlook::Reached { beyond: Fen(-missing.0) };
        }
        if today > self.last_day {
            return PayoffOutlook::FellShort { missing };
        }
        PayoffOutlook::Missing {
            missing,
            average: self.average(missing),
            falls_short_at: self.falls_short_at(cost, today),
        }
    }

    fn average(&self, missing: Fen) -> Option<Average> {
        let each = self.saved.0.checked_div(i64::from(self.redemptions)).filter(|each| *each > 0)?;
        let more = (missing.0 - 1) / each + 1;
        Some(Average { each: Fen(each), more: u32::try_from(more).ok()? })
    }

    /// What the pace so far comes to by the last day, rounded down, if that is less than the cost. Nothing in the card's first
    /// days: that is no pace.
    fn falls_short_at(&self, cost: Fen, today: CivilDate) -> Option<Fen> {
        let used = today.days_since(self.first_day) + 1;
        let all = self.last_day.days_since(self.first_day) + 1;
        if used < PACE_DAYS {
            return None;
        }
        let comes_to = i128::from(self.saved.0) * i128::from(all) / i128::from(used);
        let comes_to = Fen(i64::try_from(comes_to).ok()?);
        (comes_to < cost).then_some(comes_to)
    }
}
