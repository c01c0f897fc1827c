//! Time on the page: the server's, carried on by the browser's monotonic clock, never the phone's own. Also the only
//! timers there are.

mod alarm;
mod mark;
mod shown;
mod timers;

use js_sys::Date;
use member_domain::UnixMillis;

pub use self::{
    alarm::Alarm,
    mark::TimeMark,
    timers::{pause, use_interval, use_rest, use_wake},
};
use crate::{prelude::*, store::Store};

/// The page's clock: the server's time, as well as it can be known.
#[derive(Clone, Copy, Debug)]
pub struct PageClock {
    store: Store,
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

/// When a question about the time went out, and its answer came.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// In monotonic milliseconds.
    at: f64,
    /// The phone's time minus monotonic time.
    lead: i64,
    /// When the answer was there, in monotonic milliseconds; without it, when it is looked at.
    answered: Option<f64>,
}

impl Asking {
    /// A question that goes out now.
    pub fn now() -> Self {
        Self { at: monotonic_millis(), lead: lead_millis(), answered: None }
    }

    /// One that went out at `at` and was answered at `answered`, both in monotonic milliseconds; the phone's clock showed
    /// `wall` when it did, in Unix milliseconds.
    pub fn noted(at: f64, wall: f64, answered: f64) -> Self {
        Self { at, lead: lead_at(wall, at), answered: Some(answered) }
    }
}

/// How far the two clocks may drift apart before the page asks for the time again: well below a code's window.
const DRIFT_MILLIS: i64 = 2_000;
impl Default for PageClock {
    fn default() -> Self {
        Self::of(Store::default())
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
fn lead_millis() -> i64 {
    lead_at(Date::now(), monotonic_millis())
}

/// That at a moment of which both are known.
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

    /// The clock of an earlier visit carried on, where that can be done.
    pub fn start(store: Store) -> Self {
        let clock = Self::of(store);
        if let Some(mark) = store.kept_time() {
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

    /// Takes the server's time from the answer to a question. It was written somewhere between the question and the answer; the
    /// middle is off by half the round trip at most. `false` if the phone slept or its clock was set since: then the
    /// answer is of nobody knows when, and the question has to be asked again.
    #[expect(clippy::cast_precision_loss, reason = "instants of this millennium are exact in a double")]
    pub fn set(&self, server_time: UnixMillis, asking: Asking) -> bool {
        let (now, lead) = (monotonic_millis(), lead_millis());
        if (lead - asking.lead).abs() > DRIFT_MILLIS {
            return false;
        }
        let offset = server_time.0 as f64 - f64::midpoint(asking.at, asking.answered.unwrap_or(now));
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are what is wanted")]
        let server = (now + offset) as i64;
        let wall = wall_millis();
        self.keep(TimeMark { server, wall, lead, seen: wall });
        self.reading.set(Reading::Known(offset));
        true
    }

    fn doubt(&self, mark: TimeMark) {
        self.store.keep_time(mark.doubted());
        self.reading.set(Reading::Doubtful);
    }

    fn keep(&self, mark: TimeMark) {
        self.mark.set_value(Some(mark));
        self.store.keep_time(mark);
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
}
