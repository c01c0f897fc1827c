//! A cache of parsed opening hours. Many shops share a text, and a list needs thousands of them at once.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, PoisonError, RwLock, RwLockWriteGuard},
};

use member_domain::{UnixMillis, wire::OpenState};

use super::{Timeline, evaluate, parse};

/// The maximum number of cached texts. They take a few megabytes.
const MOST: usize = 8_192;
/// How long a state is cached at most, in milliseconds. Later, a change beyond the horizon may have come
/// closer.
const LONGEST_MILLIS: i64 = 86_400_000;

static REMEMBERED: LazyLock<Memory> = LazyLock::new(Memory::default);

/// Returns the state at `now`.
pub(super) fn open_state(text: &str, now: UnixMillis) -> OpenState {
    REMEMBERED.open_state(text, now)
}

/// Returns the parsed hours; `None` if they cannot be read.
pub(super) fn parsed(text: &str) -> Option<Arc<Timeline>> {
    REMEMBERED.parsed(text)
}

/// The cache. It is locked only for look-ups and insertions, not while a text is parsed. Two threads may
/// parse the same text at once, which does no harm.
#[derive(Default)]
struct Memory(RwLock<HashMap<String, Entry>>);

struct Entry {
    hours: Option<Arc<Timeline>>,
    last: Option<Answer>,
}

/// A state that is valid from `from` until just before `before`.
#[derive(Clone, Copy)]
struct Answer {
    state: OpenState,
    from: UnixMillis,
    before: UnixMillis,
}

impl Memory {
    fn open_state(&self, text: &str, now: UnixMillis) -> OpenState {
        if let Some(state) = self.remembered_state(text, now) {
            return state;
        }
        let Some(hours) = self.parsed(text) else { return OpenState::Unknown };
        let (state, changes_at) = evaluate(&hours, now);
        let latest = now.plus_millis(LONGEST_MILLIS);
        let before = changes_at.map_or(latest, |at| at.min(latest));
        if let Some(entry) = self.write().get_mut(text) {
            entry.last = Some(Answer { state, from: now, before });
        }
        state
    }

    fn remembered_state(&self, text: &str, now: UnixMillis) -> Option<OpenState> {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(text)?;
        if entry.hours.is_none() {
            return Some(OpenState::Unknown);
        }
        entry.last.filter(|answer| answer.from <= now && now < answer.before).map(|answer| answer.state)
    }

    fn parsed(&self, text: &str) -> Option<Arc<Timeline>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(text).map(|entry| entry.hours.clone());
        known.unwrap_or_else(|| {
            let hours = parse(text).map(Arc::new);
            self.put_in(text, hours.clone());
            hours
        })
    }

    fn put_in(&self, text: &str, hours: Option<Arc<Timeline>>) {
        let mut entries = self.write();
        if entries.len() >= MOST && !entries.contains_key(text) {
            // It is not known which texts are needed again. Half of them are dropped, so that a list with
            // more texts than the cache can keep still finds some of them next time.
            let mut is_kept = false;
            entries.retain(|_, _| {
                is_kept = !is_kept;
                is_kept
            });
        }
        entries.entry(text.to_owned()).or_insert(Entry { hours, last: None });
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<String, Entry>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use member_domain::CivilDate;

    use super::*;

    const HOUR: i64 = 3_600_000;

    fn at(hour: i64) -> UnixMillis {
        CivilDate::new(2026, 11, 24).expect("a date").start_in_shanghai().plus_millis(hour * HOUR)
    }

    /// Replaces the cached hours of `text` by `hours`.
    fn replace(memory: &Memory, text: &str, hours: &str) {
        memory.write().get_mut(text).expect("remembered").hours = Timeline::read(hours).map(Arc::new);
    }

    #[test]
    fn a_remembered_state_ends_when_it_changes_and_is_not_of_earlier_times() {
        let hours = "10:00-14:00,17:00-21:00";
        let memory = Memory::default();
        let moments = [12, 13, 14, 16, 17, 20, 21, 33, 34, 12, 9, 10];
        for now in moments.map(at).into_iter().flat_map(|at| [at.plus_millis(-1), at, at.plus_millis(1)]) {
            assert_eq!(memory.open_state(hours, now), Memory::default().open_state(hours, now), "{now:?}");
        }
    }

    #[test]
    fn it_is_the_remembered_state_that_answers() {
        let memory = Memory::default();
        assert!(matches!(memory.open_state("24/7", at(0)), OpenState::Open { .. }));
        replace(&memory, "24/7", "off");
        assert!(matches!(memory.open_state("24/7", at(1)), OpenState::Open { .. }), "from memory");
        assert!(matches!(memory.open_state("24/7", at(-1)), OpenState::Closed { .. }), "not for an earlier time");
        memory.open_state("24/7", at(2));
        replace(&memory, "24/7", "24/7");
        assert!(matches!(memory.open_state("24/7", at(27)), OpenState::Open { .. }), "nor for longer than a day");
    }

    #[test]
    fn a_full_memory_keeps_half_of_what_it_had() {
        let memory = Memory::default();
        let texts: Vec<String> = (0..=MOST).map(|number| format!("unreadable {number}")).collect();
        for text in &texts {
            memory.open_state(text, at(0));
            assert!(memory.write().len() <= MOST);
        }
        let entries = memory.write();
        assert_eq!(entries.len(), MOST / 2 + 1);
        assert!(entries.contains_key(&texts[MOST]), "the newest");
    }

    #[test]
    fn texts_are_read_once() {
        for text in ["周一至周五 10:00-22:00，周末 09:00-23:00", "unreadable"] {
            let memory = Memory::default();
            memory.open_state(text, at(12));
            // If the text were parsed again, its hours would not be the replaced ones.
            replace(&memory, text, "Mo-Su 03:00-04:00");
            let expected = OpenState::Open { until: Some(at(28)) };
            assert_eq!(memory.open_state(text, at(27)), expected, "{text}");
            assert_eq!(memory.parsed(text), Timeline::read("Mo-Su 03:00-04:00").map(Arc::new), "{text}");
        }
    }
}
