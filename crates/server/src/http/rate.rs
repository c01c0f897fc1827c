//! How much a caller may try: a pace for requests, and quotas for what must stay rare. Kept in memory, by the server's clock: a
//! restart forgets it, and each process counts for itself.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use member_domain::{CallerId, UnixMillis};

use super::problem::ApiError;

/// A minute, in milliseconds.
pub(crate) const MINUTE: i64 = 60_000;

/// Locks counts. A panic while the lock was held left them whole.
pub(crate) fn locked<T>(counts: &Mutex<T>) -> MutexGuard<'_, T> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

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
pub(crate) struct Quota {
    pub(crate) most: usize,
    pub(crate) millis: i64,
}

/// The instants of the last tries, oldest first.
#[derive(Default)]
pub(crate) struct Recent(VecDeque<i64>);

impl Recent {
    /// Forgets the tries before the quota's stretch, and those that a clock that was set back has left ahead.
    pub(crate) fn tidy(&mut self, quota: Quota, now: UnixMillis) {
        self.0.retain(|at| (0..quota.millis).contains(&now.0.saturating_sub(*at)));
    }

    /// Whether there may be one more try now.
    pub(crate) fn check(&mut self, quota: Quota, now: UnixMillis) -> Result<(), Wait> {
        self.tidy(quota, now);
        match self.0.front() {
            Some(oldest) if self.0.len() >= quota.most => Err(Wait((oldest + quota.millis - now.0).max(1))),
            _ => Ok(()),
        }
    }

    /// Counts a try.
    pub(crate) fn add(&mut self, quota: Quota, now: UnixMillis) {
        if self.0.len() >= quota.most {
            self.0.pop_front();
        }
        self.0.push_back(now.0);
    }

    /// Takes the last try back.
    pub(crate) fn remove_last(&mut self) {
        self.0.pop_back();
    }

    /// How many tries are counted.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// One quota for each of many keys.
pub(crate) struct Quotas<K> {
    quota: Quota,
    counts: Mutex<(HashMap<K, Recent>, i64)>,
}

impl<K: Eq + Hash> Quotas<K> {
    /// This quota for each key.
    pub(crate) fn new(quota: Quota) -> Self {
        Self { quota, counts: Mutex::new((HashMap::new(), 0)) }
    }

    /// Counts a try of this key, unless there were too many.
    pub(crate) fn take(&self, key: K, now: UnixMillis) -> Result<(), Wait> {
        let mut counts = locked(&self.counts);
        let (recent, tidied_at) = &mut *counts;
        if is_due(tidied_at, now) {
            recent.retain(|_, recent| {
                recent.tidy(self.quota, now);
                recent.len() > 0
            });
        }
        let recent = recent.entry(key).or_default();
        recent.check(self.quota, now)?;
        recent.add(self.quota, now);
        Ok(())
    }

    #[cfg(test)]
    fn keys(&self) -> usize {
        locked(&self.counts).0.len()
    }
}

/// Whether a minute has passed since `tidied_at`, which becomes `now` then.
pub(crate) fn is_due(tidied_at: &mut i64, now: UnixMillis) -> bool {
    let due = now.0.saturating_sub(*tidied_at).unsigned_abs() >= MINUTE.unsigned_abs();
    if due {
        *tidied_at = now.0;
    }
    due
}

/// A steady pace with room for a burst: the generic cell rate algorithm (ITU-T I.371), which needs one number a caller,
/// the instant at which the next request would be exactly on time.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// Microseconds between requests at the steady pace.
    interval: i64,
    /// How far ahead of it a caller may be, in microseconds.
    tolerance: i64,
}

impl Pace {
    /// So many requests a minute, and half of them at once.
    pub(crate) fn per_minute(requests: u32) -> Self {
        let interval = MINUTE * 1_000 / i64::from(requests.max(1));
        Self { interval, tolerance: interval * (i64::from(requests / 2).max(1) - 1) }
    }

    /// Moves `due` on if a request at `now` (in microseconds) is in time.
    pub(crate) fn admit(self, due: &mut i64, now: i64) -> Result<(), Wait> {
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

/// The paces of all callers.
pub(crate) struct Paces {
    pace: Pace,
    /// When each caller's next request would be on time, in microseconds; and when this was last tidied.
    due: Mutex<(HashMap<CallerId, i64>, i64)>,
}

impl Paces {
    /// With so many requests a minute for each caller.
    pub(crate) fn new(requests_per_minute: u32) -> Self {
        Self { pace: Pace::per_minute(requests_per_minute), due: Mutex::default() }
    }

    /// Counts a request of this caller, unless it comes too fast.
    pub(crate) fn admit(&self, caller: CallerId, now: UnixMillis) -> Result<(), Wait> {
        let mut counts = locked(&self.due);
        let (due, tidied_at) = &mut *counts;
        let micros = now.0.saturating_mul(1_000);
        if is_due(tidied_at, now) {
            due.retain(|_, due| *due > micros);
        }
        self.pace.admit(due.entry(caller).or_default(), micros)
    }

    #[cfg(test)]
    fn callers(&self) -> usize {
        locked(&self.due).0.len()
    }
}

/// One pace for everybody together.
#[derive(Default)]
pub(crate) struct Paced {
    /// When the next one would be on time, in microseconds.
    due: i64,
    /// How many came too fast since one was in time.
    missed: u32,
}

impl Paced {
    /// Whether one that comes `now` is in time, and if so, how many were not since the last that was.
    pub(crate) fn admit(&mut self, a_minute: u32, now: UnixMillis) -> Option<u32> {
        if Pace::per_minute(a_minute).admit(&mut self.due, now.0.saturating_mul(1_000)).is_err() {
            self.missed = self.missed.saturating_add(1);
            return None;
        }
        Some(mem::take(&mut self.missed))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    const NOON: UnixMillis = UnixMillis(1_795_147_200_000);

    #[test]
    fn a_pace_gives_half_a_minute_at_once_and_then_one_at_a_time() {
        let paces = Paces::new(600);
        let caller = CallerId([1; 32]);
        assert_eq!((0..400).filter(|_| paces.admit(caller, NOON).is_ok()).count(), 300);
        assert_eq!(paces.admit(caller, NOON), Err(Wait(100)));
        assert_eq!(paces.admit(caller, NOON.plus_millis(99)), Err(Wait(1)));
        assert_eq!(paces.admit(caller, NOON.plus_millis(100)), Ok(()));
        assert!(paces.admit(caller, NOON.plus_millis(100)).is_err());
        assert_eq!(paces.admit(CallerId([2; 32]), NOON), Ok(()), "each has a pace of its own");
        let at = |index: i64| NOON.plus_millis(200 + 100 * index);
        assert!(
            (0..2_000).all(|index| paces.admit(caller, at(index)).is_ok()),
            "600 a minute for as long as one likes"
        );
    }

    #[test]
    fn one_request_a_minute_is_the_least() {
        let paces = Paces::new(1);
        let caller = CallerId([1; 32]);
        assert_eq!(paces.admit(caller, NOON), Ok(()));
        assert_eq!(paces.admit(caller, NOON), Err(Wait(MINUTE)));
        assert_eq!(paces.admit(caller, NOON.plus_millis(MINUTE)), Ok(()));
    }

    #[test]
    fn a_clock_that_is_set_back_shuts_nobody_out() {
        let paces = Paces::new(60);
        let caller = CallerId([1; 32]);
        assert_eq!((0..100).filter(|_| paces.admit(caller, NOON).is_ok()).count(), 30);
        let day_before = NOON.plus_millis(-86_400_000);
        assert_eq!(paces.admit(caller, day_before), Err(Wait(1_000)));
        assert_eq!(paces.admit(caller, day_before.plus_millis(1_000)), Ok(()));
        let quotas = Quotas::new(Quota { most: 1, millis: MINUTE });
        assert_eq!(quotas.take("a", NOON), Ok(()));
        assert_eq!(quotas.take("a", NOON), Err(Wait(MINUTE)));
        assert_eq!(quotas.take("a", day_before), Ok(()));
    }

    #[test]
    fn idle_callers_and_keys_are_forgotten() {
        let paces = Paces::new(600);
        let quotas = Quotas::new(Quota { most: 9, millis: 10 * MINUTE });
        for value in 0..200_u8 {
            paces.admit(CallerId([value; 32]), NOON).unwrap();
            quotas.take(value, NOON).unwrap();
        }
        let later = NOON.plus_millis(11 * MINUTE);
        paces.admit(CallerId([255; 32]), later).unwrap();
        quotas.take(255, later).unwrap();
        assert_eq!((paces.callers(), quotas.keys()), (1, 1));
    }
}
