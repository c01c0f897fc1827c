//! What carries the time over a reload.

/// What the page goes by between two answers of the server, and after a reload without network. All in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeMark {
    /// The server's time when it last told it.
    pub server: i64,
    /// The phone's time at that moment.
    pub wall: i64,
    /// The phone's time minus monotonic time, when the two were last found in step.
    pub lead: i64,
    /// The phone's time at that moment.
    pub seen: i64,
}

/// How far the phone's clock may be from where monotonic time puts it, when another document reads the two.
const RELOAD_DRIFT_MILLIS: i64 = 5_000;
/// A phone whose clock is this close to the server's sets it by itself.
const RIGHT_MILLIS: i64 = 60_000;

impl TimeMark {
    /// Whether the phone's clock has gone on undisturbed since this mark was made, as far as a fresh document can tell;
    /// `wall` and `lead` are what it reads now.
    pub fn holds(&self, wall: i64, lead: i64) -> bool {
        let set_back = wall < self.seen - RELOAD_DRIFT_MILLIS;
        let in_step = (lead - self.lead).abs() <= RELOAD_DRIFT_MILLIS;
        // A browser started anew reads both clocks alike, however long the one before had slept. Then a phone whose clock
        // was right is believed.
        let started_anew = lead.abs() <= RELOAD_DRIFT_MILLIS && (self.server - self.wall).abs() <= RIGHT_MILLIS;
        !set_back && (in_step || started_anew)
    }

    /// The same mark, never to be believed again by itself: the phone slept or its clock was set, and a document opened
    /// later could not see that any more.
    pub const fn doubted(self) -> Self {
        Self { seen: i64::MAX, ..self }
    }

    /// The server's time, if the phone's clock has gone on undisturbed.
    pub(super) const fn server_at(&self, wall: i64) -> i64 {
        wall - self.wall + self.server
    }
}
