//! The mark that continues the time after a reload.

/// A reference point between two server times, and after an offline reload. All values are in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeMark {
    /// The last server time.
    pub server: i64,
    /// The phone's time at the last server time.
    pub wall: i64,
    /// The phone's time minus monotonic time, when the clocks last agreed.
    pub lead: i64,
    /// The phone's time when the clocks last agreed.
    pub seen: i64,
}

/// The tolerated drift between the phone's clock and monotonic time when another document reads them.
const RELOAD_DRIFT_MILLIS: i64 = 5_000;
/// A phone whose clock is this close to the server's time is assumed to set it automatically.
const RIGHT_MILLIS: i64 = 60_000;

impl TimeMark {
    /// Whether the phone's clock ran undisturbed since this mark, as far as a new document can tell. `wall`
    /// and `lead` are the current values.
    pub fn is_valid(&self, wall: i64, lead: i64) -> bool {
        let set_back = wall < self.seen - RELOAD_DRIFT_MILLIS;
        let in_step = (lead - self.lead).abs() <= RELOAD_DRIFT_MILLIS;
        // In a restarted browser both clocks agree, however long the phone slept before. The phone is then
        // trusted if its clock was right.
        let restarted = lead.abs() <= RELOAD_DRIFT_MILLIS && (self.server - self.wall).abs() <= RIGHT_MILLIS;
        !set_back && (in_step || restarted)
    }

    /// Returns this mark as one that never holds again. The phone slept or its clock was set, which a later
    /// document could not detect.
    pub const fn invalidated(self) -> Self {
        Self { seen: i64::MAX, ..self }
    }

    /// The server's time, if the phone's clock ran undisturbed.
    pub(super) const fn server_at(&self, wall: i64) -> i64 {
        wall - self.wall + self.server
    }
}
