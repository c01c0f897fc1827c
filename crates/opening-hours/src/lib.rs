//! Tells whether a shop is open, from opening hours in OpenStreetMap's syntax or in plain Chinese. Public
//! holidays are China's. Hours that cannot be read are unknown and never guessed.

mod chinese;
mod holidays;
mod remembered;
mod syntax;
mod timeline;
mod week;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use member_domain::{
    City, UnixMillis,
    wire::{OpenDay, OpenState},
};
use syntax::State;
use timeline::Timeline;

/// How far ahead a change is searched for, in days.
const HORIZON_DAYS: usize = 400;
/// The same for hours that are the same in every week: the rest of today, and seven days.
const WEEK_DAYS: usize = 8;

/// How much of a text can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// All of it. The state is unknown only on days that may become holidays.
    Whole,
    /// All of it, but it does not always tell whether the shop is open: `18:00+`, `"by appointment"`.
    Partly,
    /// The text is not understood. The state is always unknown.
    Unread,
}

/// Returns how much of the opening hours can be read.
pub fn reading(hours: &str) -> Reading {
    match parse(hours) {
        None => Reading::Unread,
        Some(hours) if hours.is_partly_unknown() => Reading::Partly,
        Some(_) => Reading::Whole,
    }
}

/// Returns the state at `now` and when it changes. The state is cached by text, for a day at most, so that
/// another call is a look-up.
pub fn open_state(hours: Option<&str>, now: UnixMillis) -> OpenState {
    hours.map_or(OpenState::Unknown, |hours| remembered::open_state(hours, now))
}

/// Returns the opening times of today and the next six days. They are empty if the text cannot be read, or if
/// any of these days is unknown.
pub fn week(hours: Option<&str>, now: UnixMillis) -> Vec<OpenDay> {
    let parsed = hours.and_then(remembered::parsed);
    parsed.and_then(|hours| week::days(&hours, now)).unwrap_or_default()
}

/// Parses OpenStreetMap's syntax or plain Chinese.
fn parse(hours: &str) -> Option<Timeline> {
    if hours.contains(|character: char| character.is_ascii_alphabetic()) {
        return Timeline::read(hours);
    }
    // Times alone occur in both languages. In the syntax, `9:00-6:00` ends on the next morning, and a part after
    // a `;` replaces the part before it. A Chinese author may mean the evening, and both parts.
    let is_shared = |byte: u8| byte.is_ascii_digit() || b":-~, ".contains(&byte);
    let may_be_chinese = !hours.is_ascii() || hours.bytes().all(is_shared);
    let in_chinese = || Timeline::read(&chinese::translated(hours)?);
    may_be_chinese
        .then(in_chinese)
        .flatten()
        .or_else(|| Timeline::read(hours).filter(|hours| !hours.hours().closes_on_next_day()))
}

/// Returns the state at `now`, and the time of its next change.
fn evaluate(hours: &Timeline, now: UnixMillis) -> (OpenState, Option<UnixMillis>) {
    let Some(local) = to_local(now) else { return (OpenState::Unknown, None) };
    let days = if hours.hours().is_weekly() { WEEK_DAYS } else { HORIZON_DAYS };
    let mut states = changes(hours, local.date(), days);
    let Some((_, mut state)) = states.next() else { return (OpenState::Unknown, None) };
    let mut next = None;
    for (at, new) in states {
        if at > local {
            next = Some((at, new));
            break;
        }
        state = new;
    }
    let changes_at = next.and_then(|(at, _)| to_instant(at));
    // A change to unknown is not a time at which the shop opens or closes.
    let until = changes_at.filter(|_| next.is_some_and(|(_, new)| new != State::Unknown));
    let state = match state {
        State::Open => OpenState::Open { until },
        State::Closed => OpenState::Closed { until },
        State::Unknown => OpenState::Unknown,
    };
    (state, changes_at)
}

/// Returns the changes of state from the midnight of a day on: the first state, then each different one.
fn changes(hours: &Timeline, first: NaiveDate, days: usize) -> impl Iterator<Item = (NaiveDateTime, State)> {
    let states = first.iter_days().take(days).flat_map(|day| {
        let midnight = day.and_time(NaiveTime::MIN);
        hours.states(day).into_iter().map(move |(minute, state)| (midnight + TimeDelta::minutes(minute.into()), state))
    });
    let mut last = None;
    states.filter(move |(_, state)| last.replace(*state) != Some(*state))
}

/// Returns the ranges of one state between two midnights.
fn ranges(hours: &Timeline, from: NaiveDateTime, until: NaiveDateTime) -> Vec<(NaiveDateTime, NaiveDateTime, State)> {
    let days = usize::try_from((until - from).num_days()).unwrap_or_default();
    let changes: Vec<_> = changes(hours, from.date(), days).collect();
    let ends = changes.iter().skip(1).map(|(at, _)| *at).chain([until]);
    changes.iter().zip(ends).map(|((at, state), end)| (*at, end, *state)).collect()
}

/// Returns a city's offset from UTC. No city has daylight saving time.
const fn utc_offset(city: City) -> TimeDelta {
    match city {
        City::Shanghai | City::Hangzhou | City::Guangzhou => TimeDelta::hours(8),
    }
}

/// The offset of all cities. So far they share one, so a shop's city is not needed.
const OFFSET: TimeDelta = utc_offset(City::Shanghai);

fn to_local(instant: UnixMillis) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_millis(instant.0)?.naive_utc().checked_add_signed(OFFSET)
}

fn to_instant(local: NaiveDateTime) -> Option<UnixMillis> {
    local.checked_sub_signed(OFFSET).map(|utc| UnixMillis(utc.and_utc().timestamp_millis()))
}

#[cfg(test)]
mod tests;
