//! Tells whether a shop is open, from opening hours in OpenStreetMap's syntax or in plain Chinese. Public
//! holidays are China's. Hours that cannot be read are unknown and never guessed.

mod chinese;
mod holidays;
mod nights;
mod remembered;
mod week;

use chrono::{DateTime, NaiveDateTime, TimeDelta};
use member_domain::{
    City, UnixMillis,
    wire::{OpenDay, OpenState},
};
use opening_hours::{Context, OpeningHours, RuleKind};

/// How far ahead a change is searched for.
const HORIZON: TimeDelta = TimeDelta::days(400);

/// Whether `hours` can be read.
pub(crate) fn is_readable(hours: &str) -> bool {
    parse(hours).is_some()
}

/// Returns the state at `now` and when it changes. The state is cached by text, for a day at most, so that
/// another call is a look-up.
pub(crate) fn open_state(hours: Option<&str>, now: UnixMillis) -> OpenState {
    hours.map_or(OpenState::Unknown, |hours| remembered::open_state(hours, now))
}

/// Returns the opening times of today and the next six days. They are empty if the text cannot be read, or if
/// any of these days is unknown.
pub(crate) fn week(hours: Option<&str>, now: UnixMillis) -> Vec<OpenDay> {
    let parsed = hours.and_then(remembered::parsed);
    parsed.and_then(|hours| week::days(&hours, now)).unwrap_or_default()
}

/// Parses OpenStreetMap's syntax or plain Chinese.
fn parse(hours: &str) -> Option<OpeningHours> {
    let in_chinese = || chinese::translated(hours)?.parse().ok();
    let parsed = if hours.contains(|character: char| character.is_ascii_alphabetic()) {
        nights::read(hours)
    } else {
        // Times alone occur in both languages. In the syntax, `9:00-6:00` ends on the next morning. A Chinese
        // author may mean the evening.
        in_chinese().or_else(|| nights::read(hours).filter(|hours| !nights::passes_midnight(hours)))
    };
    let parsed = parsed.filter(|hours| !follows_the_sun(hours))?;
    let context = Context::default()
        .with_holidays(holidays::CERTAIN.clone())
        .with_holidays_unknown(holidays::UNCERTAIN.clone())
        .approx_bound_interval_size(HORIZON);
    Some(parsed.with_context(context))
}

/// Whether the hours depend on sunrise, dusk or similar. The crate uses the same times for these all year.
fn follows_the_sun(hours: &OpeningHours) -> bool {
    let expression = hours.get_expression();
    let mut times = expression.rules.iter().flat_map(|rule| &rule.time_selector.spans).map(|span| &span.range);
    times.any(|range| range.start.as_time_event().or_else(|| range.end.as_time_event()).is_some())
}

/// Returns the state at `now`, and the time of its next change.
fn evaluate(hours: &OpeningHours, now: UnixMillis) -> (OpenState, Option<UnixMillis>) {
    let Some(local) = to_local(now) else { return (OpenState::Unknown, None) };
    // Ranges that differ only in their comment are merged.
    let mut ranges = hours.iter_range(local, local + HORIZON).peekable();
    let Some(first) = ranges.next() else { return (OpenState::Unknown, None) };
    let mut end = first.range.end;
    while let Some(more) = ranges.next_if(|range| range.kind == first.kind) {
        end = more.range.end;
    }
    let next = ranges.peek().map(|range| range.kind);
    let changes_at = next.and_then(|_| to_instant(end));
    // A change to unknown is not a time at which the shop opens or closes.
    let until = changes_at.filter(|_| next != Some(RuleKind::Unknown));
    let state = match first.kind {
        RuleKind::Open => OpenState::Open { until },
        RuleKind::Closed => OpenState::Closed { until },
        RuleKind::Unknown => OpenState::Unknown,
    };
    (state, changes_at)
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
