//! The page's time as signals: per second, minute and day.

use std::time::Duration;

use member_domain::{CivilDate, UnixMillis};

use super::{Alarm, PageClock, use_interval, use_page_resume};
use crate::prelude::*;

impl PageClock {
    /// The current instant as a signal that changes every full second while the owner lives.
    pub fn use_now(self) -> Signal<Option<UnixMillis>> {
        let now = RwSignal::new(self.now());
        let next = StoredValue::new(None);
        Effect::new(move |_| {
            self.reading.track();
            tick(self, now, next);
        });
        // A hidden page's timers sleep, so the time is updated when the page returns.
        use_page_resume(move || tick(self, now, next));
        now.into()
    }

    /// The current instant, rounded down to the minute, as a signal while the owner lives.
    pub fn use_minute(self) -> Signal<Option<UnixMillis>> {
        let minute = move || self.now().map(|now| UnixMillis(now.0 - now.0.rem_euclid(60_000)));
        let shown = RwSignal::new(minute());
        let update = move || {
            let now = minute();
            // A doubtful time does not clear the minute on screen.
            if now.is_some() && shown.try_get_untracked() != Some(now) {
                let _ = shown.try_set(now);
            }
        };
        Effect::new(move |_| {
            self.reading.track();
            update();
        });
        use_interval(Duration::from_secs(10), update);
        use_page_resume(update);
        shown.into()
    }

    /// Today's date in Asia/Shanghai, independent of the device's zone and clock, as a signal that changes at
    /// midnight there.
    pub fn use_today(self) -> Signal<Option<CivilDate>> {
        let today = RwSignal::new(self.now().map(CivilDate::in_shanghai));
        let next = StoredValue::new(None);
        Effect::new(move |_| {
            self.reading.track();
            update_day(self, today, next);
        });
        use_page_resume(move || update_day(self, today, next));
        today.into()
    }
}

/// Updates the date and sets an alarm for the next midnight, at most a minute ahead. A phone that sleeps with
/// the page in view stops the monotonic clock without an event.
fn update_day(clock: PageClock, shown: RwSignal<Option<CivilDate>>, next: StoredValue<Option<Alarm>>) {
    const LONGEST_MILLIS: i64 = 60_000;
    clock.check();
    let now = clock.now();
    let today = now.map(CivilDate::in_shanghai);
    // While the time is doubtful, the previous date stays.
    if today.is_some() && shown.try_get_untracked() != Some(today) && shown.try_set(today).is_some() {
        return;
    }
    let midnight = today.zip(now).map(|(today, now)| today.plus_days(1).start_in_shanghai().millis_since(now));
    let wait = midnight.map_or(LONGEST_MILLIS, |left| left.clamp(1, LONGEST_MILLIS));
    let wait = Duration::from_millis(wait.unsigned_abs());
    // Replaces the previous alarm. Returns the alarm, which is then dropped, if the owner is disposed.
    drop(next.try_set_value(Some(Alarm::after(wait, move || update_day(clock, shown, next)))));
}

/// Updates the time and sets an alarm for the next full second.
fn tick(clock: PageClock, shown: RwSignal<Option<UnixMillis>>, next: StoredValue<Option<Alarm>>) {
    clock.check();
    let now = clock.now();
    if shown.try_set(now).is_some() {
        return;
    }
    let wait = now.map_or(1_000, |now| 1_000 - now.0.rem_euclid(1_000));
    let wait = Duration::from_millis(u64::try_from(wait).unwrap_or(1_000));
    drop(next.try_set_value(Some(Alarm::after(wait, move || tick(clock, shown, next)))));
}
