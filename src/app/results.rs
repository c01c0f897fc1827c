//! The redemptions the page shows. Turns the decisions of `page_core::redemptions` into signals.

use member_domain::{TimeStep, TotpPeriod, wire::LedgerEntry};
use page_core::redemptions::{Effect as CoreEffect, Event, Moment, Redemptions};

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
    pub(super) used_step: RwSignal<Option<TimeStep>>,
    /// The last redemption since the page was mounted, whether it was on screen or not.
    pub(super) last_redemption: RwSignal<Option<LedgerEntry>>,
    member: MemberState,
    clock: PageClock,
}

impl Results {
    pub(super) fn start(member: MemberState, clock: PageClock) -> Self {
        Self {
            state: StoredValue::new(Redemptions::mounted_at(monotonic_millis())),
            result: RwSignal::new(None),
            used_step: RwSignal::new(None),
            last_redemption: RwSignal::new(None),
            member,
            clock,
        }
    }

    /// Handles the sheet's opening or closing.
    pub(super) fn set_sheet_open(self, is_open: bool) {
        self.handle(if is_open { Event::SheetOpened(self.now()) } else { Event::SheetClosed });
    }

    /// Records a redemption reported by the backend. `period` is the period of this device's codes.
    pub(super) fn record_redemption(self, entry: LedgerEntry, period: Option<TotpPeriod>) {
        let shown = self.result.try_with_untracked(|result| result.as_ref().map(|entry| entry.id.clone())).flatten();
        self.handle(Event::Reported { entry, now: self.now(), shown: shown.as_deref(), period });
    }

    /// Records a successful PIN redemption on this device.
    pub(super) fn record_pin_redemption(self, entry: LedgerEntry, is_open: bool) {
        self.handle(Event::RedeemedByPin { entry, now: self.now(), is_open });
    }

    /// Removes the result after the member has seen it.
    pub(super) fn clear_result(self) {
        self.result.set(None);
    }

    fn now(self) -> Moment {
        Moment { time: self.clock.now(), monotonic: monotonic_millis() }
    }

    /// Does nothing once the page is unmounted.
    fn handle(self, event: Event<'_>) {
        for effect in self.state.try_update_value(|state| state.update(event)).unwrap_or_default() {
            match effect {
                CoreEffect::Show(entry) => drop(self.result.try_set(Some(entry))),
                CoreEffect::Hide => drop(self.result.try_set(None)),
                CoreEffect::Announce(entry) => drop(self.last_redemption.try_set(Some(entry))),
                CoreEffect::MarkUsed(step) => drop(self.used_step.try_set(Some(step))),
                CoreEffect::Refresh => self.member.refresh(),
            }
        }
    }
}
