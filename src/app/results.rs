//! Redemptions as the page shows them: what `page_core::redemptions` decides becomes signals.

use member_domain::{TimeStep, TotpPeriod, wire::LedgerEntry};
use page_core::redemptions::{Effect as Outcome, Event, Moment, Redemptions};

use super::member::MemberState;
use crate::{
    clock::{PageClock, monotonic_millis},
    prelude::*,
};

/// The redemptions that the page has heard of.
#[derive(Clone, Copy)]
pub(super) struct Results {
    state: StoredValue<Redemptions>,
    /// The result on the sheet.
    pub(super) result: RwSignal<Option<LedgerEntry>>,
    /// The last step whose code is used up.
    pub(super) spent: RwSignal<Option<TimeStep>>,
    /// The last redemption that happened since the page was mounted, whatever was on screen.
    pub(super) news: RwSignal<Option<LedgerEntry>>,
    member: MemberState,
    clock: PageClock,
}

impl Results {
    /// None yet.
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

    /// The sheet was opened or closed.
    pub(super) fn sheet(self, is_open: bool) {
        self.take(if is_open { Event::SheetOpened(self.now()) } else { Event::SheetClosed });
    }

    /// The backend told of a redemption; `period` is that of the codes that the device shows.
    pub(super) fn told(self, entry: LedgerEntry, period: Option<TotpPeriod>) {
        let shown = self.result.try_with_untracked(|result| result.as_ref().map(|entry| entry.id.clone())).flatten();
        self.take(Event::Told { entry, now: self.now(), shown: shown.as_deref(), period });
    }

    /// A redemption by PIN on this device succeeded.
    pub(super) fn made_here(self, entry: LedgerEntry, is_open: bool) {
        self.take(Event::MadeHere { entry, now: self.now(), is_open });
    }

    /// The member has seen the result.
    pub(super) fn put_away(self) {
        self.result.set(None);
    }

    fn now(self) -> Moment {
        Moment { time: self.clock.now(), monotonic: monotonic_millis() }
    }

    /// Nothing happens once the page is unmounted.
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
