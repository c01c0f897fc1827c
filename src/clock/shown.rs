//! The page's time as signals: by seconds, minutes and days.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use member_domain::{CivilDate, UnixMillis};

use super::{PageClock, use_interval, use_wake};
use crate::prelude::*;

impl PageClock {
    /// The current instant as a signal that changes at every full second while the owner lives.
    pub fn use_now(self) -> Signal<Option<UnixMillis>> {
        let now = RwSignal::new(self.now());
        let timer = StoredValue::new(None::<TimeoutHandle>);
        Effect::new(move |_| {
            self.reading.track();
            tick(self, now, timer);
        });
        // A hidden page's timers sleep: look again the moment it is back.
        let wake = move || tick(self, now, timer);
        use_wake(wake);
        on_cleanup(move || {
            if let Some(handle) = timer.try_get_value().flatten() {
                handle.clear();
            }
        });
        now.into()
    }

    /// The current instant, rounded down to the minute, as a signal while the owner lives.
    pub fn use_minute(self) -> Signal<Option<UnixMillis>> {
        let minute = move || self.now().map(|now| UnixMillis(now.0 - now.0.rem_euclid(60_000)));
        let shown = RwSignal::new(minute());
        let look = move || {
            let now = minute();
            // What is not certain for a moment was right a minute ago.
            if now.is_some() && shown.try_get_untracked() != Some(now) {
                let _ = shown.try_set(now);
            }
        };
        Effect::new(move |_| {
            self.reading.track();
            look();
        });
        use_interval(Duration::from_secs(10), look);
        use_wake(look);
        shown.into()
    }

    /// Today's date in Asia/Shanghai, whatever the device's zone and clock, as a signal that changes at midnight there.
    pub fn use_today(self) -> Signal<Option<CivilDate>> {
        let today = RwSignal::new(self.now().map(CivilDate::in_shanghai));
        let timer = StoredValue::new(None::<TimeoutHandle>);
        Effect::new(move |_| {
            self.reading.track();
            turn_day(self, today, timer);
        });
        use_wake(move || turn_day(self, today, timer));
        on_cleanup(move || {
            if let Some(handle) = timer.try_get_value().flatten() {
                handle.clear();
            }
        });
        today.into()
    }
}

/// Shows the date and sets a timer for the next midnight, or for a minute: a phone that sleeps with the page in view stops
/// the monotonic clock and tells nobody.
fn turn_day(clock: PageClock, shown: RwSignal<Option<CivilDate>>, timer: StoredValue<Option<TimeoutHandle>>) {
    const LONGEST_MILLIS: i64 = 60_000;
    clock.check();
    let now = clock.now();
    let today = now.map(CivilDate::in_shanghai);
    // While the time is in doubt, the date of before stays.
    if today.is_some() && shown.try_get_untracked() != Some(today) && shown.try_set(today).is_some() {
        return;
    }
    if let Some(handle) = timer.try_get_value().flatten() {
        handle.clear();
    }
    let midnight = today.zip(now).map(|(today, now)| today.plus_days(1).start_in_shanghai().millis_since(now));
    let wait = midnight.map_or(LONGEST_MILLIS, |left| left.clamp(1, LONGEST_MILLIS));
    let wait = Duration::from_millis(wait.unsigned_abs());
    let next = set_timeout_with_handle(move || turn_day(clock, shown, timer), wait).ok();
    if timer.try_update_value(|slot| *slot = next).is_none()
        && let Some(handle) = next
    {
        // Nobody is left to see the date.
        handle.clear();
    }
}

/// Shows the time and sets a timer for the next full second.
fn tick(clock: PageClock, shown: RwSignal<Option<UnixMillis>>, timer: StoredValue<Option<TimeoutHandle>>) {
    clock.check();
    let now = clock.now();
    if shown.try_set(now).is_some() {
        return;
    }
    if let Some(handle) = timer.try_get_value().flatten() {
        handle.clear();
    }
    let wait = now.map_or(1_000, |now| 1_000 - now.0.rem_euclid(1_000));
    let wait = Duration::from_millis(u64::try_from(wait).unwrap_or(1_000));
    let next = set_timeout_with_handle(move || tick(clock, shown, timer), wait).ok();
    timer.try_update_value(|slot| *slot = next);
}
