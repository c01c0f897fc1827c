//! How much anybody may try. Kept in memory, by the server's clock: a restart forgets it, and each process counts for
//! itself. What must survive, the lock on a shop's PIN, is in the database.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use member_domain::{CredentialNumber, TEST_CREDENTIAL, UnixMillis};

use crate::{problem::ApiError, redeeming::CallerId, storage::AttemptRecord};

const MINUTE: i64 = 60_000;

/// Codes that no credential makes, of one caller: whoever sends more is guessing.
const CALLER_GUESSES: Quota = Quota { most: 60, millis: 5 * MINUTE };
/// The same, of one credential, from all callers together.
const CREDENTIAL_GUESSES: Quota = Quota { most: 20, millis: 5 * MINUTE };
/// Devices that one member enrols.
const ENROLMENTS: Quota = Quota { most: 300, millis: 10 * MINUTE };
/// Pairing codes that are not right, from all phones together. A code is eight random digits and lives ten minutes, so it
/// meets 300 guesses at most: 300 in 100,000,000, three in a million for each code that was ever given out.
const PAIRINGS: Quota = Quota { most: 300, millis: 10 * MINUTE };
/// Requests with security reports, from all browsers together: enough to see what is broken.
const SECURITY_REPORTS_A_MINUTE: u32 = 120;
/// Of those, how many are told in the log, where a broken page must not drown what else there is.
const LOGGED_REPORTS_A_MINUTE: u32 = 20;
/// How long attempts that a limit turned away are counted into one record.
const REFUSED_WINDOW: i64 = MINUTE;

/// How long to wait before the next try, in milliseconds; at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait(i64);

impl Wait {
    /// From `now` until `then`.
    pub(crate) fn until(then: UnixMillis, now: UnixMillis) -> Self {
        Self(then.millis_since(now).max(1))
    }

    /// The answer that says so.
    pub(crate) fn problem(self, detail: &str) -> ApiError {
        ApiError::RateLimited { detail: detail.to_owned(), seconds: self.seconds() }
    }

    /// Whole seconds, rounded up.
    pub(crate) fn seconds(self) -> u32 {
        u32::try_from(self.0.saturating_add(999) / 1_000).unwrap_or(u32::MAX)
    }
}

/// At most so many in any stretch of time this long.
#[derive(Clone, Copy)]
struct Quota {
    most: usize,
    millis: i64,
}

/// The instants of the last few tries, oldest first.
#[derive(Default)]
struct Recent(VecDeque<i64>);

impl Recent {
    /// Forgets what lies further back than the quota's stretch, and what a clock that was set back has left ahead.
    fn tidy(&mut self, quota: Quota, now: i64) {
        self.0.retain(|at| (0..quota.millis).contains(&now.saturating_sub(*at)));
    }

    fn check(&mut self, quota: Quota, now: i64) -> Result<(), Wait> {
        self.tidy(quota, now);
        match self.0.front() {
            Some(oldest) if self.0.len() >= quota.most => Err(Wait((oldest + quota.millis - now).max(1))),
            _ => Ok(()),
        }
    }

    fn add(&mut self, quota: Quota, now: i64) {
        if self.0.len() >= quota.most {
            self.0.pop_front();
        }
        self.0.push_back(now);
    }
}

/// A steady pace with room for a burst: the generic cell rate algorithm (ITU-T I.371), which needs one number a caller,
/// the instant at which the next request would be exactly on time.
#[derive(Clone, Copy)]
struct Pace {
    /// Microseconds between requests at the steady pace.
    interval: i64,
    /// How far ahead of it a caller may be, in microseconds.
    tolerance: i64,
}

impl Pace {
    /// So many requests a minute, and half of them at once.
    fn per_minute(requests: u32) -> Self {
        let interval = MINUTE * 1_000 / i64::from(requests.max(1));
        Self { interval, tolerance: interval * (i64::from(requests / 2).max(1) - 1) }
    }

    /// Moves `due` on if a request at `now` (in microseconds) is in time.
    fn admit(self, due: &mut i64, now: i64) -> Result<(), Wait> {
        // A clock that was set back must not shut anybody out for longer than the burst is worth.
        *due = (*due).clamp(now, now + self.tolerance + self.interval);
        let early = *due - now - self.tolerance;
        if early > 0 {
            return Err(Wait((early + 999) / 1_000));
        }
        *due += self.interval;
        Ok(())
    }
}

/// What comes from everybody together, at a pace of its own.
#[derive(Default)]
struct Paced {
    /// When the next one would be on time, in microseconds.
    due: i64,
    /// How many came too fast since one was in time.
    missed: u32,
}

impl Paced {
    /// Whether one that comes `now` is in time, and if so, how many were not since the last that was.
    fn admit(&mut self, a_minute: u32, now: UnixMillis) -> Option<u32> {
        if Pace::per_minute(a_minute).admit(&mut self.due, now.0.saturating_mul(1_000)).is_err() {
            self.missed = self.missed.saturating_add(1);
            return None;
        }
        Some(mem::take(&mut self.missed))
    }
}

/// The counts of everybody.
pub(crate) struct Limits {
    pace: Pace,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    /// When each caller's next request would be on time, in microseconds.
    due: HashMap<CallerId, i64>,
    caller_guesses: HashMap<CallerId, Recent>,
    credential_guesses: HashMap<String, Recent>,
    enrolments: HashMap<String, Recent>,
    pairings: Recent,
    /// Requests with security reports.
    security_reports: Paced,
    /// What the log tells of them.
    logged_reports: Paced,
    /// Attempts that a limit turned away, by caller and shop, not recorded yet.
    refused: HashMap<(CallerId, String), AttemptRecord>,
    tidied_at: i64,
}

impl Limits {
    /// With so many requests a minute for each terminal.
    pub(crate) fn new(requests_per_minute: u32) -> Self {
        Self { pace: Pace::per_minute(requests_per_minute), counts: Mutex::default() }
    }

    fn counts(&self, now: i64) -> MutexGuard<'_, Counts> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(counts.tidied_at).unsigned_abs() >= MINUTE.unsigned_abs() {
            counts.tidied_at = now;
            counts.due.retain(|_, due| *due > now.saturating_mul(1_000));
            tidy(&mut counts.caller_guesses, CALLER_GUESSES, now);
            tidy(&mut counts.credential_guesses, CREDENTIAL_GUESSES, now);
            tidy(&mut counts.enrolments, ENROLMENTS, now);
        }
        counts
    }

    /// Counts a request of this caller, unless it comes too fast.
    pub(crate) fn request(&self, caller: CallerId, now: UnixMillis) -> Result<(), Wait> {
        let mut counts = self.counts(now.0);
        self.pace.admit(counts.due.entry(caller).or_default(), now.0.saturating_mul(1_000))
    }

    /// Whether this caller may send a code of this credential: the right one is refused too, else there is no limit. Test
    /// codes count for their caller only, or one caller could keep all shops from testing.
    pub(crate) fn may_guess(
        &self,
        caller: CallerId,
        credential: &CredentialNumber,
        now: UnixMillis,
    ) -> Result<(), Wait> {
        let mut counts = self.counts(now.0);
        if let Some(recent) = counts.caller_guesses.get_mut(&caller) {
            recent.check(CALLER_GUESSES, now.0)?;
        }
        match counts.credential_guesses.get_mut(credential.as_str()) {
            Some(recent) => recent.check(CREDENTIAL_GUESSES, now.0),
            None => Ok(()),
        }
    }

    /// Counts a code that no credential makes. A credential's number counts whether it exists or not.
    pub(crate) fn guessed(&self, caller: CallerId, credential: &CredentialNumber, now: UnixMillis) {
        let mut counts = self.counts(now.0);
        counts.caller_guesses.entry(caller).or_default().add(CALLER_GUESSES, now.0);
        if credential.as_str() == TEST_CREDENTIAL {
            return;
        }
        let of_credential = counts.credential_guesses.entry(credential.as_str().to_owned()).or_default();
        of_credential.add(CREDENTIAL_GUESSES, now.0);
    }

    /// Counts a device that this member enrols, unless there were too many.
    pub(crate) fn enrol(&self, member_id: &str, now: UnixMillis) -> Result<(), Wait> {
        let mut counts = self.counts(now.0);
        let recent = counts.enrolments.entry(member_id.to_owned()).or_default();
        recent.check(ENROLMENTS, now.0)?;
        recent.add(ENROLMENTS, now.0);
        Ok(())
    }

    /// Takes one of the tries at a pairing code, unless there is none left: the right code is refused then too.
    pub(crate) fn pair(&self, now: UnixMillis) -> Result<(), Wait> {
        let mut counts = self.counts(now.0);
        counts.pairings.check(PAIRINGS, now.0)?;
        counts.pairings.add(PAIRINGS, now.0);
        Ok(())
    }

    /// Gives a try back: the code was right.
    pub(crate) fn paired(&self, now: UnixMillis) {
        self.counts(now.0).pairings.0.pop_back();
    }

    /// Whether a request with security reports is in time, and if so, how many were not since the last that was.
    pub(crate) fn security_report(&self, now: UnixMillis) -> Option<u32> {
        self.counts(now.0).security_reports.admit(SECURITY_REPORTS_A_MINUTE, now)
    }

    /// Whether such a request is in time to be logged, and if so, how many were not since the last that was.
    pub(crate) fn log_security_report(&self, now: UnixMillis) -> Option<u32> {
        self.counts(now.0).logged_reports.admit(LOGGED_REPORTS_A_MINUTE, now)
    }

    /// Remembers an attempt that a limit turned away. A flood of them becomes one record.
    pub(crate) fn count_refused(&self, attempt: AttemptRecord) {
        let mut counts = self.counts(attempt.at.0);
        let key = (attempt.caller, attempt.shop_id.clone());
        counts.refused.entry(key).and_modify(|first| first.times = first.times.saturating_add(1)).or_insert(attempt);
    }

    /// Hands over the records of this caller, for writing together with something else.
    pub(crate) fn take_refused_of(&self, caller: CallerId, now: UnixMillis) -> Vec<AttemptRecord> {
        let mut counts = self.counts(now.0);
        counts.refused.extract_if(|(of, _), _| *of == caller).map(|(_, record)| record).collect()
    }

    /// Hands over the records whose window has ended.
    pub(crate) fn take_refused_due(&self, now: UnixMillis) -> Vec<AttemptRecord> {
        let mut counts = self.counts(now.0);
        let due = |record: &AttemptRecord| now.millis_since(record.at) >= REFUSED_WINDOW;
        counts.refused.extract_if(|_, record| due(record)).map(|(_, record)| record).collect()
    }

    /// Hands over all records, at the end.
    pub(crate) fn take_refused(&self, now: UnixMillis) -> Vec<AttemptRecord> {
        mem::take(&mut self.counts(now.0).refused).into_values().collect()
    }
}

fn tidy<K: Eq + Hash>(all: &mut HashMap<K, Recent>, quota: Quota, now: i64) {
    all.retain(|_, recent| {
        recent.tidy(quota, now);
        !recent.0.is_empty()
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    const NOON: UnixMillis = UnixMillis(1_795_147_200_000);

    fn number(value: u64) -> CredentialNumber {
        CredentialNumber::from_value(value).unwrap()
    }

    #[test]
    fn a_pace_gives_half_a_minute_at_once_and_then_one_at_a_time() {
        let limits = Limits::new(600);
        let caller = CallerId([1; 32]);
        assert_eq!((0..400).filter(|_| limits.request(caller, NOON).is_ok()).count(), 300);
        assert_eq!(limits.request(caller, NOON), Err(Wait(100)));
        assert_eq!(limits.request(caller, NOON.plus_millis(99)), Err(Wait(1)));
        assert_eq!(limits.request(caller, NOON.plus_millis(100)), Ok(()));
        assert!(limits.request(caller, NOON.plus_millis(100)).is_err());
        assert_eq!(limits.request(CallerId([2; 32]), NOON), Ok(()), "each has a pace of its own");
        let at = |index: i64| NOON.plus_millis(200 + 100 * index);
        assert!(
            (0..2_000).all(|index| limits.request(caller, at(index)).is_ok()),
            "600 a minute for as long as one likes"
        );
    }

    #[test]
    fn one_request_a_minute_is_the_least() {
        let limits = Limits::new(1);
        let caller = CallerId([1; 32]);
        assert_eq!(limits.request(caller, NOON), Ok(()));
        assert_eq!(limits.request(caller, NOON), Err(Wait(MINUTE)));
        assert_eq!(limits.request(caller, NOON.plus_millis(MINUTE)), Ok(()));
    }

    #[test]
    fn a_clock_that_is_set_back_shuts_nobody_out() {
        let limits = Limits::new(60);
        let caller = CallerId([1; 32]);
        assert_eq!((0..100).filter(|_| limits.request(caller, NOON).is_ok()).count(), 30);
        for _ in 0..CREDENTIAL_GUESSES.most {
            limits.guessed(caller, &number(1), NOON);
        }
        let day_before = NOON.plus_millis(-86_400_000);
        assert_eq!(limits.request(caller, day_before), Err(Wait(1_000)));
        assert_eq!(limits.request(caller, day_before.plus_millis(1_000)), Ok(()));
        assert_eq!(limits.may_guess(caller, &number(1), day_before), Ok(()));
    }

    #[test]
    fn a_quota_holds_in_any_stretch_of_its_length() {
        let limits = Limits::new(600);
        let mut guesses = Vec::new();
        for second in 0..3_600 {
            let now = NOON.plus_millis(second * 1_000);
            // From ever new terminals: the credential's own limit counts.
            let caller = CallerId([u8::try_from(second % 251).unwrap(); 32]);
            if limits.may_guess(caller, &number(1), now).is_ok() {
                limits.guessed(caller, &number(1), now);
                guesses.push(now);
            }
        }
        assert_eq!(guesses.len(), 240, "twenty in each of twelve stretches of five minutes");
        for stretch in guesses.windows(21) {
            assert!(stretch[20].millis_since(stretch[0]) >= 300_000, "{stretch:?}");
        }
    }

    #[test]
    fn tries_at_pairing_come_back_one_by_one() {
        let limits = Limits::new(600);
        let at = |second: i64| NOON.plus_millis(second * 1_000);
        assert!((0..300).all(|second| limits.pair(at(second)).is_ok()));
        assert_eq!(limits.pair(at(300)), Err(Wait(300_000)));
        assert_eq!(limits.pair(at(600)), Ok(()));
        assert!(limits.pair(at(600)).is_err());
        limits.paired(at(600));
        assert_eq!(limits.pair(at(600)), Ok(()), "a right code takes no try");
    }

    #[test]
    fn reports_are_logged_at_a_pace_of_their_own_and_the_silence_is_counted() {
        let limits = Limits::new(600);
        let at = |second: i64| NOON.plus_millis(second * 1_000);
        assert_eq!((0..60).filter(|_| limits.log_security_report(at(0)) == Some(0)).count(), 10);
        assert_eq!(limits.log_security_report(at(2)), None);
        assert_eq!(limits.log_security_report(at(3)), Some(51));
        assert_eq!(limits.log_security_report(at(6)), Some(0));
        assert_eq!((0..100).filter(|_| limits.security_report(at(6)) == Some(0)).count(), 60, "counted as ever");
    }

    #[test]
    fn what_is_idle_is_forgotten() {
        let limits = Limits::new(600);
        for value in 0..1_000 {
            let caller = CallerId([u8::try_from(value % 200).unwrap(); 32]);
            limits.request(caller, NOON).unwrap();
            limits.guessed(caller, &number(value), NOON);
            limits.enrol(&value.to_string(), NOON).unwrap();
        }
        let later = NOON.plus_millis(11 * MINUTE);
        limits.request(CallerId([255; 32]), later).unwrap();
        let counts = limits.counts(later.0);
        let sizes =
            [counts.due.len(), counts.caller_guesses.len(), counts.credential_guesses.len(), counts.enrolments.len()];
        assert_eq!(sizes, [1, 0, 0, 0]);
    }
}
