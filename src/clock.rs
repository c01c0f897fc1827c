//! Page time: the server's time, continued with the browser's monotonic clock, never the phone's own time.
//! Also all timers.

mod alarm;
mod mark;
mod signals;
mod timers;

use js_sys::Date;
use member_domain::UnixMillis;

pub use self::{
    alarm::Alarm,
    mark::TimeMark,
    timers::{pause, use_interval, use_page_hide, use_page_resume},
};
use crate::{prelude::*, store::Store};

/// The page's clock. It estimates the server's time.
#[derive(Clone, Copy, Debug)]
pub struct PageClock {
    store: Store,
    reading: RwSignal<Reading>,
    /// The mark the reading is based on.
    mark: StoredValue<Option<TimeMark>>,
}

/// The page's knowledge of the time.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reading {
    /// The server's time is not known yet.
    Unknown,
    /// The server's time minus monotonic time, in milliseconds.
    Known(f64),
    /// The phone slept, which stops the monotonic clock on most systems, or its clock was set. The page
    /// cannot distinguish the two. So there is no time until the server supplies it or the member confirms
    /// the phone's time.
    Doubtful,
}

/// The times of a request for the server's time and of its answer.
#[derive(Clone, Copy, Debug)]
pub struct RequestTimes {
    /// Request time, in monotonic milliseconds.
    sent_at: f64,
    /// The phone's time minus monotonic time, at the request.
    lead: i64,
    /// Arrival of the answer, in monotonic milliseconds. `None`: the answer arrives when it is read.
    answered_at: Option<f64>,
}

impl RequestTimes {
    /// A request sent now.
    pub fn now() -> Self {
        Self { sent_at: monotonic_millis(), lead: lead_millis(), answered_at: None }
    }

    /// A request sent at `sent_at` and answered at `answered_at`, both in monotonic milliseconds. `wall` is the
    /// phone's time at the request, in Unix milliseconds.
    pub fn from_times(sent_at: f64, wall: f64, answered_at: f64) -> Self {
        Self { sent_at, lead: lead_at(wall, sent_at), answered_at: Some(answered_at) }
    }
}

/// The largest drift between the two clocks before the page requests the time again. It is well below a
/// code's window.
const DRIFT_MILLIS: i64 = 2_000;
impl Default for PageClock {
    fn default() -> Self {
        Self::of(Store::default())
    }
}

/// Milliseconds since the page was opened. Changes of the phone's clock do not affect it.
pub fn monotonic_millis() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// The phone's own time.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are what is wanted")]
fn wall_millis() -> i64 {
    Date::now() as i64
}

/// The phone's time minus monotonic time. The monotonic time counts from an origin that all documents of one
/// browser process share.
fn lead_millis() -> i64 {
    lead_at(Date::now(), monotonic_millis())
}

/// The lead at a moment with known `wall` and `monotonic` times.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are what is wanted")]
fn lead_at(wall: f64, monotonic: f64) -> i64 {
    thread_local! {
        // Read once: some browsers move it when the phone's clock is set.
        static ORIGIN: f64 = window().performance().map_or(0.0, |performance| performance.time_origin());
    }
    (wall - ORIGIN.with(|origin| *origin) - monotonic) as i64
}

impl PageClock {
    fn of(store: Store) -> Self {
        Self { store, reading: RwSignal::new(Reading::Unknown), mark: StoredValue::new(None) }
    }

    /// Starts the clock, continuing the clock of an earlier visit if possible.
    pub fn start(store: Store) -> Self {
        let clock = Self::of(store);
        if let Some(mark) = store.stored_time() {
            clock.restore(mark);
        }
        clock
    }

    /// Continues from the mark of an earlier visit.
    pub fn restore(&self, mark: TimeMark) {
        let (wall, lead) = (wall_millis(), lead_millis());
        self.mark.set_value(Some(mark));
        if mark.is_valid(wall, lead) {
            self.trust_phone_clock();
        } else {
            self.mark_doubtful(mark);
        }
    }

    /// Takes the server's time from an answer. The server wrote it between the request and the answer, so the
    /// middle is wrong by at most half the round trip. Returns `false` if the phone slept or its clock was
    /// set meanwhile: the answer's age is then unknown, and the request must be repeated.
    #[expect(clippy::cast_precision_loss, reason = "instants of this millennium are exact in a double")]
    pub fn set(&self, server_time: UnixMillis, times: RequestTimes) -> bool {
        let (now, lead) = (monotonic_millis(), lead_millis());
        if (lead - times.lead).abs() > DRIFT_MILLIS {
            return false;
        }
        let offset = server_time.0 as f64 - f64::midpoint(times.sent_at, times.answered_at.unwrap_or(now));
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are what is wanted")]
        let server = (now + offset) as i64;
        let wall = wall_millis();
        self.set_mark(TimeMark { server, wall, lead, seen: wall });
        self.reading.set(Reading::Known(offset));
        true
    }

    fn mark_doubtful(&self, mark: TimeMark) {
        self.store.store_time(mark.invalidated());
        self.reading.set(Reading::Doubtful);
    }

    fn set_mark(&self, mark: TimeMark) {
        self.mark.set_value(Some(mark));
        self.store.store_time(mark);
    }

    /// Checks whether the phone slept or its clock was set since the time was last certain.
    pub fn check(&self) {
        let drifted = |mark: &TimeMark| (lead_millis() - mark.lead).abs() > DRIFT_MILLIS;
        if let Some(mark) = self.mark.get_value().filter(drifted)
            && matches!(self.reading.get_untracked(), Reading::Known(_))
        {
            self.mark_doubtful(mark);
        }
    }

    /// Stores, for the next visit, the last moment at which both clocks agreed.
    pub fn store_mark(&self) {
        self.check();
        if let (Some(mark), Reading::Known(_)) = (self.mark.get_value(), self.reading.get_untracked()) {
            self.set_mark(TimeMark { seen: wall_millis(), ..mark });
        }
    }

    /// Whether the time is unknown; reactive.
    pub fn is_lost(&self) -> bool {
        !matches!(self.reading.get(), Reading::Known(_))
    }

    /// The time on the assumption that the phone only slept. The member compares it with another clock.
    /// Reactive.
    pub fn guess(&self) -> Option<UnixMillis> {
        let doubtful = self.reading.get() == Reading::Doubtful;
        let mark = self.mark.get_value().filter(|_| doubtful)?;
        Some(UnixMillis(mark.server_at(wall_millis())))
    }

    /// The member has confirmed the guess.
    pub fn confirm_time(&self) {
        self.trust_phone_clock();
    }

    /// Uses the phone's clock, corrected by its error at the last server time.
    #[expect(clippy::cast_precision_loss, reason = "instants of this millennium are exact in a double")]
    fn trust_phone_clock(&self) {
        let Some(mark) = self.mark.get_value() else { return };
        let (wall, lead) = (wall_millis(), lead_millis());
        self.set_mark(TimeMark { lead, seen: wall, ..mark });
        self.reading.set(Reading::Known(mark.server_at(wall) as f64 - monotonic_millis()));
    }

    /// The current instant, if it is known.
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are what is wanted")]
    pub fn now(&self) -> Option<UnixMillis> {
        match self.reading.get_untracked() {
            Reading::Known(offset) => Some(UnixMillis((monotonic_millis() + offset).floor() as i64)),
            Reading::Unknown | Reading::Doubtful => None,
        }
    }
}
