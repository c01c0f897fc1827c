//! A week of opening hours, day by day.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use member_domain::{
    CivilDate, UnixMillis,
    wire::{OpenDay, OpenSpan},
};

use super::{State, Timeline, ranges, to_instant, to_local};

const DAYS: i64 = 7;

/// Returns today and the next six days; `None` if any part of them is unknown. A span past midnight belongs
/// to the day on which it begins. A span longer than a day is split by day.
pub(super) fn days(hours: &Timeline, now: UnixMillis) -> Option<Vec<OpenDay>> {
    let today = to_local(now)?.date();
    let spans = spans(hours, today)?;
    (0..DAYS)
        .map(|offset| {
            let date = today.checked_add_signed(TimeDelta::days(offset))?;
            let begun = spans.iter().filter(|(from, _)| from.date() == date);
            let spans =
                begun.map(|(from, until)| Some(OpenSpan { from: to_instant(*from)?, until: to_instant(*until)? }));
            Some(OpenDay { date: civil(date)?, spans: spans.collect::<Option<_>>()? })
        })
        .collect()
}

/// Returns the open spans from yesterday on, since a span of yesterday may last until today.
fn spans(hours: &Timeline, today: NaiveDate) -> Option<Vec<(NaiveDateTime, NaiveDateTime)>> {
    let midnight = |offset| Some(today.checked_add_signed(TimeDelta::days(offset))?.and_time(NaiveTime::MIN));
    let (yesterday, first, end, last) = (midnight(-1)?, midnight(0)?, midnight(DAYS)?, midnight(DAYS + 1)?);
    let mut spans: Vec<(NaiveDateTime, NaiveDateTime)> = Vec::new();
    for (from, until, state) in ranges(hours, yesterday, last) {
        match state {
            State::Closed => {}
            // Unknown hours of other days do not matter, unless a night of the last day may last until then.
            State::Unknown if until <= first => {}
            State::Unknown if from >= end && spans.last().is_none_or(|(_, until)| *until < from) => {}
            State::Unknown => return None,
            State::Open => match spans.last_mut() {
                Some((_, end)) if *end == from => *end = until,
                _ => spans.push((from, until)),
            },
        }
    }
    Some(spans.into_iter().flat_map(|(from, until)| days_of(from, until)).collect())
}

/// Splits a span at midnight while it is longer than a day.
fn days_of(mut from: NaiveDateTime, until: NaiveDateTime) -> Vec<(NaiveDateTime, NaiveDateTime)> {
    let mut parts = Vec::new();
    while until - from > TimeDelta::days(1) {
        let midnight = (from.date() + TimeDelta::days(1)).and_time(NaiveTime::MIN);
        parts.push((from, midnight));
        from = midnight;
    }
    parts.push((from, until));
    parts
}

fn civil(date: NaiveDate) -> Option<CivilDate> {
    CivilDate::new(u16::try_from(date.year()).ok()?, u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?)
        .ok()
}
