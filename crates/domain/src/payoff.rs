//! Whether a card pays for itself. The answer uses confirmed redemptions only, and says clearly if the card does not.

use crate::{CivilDate, Fen, RefundState};

/// The number of days that a card must be in use before its pace predicts the days to come.
pub const PACE_DAYS: i64 = 30;

/// The facts that decide whether a card pays off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayoffTerms {
    /// The price that was paid for the card.
    pub paid: Fen,
    /// The savings of the card so far.
    pub saved: Fen,
    /// The number of redemptions with the card.
    pub redemptions: u32,
    /// The first day on which the card worked.
    pub first_day: CivilDate,
    /// The last day on which the card works: the earlier of its own last day and the programme's.
    pub last_day: CivilDate,
    /// The amount and state of the refund of the card's price, if a refund is decided.
    pub refund: Option<(Fen, RefundState)>,
}

/// Whether a card pays for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoffOutlook {
    /// The card has saved at least its cost.
    Reached {
        /// The amount that the card saved beyond its cost.
        beyond: Fen,
    },
    /// The card has not saved its cost yet, and it still works.
    Missing {
        /// The amount that the card has to save to reach its cost.
        missing: Fen,
        /// The member's average saving, if there is one.
        average: Option<Average>,
        /// The projected saving by the last day at the pace so far, if it is below the cost.
        falls_short_at: Option<Fen>,
    },
    /// The card did not save its cost, and it no longer works.
    FellShort {
        /// The amount that is finally missing.
        missing: Fen,
    },
}

/// The member's average saving per redemption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Average {
    /// The mean saving of a redemption, rounded down to the fen.
    pub each: Fen,
    /// The number of further redemptions of that size that reach the cost.
    pub more: u32,
}

impl PayoffTerms {
    /// The final cost of the card: the price paid minus the refund. A refund that was closed without payment does not
    /// count.
    pub fn cost(&self) -> Fen {
        match self.refund {
            Some((amount, state)) if state != RefundState::Closed => Fen((self.paid.0 - amount.0).max(0)),
            _ => self.paid,
        }
    }

    /// Whether the card pays for itself, as of `today`.
    pub fn outlook_on(&self, today: CivilDate) -> PayoffOutlook {
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

    /// The projected saving by the last day at the pace so far, rounded down. `None` if it reaches the cost, or if the
    /// card has been in use for less than [`PACE_DAYS`].
    fn falls_short_at(&self, cost: Fen, today: CivilDate) -> Option<Fen> {
        let used = today.days_since(self.first_day) + 1;
        let all = self.last_day.days_since(self.first_day) + 1;
        if used < PACE_DAYS {
            return None;
        }
        let projected = i128::from(self.saved.0) * i128::from(all) / i128::from(used);
        let projected = Fen(i64::try_from(projected).ok()?);
        (projected < cost).then_some(projected)
    }
}
