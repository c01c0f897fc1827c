//! Delayed actions on one shared browser timer. The phone wakes only for due actions.

use std::{cell::RefCell, time::Duration};

use leptos::leptos_dom::helpers::TimeoutHandle;

use super::monotonic_millis;
use crate::prelude::*;

/// A delayed action. Dropping it cancels the action.
#[derive(Debug)]
#[must_use = "dropped, it does nothing"]
pub struct Alarm(u64);

struct PendingAction {
    number: u64,
    /// In monotonic milliseconds.
    due: f64,
    act: Act,
}

type Act = Box<dyn FnOnce()>;

#[derive(Default)]
struct Alarms {
    pending: Vec<PendingAction>,
    /// The browser's timer and its due time, in monotonic milliseconds.
    timer: Option<(f64, TimeoutHandle)>,
    last_number: u64,
}

thread_local! {
    static ALARMS: RefCell<Alarms> = RefCell::default();
}

impl Alarm {
    /// Runs `act` after `wait`.
    pub fn after(wait: Duration, act: impl FnOnce() + 'static) -> Self {
        let due = monotonic_millis() + millis(wait);
        ALARMS.with_borrow_mut(|alarms| {
            alarms.last_number += 1;
            let number = alarms.last_number;
            alarms.pending.push(PendingAction { number, due, act: Box::new(act) });
            alarms.set_timer();
            Self(number)
        })
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        // Dropped outside the borrow: the action may own another alarm.
        let _dropped_later = ALARMS.with_borrow_mut(|alarms| {
            let place = alarms.pending.iter().position(|pending| pending.number == self.0)?;
            let dropped = alarms.pending.swap_remove(place);
            if alarms.pending.is_empty() {
                alarms.clear_timer();
            }
            Some(dropped)
        });
    }
}

impl Alarms {
    fn earliest(&self) -> Option<(usize, f64)> {
        let all = self.pending.iter().map(|pending| pending.due).enumerate();
        all.min_by(|(_, a), (_, b)| a.total_cmp(b))
    }

    /// Removes and returns the earliest action, if it is due at `now`.
    fn take_due(&mut self, now: f64) -> Option<Act> {
        let (place, _) = self.earliest().filter(|(_, due)| *due <= now)?;
        Some(self.pending.swap_remove(place).act)
    }

    /// Sets the browser's timer to the earliest alarm. A timer that fires with no due alarm is harmless.
    fn set_timer(&mut self) {
        let Some((_, due)) = self.earliest() else { return };
        if self.timer.as_ref().is_some_and(|(timer_due, _)| *timer_due <= due) {
            return;
        }
        self.clear_timer();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "neither negative nor huge")]
        let wait = (due - monotonic_millis()).max(0.0).ceil() as u64;
        self.timer = set_timeout_with_handle(run_due, Duration::from_millis(wait)).ok().map(|handle| (due, handle));
    }

    fn clear_timer(&mut self) {
        if let Some((_, handle)) = self.timer.take() {
            handle.clear();
        }
    }
}

/// Runs the due actions. Each runs outside the borrow: it may set or drop another alarm.
fn run_due() {
    // Browser timers count whole milliseconds, so one may fire up to a millisecond early.
    let now = monotonic_millis() + 1.0;
    ALARMS.with_borrow_mut(|alarms| alarms.timer = None);
    while let Some(act) = ALARMS.with_borrow_mut(|alarms| alarms.take_due(now)) {
        act();
    }
    ALARMS.with_borrow_mut(Alarms::set_timer);
}

#[expect(clippy::cast_precision_loss, reason = "waits are short")]
fn millis(wait: Duration) -> f64 {
    wait.as_millis() as f64
}
