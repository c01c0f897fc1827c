//! How many codes a caller may guess, and how many attempts were turned away for that. A shop's PIN is locked in the database: that
//! lock must survive a restart.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard},
};

use member_domain::{CallerId, CredentialNumber, TEST_CREDENTIAL, UnixMillis};
use member_storage::AttemptRecord;
use tokio::sync::Notify;

use crate::http::rate::{MINUTE, Quota, Recent, Wait, is_due, locked};

/// Codes that no credential makes, of one caller: whoever sends more is guessing.
const CALLER_GUESSES: Quota = Quota { most: 60, millis: 5 * MINUTE };
/// Codes of one credential that it does not make, from all callers together.
const CREDENTIAL_GUESSES: Quota = Quota { most: 20, millis: 5 * MINUTE };
/// Pairing codes that are not right, from all phones together. A code is eight random digits and lives ten minutes, so it
/// meets 300 guesses at most: 300 in 100,000,000, three in a million for each code that was ever given out.
const PAIRINGS: Quota = Quota { most: 300, millis: 10 * MINUTE };
/// How long attempts that a limit turned away are counted into one record.
const REFUSED_WINDOW: i64 = MINUTE;

/// The counts of everybody at the counter.
#[derive(Default)]
pub(crate) struct Limits {
    counts: Mutex<Counts>,
    /// Wakes those who wait for a guess to be settled.
    settled: Notify,
}

#[derive(Default)]
struct Counts {
    of_callers: HashMap<CallerId, Guesses>,
    of_credentials: HashMap<String, Guesses>,
    pairings: Recent,
    /// Attempts that a limit turned away, by caller and shop, not recorded yet.
    refused: HashMap<(CallerId, String), AttemptRecord>,
    tidied_at: i64,
}

/// The guesses of one caller, or at one credential.
#[derive(Default)]
struct Guesses {
    wrong: Recent,
    /// Guesses that are being judged: each may turn out wrong.
    pending: usize,
}

impl Guesses {
    /// Whether one more may be judged now: `false` if that depends on those that are pending.
    fn has_room(&mut self, quota: Quota, now: UnixMillis) -> Result<bool, Wait> {
        self.wrong.check(quota, now)?;
        Ok(self.wrong.len() + self.pending < quota.most)
    }

    fn settle(&mut self, quota: Quota, wrong_at: Option<UnixMillis>) {
        self.pending = self.pending.saturating_sub(1);
        if let Some(now) = wrong_at {
            self.wrong.add(quota, now);
        }
    }
}

/// Leave to have one code judged. Dropped, the code counts as right.
pub(crate) struct GuessLeave {
    limits: Arc<Limits>,
    caller: CallerId,
    /// `None` for test codes.
    credential: Option<String>,
    wrong_at: Option<UnixMillis>,
}

impl GuessLeave {
    /// Counts the code as one that no credential makes.
    pub(crate) fn wrong(mut self, now: UnixMillis) {
        self.wrong_at = Some(now);
    }
}

impl Drop for GuessLeave {
    fn drop(&mut self) {
        let mut counts = locked(&self.limits.counts);
        if let Some(guesses) = counts.of_callers.get_mut(&self.caller) {
            guesses.settle(CALLER_GUESSES, self.wrong_at);
        }
        if let Some(guesses) = self.credential.as_ref().and_then(|number| counts.of_credentials.get_mut(number)) {
            guesses.settle(CREDENTIAL_GUESSES, self.wrong_at);
        }
        drop(counts);
        self.limits.settled.notify_waiters();
    }
}

impl Limits {
    fn counts(&self, now: UnixMillis) -> MutexGuard<'_, Counts> {
        let mut counts = locked(&self.counts);
        if is_due(&mut counts.tidied_at, now) {
            tidy(&mut counts.of_callers, CALLER_GUESSES, now);
            tidy(&mut counts.of_credentials, CREDENTIAL_GUESSES, now);
        }
        counts
    }

    /// Leave for this caller to have a code of this credential judged, or how long there is none: then the right code is refused
    /// too. Guesses at the same time cannot pass the limit together: as many may be pending as could all be wrong, and the
    /// others wait for one of them.
    ///
    /// Test codes count for their caller only, or one caller could keep all shops from testing.
    pub(crate) async fn leave_to_guess(
        self: &Arc<Self>,
        caller: CallerId,
        credential: &CredentialNumber,
        now: UnixMillis,
    ) -> Result<GuessLeave, Wait> {
        loop {
            let mut settled = std::pin::pin!(self.settled.notified());
            // Before the look: a guess that is settled after it wakes this one.
            settled.as_mut().enable();
            if let Some(leave) = self.leave_now(caller, credential, now)? {
                return Ok(leave);
            }
            settled.await;
        }
    }

    fn leave_now(
        self: &Arc<Self>,
        caller: CallerId,
        credential: &CredentialNumber,
        now: UnixMillis,
    ) -> Result<Option<GuessLeave>, Wait> {
        let mut counts = self.counts(now);
        let counts = &mut *counts;
        let mut of_caller = counts.of_callers.get_mut(&caller);
        let caller_has_room = of_caller.as_mut().map_or(Ok(true), |guesses| guesses.has_room(CALLER_GUESSES, now))?;
        let number = credential.as_str();
        let is_counted = number != TEST_CREDENTIAL;
        let mut of_credential = counts.of_credentials.get_mut(number).filter(|_| is_counted);
        let credential_has_room =
            of_credential.as_mut().map_or(Ok(true), |guesses| guesses.has_room(CREDENTIAL_GUESSES, now))?;
        if !(caller_has_room && credential_has_room) {
            return Ok(None);
        }
        counts.of_callers.entry(caller).or_default().pending += 1;
        if is_counted {
            counts.of_credentials.entry(number.to_owned()).or_default().pending += 1;
        }
        let credential = is_counted.then(|| number.to_owned());
        Ok(Some(GuessLeave { limits: Arc::clone(self), caller, credential, wrong_at: None }))
    }

    /// Counts digits of this caller that are no code at all, as a wrong guess; or says how long none are read.
    pub(crate) fn guess_no_code(&self, caller: CallerId, now: UnixMillis) -> Result<(), Wait> {
        let mut counts = self.counts(now);
        let guesses = counts.of_callers.entry(caller).or_default();
        guesses.wrong.check(CALLER_GUESSES, now)?;
        guesses.wrong.add(CALLER_GUESSES, now);
        Ok(())
    }

    /// Takes one of the tries at a pairing code, unless there is none left: the right code is refused then too.
    pub(crate) fn pair(&self, now: UnixMillis) -> Result<(), Wait> {
        let mut counts = self.counts(now);
        counts.pairings.check(PAIRINGS, now)?;
        counts.pairings.add(PAIRINGS, now);
        Ok(())
    }

    /// Gives a try back: the code was right.
    pub(crate) fn paired(&self, now: UnixMillis) {
        self.counts(now).pairings.remove_last();
    }

    /// Counts an attempt that a limit turned away. A flood of them becomes one record.
    pub(crate) fn count_refused(&self, attempt: AttemptRecord) {
        let mut counts = self.counts(attempt.at);
        let key = (attempt.caller, attempt.shop_id.clone());
        let add = |earlier: &mut AttemptRecord| earlier.times = earlier.times.saturating_add(attempt.times);
        counts.refused.entry(key).and_modify(add).or_insert(attempt);
    }

    /// Hands over the records of this caller, for writing them together with something else. What could not be written comes back
    /// by [`Self::count_refused`].
    pub(crate) fn take_refused_of(&self, caller: CallerId, now: UnixMillis) -> Vec<AttemptRecord> {
        let mut counts = self.counts(now);
        counts.refused.extract_if(|(of, _), _| *of == caller).map(|(_, record)| record).collect()
    }

    /// Hands over the records whose window has ended.
    pub(crate) fn take_refused_due(&self, now: UnixMillis) -> Vec<AttemptRecord> {
        let mut counts = self.counts(now);
        let due = |record: &AttemptRecord| now.millis_since(record.at) >= REFUSED_WINDOW;
        counts.refused.extract_if(|_, record| due(record)).map(|(_, record)| record).collect()
    }

    /// Hands over all records, at the end.
    pub(crate) fn take_refused(&self, now: UnixMillis) -> Vec<AttemptRecord> {
        mem::take(&mut self.counts(now).refused).into_values().collect()
    }
}

fn tidy<K>(all: &mut HashMap<K, Guesses>, quota: Quota, now: UnixMillis) {
    all.retain(|_, guesses| {
        guesses.wrong.tidy(quota, now);
        guesses.pending > 0 || guesses.wrong.len() > 0
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use futures_util::FutureExt;

    use super::*;

    const NOON: UnixMillis = UnixMillis(1_795_147_200_000);

    fn number(value: u64) -> CredentialNumber {
        CredentialNumber::from_value(value).unwrap()
    }

    fn caller(byte: u8) -> CallerId {
        CallerId([byte; 32])
    }

    /// Leave at once, a time to wait, or `None` where it depends on guesses that are pending.
    fn leave(
        limits: &Arc<Limits>,
        caller: CallerId,
        credential: u64,
        now: UnixMillis,
    ) -> Option<Result<GuessLeave, Wait>> {
        limits.leave_to_guess(caller, &number(credential), now).now_or_never()
    }

    /// Guesses wrongly, if there is leave to guess.
    fn guess(limits: &Arc<Limits>, caller: CallerId, credential: u64, now: UnixMillis) -> bool {
        leave(limits, caller, credential, now).unwrap().map(|leave| leave.wrong(now)).is_ok()
    }

    #[test]
    fn a_quota_holds_in_any_stretch_of_its_length() {
        let limits = Arc::new(Limits::default());
        let mut guesses = Vec::new();
        for second in 0..3_600 {
            let now = NOON.plus_millis(second * 1_000);
            // From ever new terminals: the credential's own limit counts.
            if guess(&limits, caller(u8::try_from(second % 251).unwrap()), 1, now) {
                guesses.push(now);
            }
        }
        assert_eq!(guesses.len(), 240, "twenty in each of twelve stretches of five minutes");
        for stretch in guesses.windows(21) {
            assert!(stretch[20].millis_since(stretch[0]) >= 300_000, "{stretch:?}");
        }
    }

    #[test]
    fn a_caller_guesses_sixty_times_whatever_the_credential() {
        let limits = Arc::new(Limits::default());
        let done = (1..200).filter(|credential| guess(&limits, caller(1), *credential, NOON)).count();
        assert_eq!(done, 60);
        assert!(guess(&limits, caller(2), 1, NOON), "another caller may");
        let day_before = NOON.plus_millis(-86_400_000);
        assert!(guess(&limits, caller(1), 1, day_before), "a clock that is set back shuts nobody out");
    }

    #[test]
    fn guesses_at_the_same_time_cannot_pass_the_limit_together() {
        let limits = Arc::new(Limits::default());
        let mut pending: Vec<GuessLeave> =
            (0..20).map(|byte| leave(&limits, caller(byte), 1, NOON).unwrap().unwrap()).collect();
        let one_more = number(1);
        let mut waiting = Box::pin(limits.leave_to_guess(caller(99), &one_more, NOON));
        assert!((&mut waiting).now_or_never().is_none(), "all twenty may be wrong");
        pending.pop();
        let leave_of_the_other = (&mut waiting).now_or_never().unwrap().unwrap();
        pending.push(leave_of_the_other);
        let mut waiting = Box::pin(limits.leave_to_guess(caller(98), &one_more, NOON));
        for leave in pending {
            leave.wrong(NOON);
        }
        let refused = (&mut waiting).now_or_never().unwrap();
        assert_eq!(refused.err().map(Wait::seconds), Some(300), "they were");
    }

    #[test]
    fn right_codes_count_for_nothing_and_test_codes_for_their_caller_only() {
        let limits = Arc::new(Limits::default());
        for _ in 0..1_000 {
            drop(leave(&limits, caller(1), 1, NOON).unwrap().unwrap());
        }
        let test: CredentialNumber = TEST_CREDENTIAL.to_owned().try_into().unwrap();
        let guess_test = |byte| {
            let leave = limits.leave_to_guess(caller(byte), &test, NOON).now_or_never().unwrap();
            leave.map(|leave| leave.wrong(NOON)).is_ok()
        };
        assert_eq!((0..100).filter(|_| guess_test(1)).count(), 60);
        assert!(guess_test(2));
    }

    #[test]
    fn tries_at_pairing_come_back_one_by_one() {
        let limits = Limits::default();
        let at = |second: i64| NOON.plus_millis(second * 1_000);
        assert!((0..300).all(|second| limits.pair(at(second)).is_ok()));
        assert_eq!(limits.pair(at(300)).map_err(Wait::seconds), Err(300));
        assert_eq!(limits.pair(at(600)), Ok(()));
        assert!(limits.pair(at(600)).is_err());
        limits.paired(at(600));
        assert_eq!(limits.pair(at(600)), Ok(()), "a right code takes no try");
    }

    #[test]
    fn idle_guessers_are_forgotten_and_pending_guesses_are_not() {
        let limits = Arc::new(Limits::default());
        for value in 1..1_000 {
            guess(&limits, caller(u8::try_from(value % 200).unwrap()), value, NOON);
        }
        let pending = leave(&limits, caller(250), 5_000, NOON).unwrap().unwrap();
        let later = NOON.plus_millis(11 * MINUTE);
        limits.pair(later).unwrap();
        assert_eq!(limits.counts(later).of_callers.len(), 1);
        assert_eq!(limits.counts(later).of_credentials.len(), 1);
        drop(pending);
        limits.pair(later.plus_millis(MINUTE)).unwrap();
        assert_eq!(limits.counts(later).of_callers.len(), 0);
    }
}
