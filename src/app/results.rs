//! The redemptions the page shows. Turns the decisions of `page_core::redemptions` into signals.

use member_domain::{TimeStep, TotpPeriod, wire::LedgerEntry};
use page_core::redemptions::{Effect as Outcome, Event, Moment, Redemptions};

use super::member::MemberState;
use crate::{
    clock::{PageClock, monotonic_millis},
    prelude::*,
};

/// The redemptions known to the page.
#[derive(Clone, Copy)]
pub(super) struct Results {
    state: StoredValue<Redemptions>,
    /// The result on the sheet.
    pub(super) result: RwSignal<Option<LedgerEntry>>,
    /// The last time step whose code is used.
    pub(super) spent: RwSignal<Option<TimeStep>>,
    /// The last redemption since the page was mounted, whether it was on screen or not.
    pub(super) news: RwSignal<Option<LedgerEntry>>,
    member: MemberState,
    clock: PageClock,
}

impl Results {
    pub(super) fn start(member: MemberState, clock: PageClock) -> Self {
        Self {
            state: StoredValue::new(Redemptions::mounted_at(monotonic_millis())),
            result: RwSignal::new(None),
            spent: RwSignal::new(None),
            news: RwSignal::new(None),
            member,
            clock,
        }
    }

    /// Handles the sheet's opening or closing.
    pub(super) fn sheet(self, is_open: bool) {
        self.take(if is_open { Event::SheetOpened(self.now()) } else { Event::SheetClosed });
    }

    /// Records a redemption reported by the backend. `period` is the period of this device's codes.
    pub(super) fn told(self, entry: LedgerEntry, period: Option<TotpPeriod>) {
        let shown = self.result.try_with_untracked(|result| result.as_ref().map(|entry| entry.id.clone())).flatten();
        self.take(Event::Told { entry, now: self.now(), shown: shown.as_deref(), period });
    }

    /// Records a successful PIN redemption on this device.
    pub(super) fn made_here(self, entry: LedgerEntry, is_open: bool) {
        self.take(Event::MadeHere { entry, now: self.now(), is_open });
    }

    /// Removes the result after the member has seen it.
    pub(super) fn put_away(self) {
        self.result.set(None);
    }

    fn now(self) -> Moment {
        Moment { time: self.clock.now(), monotonic: monotonic_millis() }
    }

    /// Does nothing once the page is unmounted.
    fn take(self, event: Event<'_>) {
        for outcome in self.state.try_update_value(|state| state.update(event)).unwrap_or_default() {
            match outcome {
                Outcome::Show(entry) => drop(self.result.try_set(Some(entry))),
                Outcome::Hide => drop(self.result.try_set(None)),
                Outcome::Announce(entry) => drop(self.news.try_set(Some(entry))),
                Outcome::Spend(step) => drop(self.spent.try_set(Some(step))),
                Outcome::Refresh => self.member.refresh(),
            }
        }
    }
}
