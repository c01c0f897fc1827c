//! Time on the page: the server's, carried on by the browser's monotonic clock, never the phone's own. Also the only
//! timers there are.

mod mark;

use std::time::Duration;

use js_sys::Date;
use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};
use member_domain::{CivilDate, UnixMillis};

pub use self::mark::TimeMark;
use crate::store;

/// The page's clock: the server's time, as well as it can be known.
#[derive(Clone, Copy, Debug)]
pub struct PageClock {
    reading: RwSignal<Reading>,
    /// What the reading rests on.
    mark: StoredValue<Option<TimeMark>>,
}

/// How well the page knows the time.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reading {
    /// The server has not told it yet.
    Unknown,
    /// The server's time minus monotonic time, in milliseconds.
    Known(f64),
    /// The phone slept, which stops the monotonic clock on most systems, or its clock was set. Which of the two cannot be
    /// told from here, so there is no time until the server tells it again, or the member vouches for the phone's.
    Doubtful,
}

/// When a question about the time went out.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// In monotonic milliseconds.
    at: f64,
    /// The phone's time minus monotonic time.
    lead: i64,
}

/// How far the two clocks may drift apart before the page asks for the time again: well below a code's window.
const DRIFT_MILLIS: i64 = 2_000;
impl Default for PageClock {
    fn default() -> Self {
        Self { reading: RwSignal::new(Reading::Unknown), mark: StoredValue::new(None) }
    }
}

/// Milliseconds since the page was opened, unmoved by changes of the phone's clock.
pub fn monotonic_millis() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// The phone's own time.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are what is wanted")]
fn wall_millis() -> i64 {
    Date::now() as i64
}

/// The phone's time minus monotonic time counted from an origin that documents of one browser process share.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are what is wanted")]
fn lead_millis() -> i64 {
    thread_local! {
        // Read once: some browsers move it when the phone's clock is set.
        static ORIGIN: f64 = window().performance().map_or(0.0, |performance| performance.time_origin());
    }
    (Date::now() - ORIGIN.with(|origin| *origin) - monotonic_millis()) as i64
}

impl PageClock {
    /// The clock of an earlier visit carried on, where that can be done.
    pub fn start() -> Self {
        let clock = Self::default();
        if let Some(mark) = store::kept_time() {
            clock.restore(mark);
        }
        clock
    }

    /// Goes by a mark of an earlier visit.
    pub fn restore(&self, mark: TimeMark) {
        let (wall, lead) = (wall_millis(), lead_millis());
        self.mark.set_value(Some(mark));
        if mark.holds(wall, lead) {
            self.go_by_phone();
        } else {
            self.doubt(mark);
        }
    }

    /// The moment a question about the time goes out.
    pub fn asking(&self) -> Asking {
        Asking { at: monotonic_millis(), lead: lead_millis() }
    }

    /// Takes the server's time from the answer to a question. The answer was written somewhere between then and now; the
    /// middle is off by half the round trip at most. `false` if the phone slept or its clock was set in between: then the
    /// answer is of nobody knows when, and the question has to be asked again.
    #[expect(clippy::cast_precision_loss, reason = "instants of this millennium are exact in a double")]
    pub fn set(&self, server_time: UnixMillis, asking: Asking) -> bool {
        let (arrived, lead) = (monotonic_millis(), lead_millis());
        if (lead - asking.lead).abs() > DRIFT_MILLIS {
            return false;
        }
        let offset = server_time.0 as f64 - f64::midpoint(asking.at, arrived);
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are what is wanted")]
        let server = (arrived + offset) as i64;
        let wall = wall_millis();
        self.keep(TimeMark { server, wall, lead, seen: wall });
        self.reading.set(Reading::Known(offset));
        true
    }

    fn doubt(&self, mark: TimeMark) {
        store::keep_time(mark.doubted());
        self.reading.set(Reading::Doubtful);
    }

    fn keep(&self, mark: TimeMark) {
        self.mark.set_value(Some(mark));
        store::keep_time(mark);
    }

    /// Looks whether the phone has slept or its clock was set since the time was last certain.
    pub fn check(&self) {
        let drifted = |mark: &TimeMark| (lead_millis() - mark.lead).abs() > DRIFT_MILLIS;
        if let Some(mark) = self.mark.get_value().filter(drifted)
            && matches!(self.reading.get_untracked(), Reading::Known(_))
        {
            self.doubt(mark);
        }
    }

    /// Remembers, for the next visit, until when both clocks were in step.
    pub fn remember(&self) {
        self.check();
        if let (Some(mark), Reading::Known(_)) = (self.mark.get_value(), self.reading.get_untracked()) {
            self.keep(TimeMark { seen: wall_millis(), ..mark });
        }
    }

    /// Whether the time is not known; reactive.
    pub fn is_lost(&self) -> bool {
        !matches!(self.reading.get(), Reading::Known(_))
    }

    /// What time it is if only the phone slept: for the member to compare with another clock. Reactive.
    pub fn guess(&self) -> Option<UnixMillis> {
        let doubtful = self.reading.get() == Reading::Doubtful;
        let mark = self.mark.get_value().filter(|_| doubtful)?;
        Some(UnixMillis(mark.server_at(wall_millis())))
    }

    /// The member has compared: the guess is right.
    pub fn vouch(&self) {
        self.go_by_phone();
    }

    /// Takes the phone's clock, corrected by how far it was off when the server last told the time.
    #[expect(clippy::cast_precision_loss, reason = "instants of this millennium are exact in a double")]
    fn go_by_phone(&self) {
        let Some(mark) = self.mark.get_value() else { return };
        let (wall, lead) = (wall_millis(), lead_millis());
        self.keep(TimeMark { lead, seen: wall, ..mark });
        self.reading.set(Reading::Known(mark.server_at(wall) as f64 - monotonic_millis()));
    }

    /// The current instant, once it is known.
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are what is wanted")]
    pub fn now(&self) -> Option<UnixMillis> {
        match self.reading.get_untracked() {
            Reading::Known(offset) => Some(UnixMillis((monotonic_millis() + offset).floor() as i64)),
            Reading::Unknown | Reading::Doubtful => None,
        }
    }

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
}

impl PageClock {
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
}

impl PageClock {
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

/// Shows the date and sets a timer for the next midnight, or for a minute: on a phone that slept, timers are late.
fn turn_day(clock: PageClock, shown: RwSignal<Option<CivilDate>>, timer: StoredValue<Option<TimeoutHandle>>) {
    const LONGEST_MILLIS: i64 = 60_000;
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

/// Runs `callback` whenever the page comes back: shown again, taken out of the back-forward cache, online again.
pub fn use_wake(callback: impl Fn() + Clone + 'static) {
    let (on_return, on_online, on_visible) = (callback.clone(), callback.clone(), callback);
    let returned = window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            on_return();
        }
    });
    let online = window_event_listener(ev::online, move |_| on_online());
    let visible = document_listener("visibilitychange", move || {
        if !document().hidden() {
            on_visible();
        }
    });
    on_cleanup(move || {
        returned.remove();
        online.remove();
        drop(visible);
    });
}

/// Runs `callback` whenever the page may not come back: hidden, or left.
pub fn use_rest(callback: impl Fn() + Clone + 'static) {
    let on_leave = callback.clone();
    let left = window_event_listener(ev::pagehide, move |_| on_leave());
    let hidden = document_listener("visibilitychange", move || {
        if document().hidden() {
            callback();
        }
    });
    on_cleanup(move || {
        left.remove();
        drop(hidden);
    });
}

/// Completes after `length`.
pub async fn pause(length: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(move || drop(resolve.call0(&wasm_bindgen::JsValue::NULL)), length);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// Runs `callback` every `period` while the owner lives.
pub fn use_interval(period: Duration, callback: impl Fn() + 'static) {
    if let Ok(handle) = set_interval_with_handle(callback, period) {
        on_cleanup(move || handle.clear());
    }
}

/// A listener on the document that is removed when dropped.
struct DocumentListener {
    name: &'static str,
    listener: send_wrapper::SendWrapper<wasm_bindgen::prelude::Closure<dyn FnMut()>>,
}

fn document_listener(name: &'static str, callback: impl FnMut() + 'static) -> DocumentListener {
    use wasm_bindgen::JsCast;
    let listener = wasm_bindgen::prelude::Closure::new(callback);
    let _ = document().add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    DocumentListener { name, listener: send_wrapper::SendWrapper::new(listener) }
}

impl Drop for DocumentListener {
    fn drop(&mut self) {
        use wasm_bindgen::JsCast;
        let listener = self.listener.as_ref().unchecked_ref();
        let _ = document().remove_event_listener_with_callback(self.name, listener);
    }
}
