//! Opening hours that were read before. Many shops share a text, and a list asks for thousands of them at once.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use member_domain::{UnixMillis, wire::OpenState};
use opening_hours::OpeningHours;

use super::{evaluate, parse};

/// How many texts are kept: a few megabytes of them.
const MOST: usize = 8_192;
/// For how long a state is taken for granted that is not known to change: what lies beyond the horizon comes nearer.
const LONGEST_MILLIS: i64 = 86_400_000;

static REMEMBERED: LazyLock<Mutex<Memory>> = LazyLock::new(Mutex::default);

/// The state at `now`.
pub(super) fn open_state(text: &str, now: UnixMillis) -> OpenState {
    REMEMBERED.lock().unwrap_or_else(PoisonError::into_inner).open_state(text, now)
}

/// The hours as they were read; `None` where they cannot be.
pub(super) fn parsed(text: &str) -> Option<OpeningHours> {
    REMEMBERED.lock().unwrap_or_else(PoisonError::into_inner).entry(text).hours.clone()
}

#[derive(Default)]
struct Memory(HashMap<String, Entry>);

struct Entry {
    hours: Option<OpeningHours>,
    last: Option<Answer>,
}

/// A state, from when on it was computed for until before it changes.
#[derive(Clone, Copy)]
struct Answer {
    state: OpenState,
    from: UnixMillis,
    before: UnixMillis,
}

impl Memory {
    fn open_state(&mut self, text: &str, now: UnixMillis) -> OpenState {
        let entry = self.entry(text);
        let Some(hours) = &entry.hours else { return OpenState::Unknown };
        if let Some(answer) = entry.last.filter(|answer| answer.from <= now && now < answer.before) {
            return answer.state;
        }
        let (state, changes_at) = evaluate(hours, now);
        let latest = now.plus_millis(LONGEST_MILLIS);
        let before = changes_at.map_or(latest, |at| at.min(latest));
        entry.last = Some(Answer { state, from: now, before });
        state
    }

    fn entry(&mut self, text: &str) -> &mut Entry {
        if !self.0.contains_key(text) && self.0.len() >= MOST {
            // Which of them will be asked for again is not known; the next list fills the memory with those of its own.
            self.0.clear();
        }
        if !self.0.contains_key(text) {
            self.0.insert(text.to_owned(), Entry { hours: parse(text), last: None });
        }
        self.0.get_mut(text).expect("it was just put in")
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

    #[test]
    fn a_remembered_state_ends_when_it_changes_and_is_not_of_earlier_times() {
        let hours = "10:00-14:00,17:00-21:00";
        let mut memory = Memory::default();
        let moments = [12, 13, 14, 16, 17, 20, 21, 33, 34, 12, 9, 10];
        for now in moments.map(at).into_iter().flat_map(|at| [at.plus_millis(-1), at, at.plus_millis(1)]) {
            assert_eq!(memory.open_state(hours, now), Memory::default().open_state(hours, now), "{now:?}");
        }
    }

    #[test]
    fn it_is_the_remembered_state_that_answers() {
        let mut memory = Memory::default();
        assert!(matches!(memory.open_state("24/7", at(0)), OpenState::Open { .. }));
        memory.0.get_mut("24/7").expect("remembered").hours = Some("off".parse().expect("hours"));
        assert!(matches!(memory.open_state("24/7", at(1)), OpenState::Open { .. }), "from memory");
        assert!(matches!(memory.open_state("24/7", at(-1)), OpenState::Closed { .. }), "not for an earlier time");
        memory.open_state("24/7", at(2));
        memory.0.get_mut("24/7").expect("remembered").hours = Some("24/7".parse().expect("hours"));
        assert!(matches!(memory.open_state("24/7", at(27)), OpenState::Open { .. }), "nor for longer than a day");
    }

    #[test]
    fn it_does_not_grow_without_bound() {
        let mut memory = Memory::default();
        for number in 0..=MOST {
            memory.open_state(&format!("unreadable {number}"), at(0));
        }
        assert!(memory.0.len() <= MOST);
    }

    /// Twenty thousand shops in a debug build: seconds if each text were read anew.
    #[test]
    fn texts_are_read_once() {
        let mut memory = Memory::default();
        for _ in 0..20_000 {
            memory.open_state("周一至周五 10:00-22:00，周末 09:00-23:00", at(12));
        }
        assert_eq!(memory.0.len(), 1);
    }
}
