//! Compares this crate with opening_hours.js, the reference implementation of the specification, on real
//! values of OpenStreetMap's tag `opening_hours` and on constructs that parsers read differently. The answers
//! of opening_hours.js are in `corpus/answers.txt` (see `corpus/README.md`).

use std::fmt::Write;

use member_domain::{CivilDate, UnixMillis, wire::OpenState};
use member_opening_hours::{Reading, open_state, reading, week};

const VALUES: &str = include_str!("corpus/values.txt");
const CONSTRUCTS: &str = include_str!("corpus/constructs.txt");
const INSTANTS: &str = include_str!("corpus/instants.txt");
const ANSWERS: &str = include_str!("corpus/answers.txt");

const MINUTE: i64 = 60_000;

/// Returns the lines of a file without its comments.
fn lines(file: &str) -> impl Iterator<Item = &str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Parses a time in Shanghai, such as `2026-11-24 09:30`.
fn at(text: &str) -> UnixMillis {
    let (date, time) = text.split_once(' ').expect("a date and a time");
    let (hour, minute) = time.split_once(':').expect("hours and minutes");
    let minutes = hour.parse::<i64>().expect("hours") * 60 + minute.parse::<i64>().expect("minutes");
    date.parse::<CivilDate>().expect("a date").start_in_shanghai().plus_millis(minutes * MINUTE)
}

/// What opening_hours.js says of a value at each instant.
struct Answer {
    open: Vec<bool>,
    unknown: Vec<bool>,
}

impl Answer {
    /// Parses a line of the answers; `None` if the value was refused.
    fn parse(line: &str) -> Option<Self> {
        let bits = |mask: &str| -> Vec<bool> {
            let digits = mask.chars().map(|digit| digit.to_digit(16).expect("a hexadecimal digit"));
            digits.flat_map(|digit| [8, 4, 2, 1].map(|bit| digit & bit != 0)).collect()
        };
        if line == "-" {
            return None;
        }
        let (open, unknown) = line.split_once('/').unwrap_or((line, "0000000000000000000000000"));
        Some(Self { open: bits(open), unknown: bits(unknown) })
    }
}

/// How many of a file's values were compared, and how much of them this crate knows.
#[derive(Default)]
struct Share {
    values: usize,
    read: usize,
    states: usize,
    known: usize,
    disagreements: String,
}

/// Compares each value of a file with its answer.
fn compare<'a>(values: &str, answers: &mut impl Iterator<Item = &'a str>) -> Share {
    let mut share = Share::default();
    let instants: Vec<(&str, UnixMillis)> = lines(INSTANTS).map(|text| (text, at(text))).collect();
    assert_eq!(instants.len(), 100);
    for value in lines(values) {
        let answer = Answer::parse(answers.next().expect("an answer for each value"));
        // Plain Chinese is no value by the specification.
        if answer.is_none() && !value.is_ascii() {
            continue;
        }
        share.values += 1;
        let mut disagreement = None;
        share.read += usize::from(reading(value) != Reading::Unread);
        for (index, (text, now)) in instants.iter().enumerate() {
            share.states += 1;
            let expected = answer.as_ref().map(|answer| match (answer.open[index], answer.unknown[index]) {
                (_, true) => "unknown",
                (true, _) => "open",
                (false, false) => "closed",
            });
            let said = match open_state(Some(value), *now) {
                OpenState::Unknown => continue,
                OpenState::Open { .. } => "open",
                OpenState::Closed { .. } => "closed",
            };
            share.known += 1;
            if expected != Some(said) {
                disagreement = Some((text, said, expected.unwrap_or("refused")));
            }
        }
        if let Some((text, said, expected)) = disagreement {
            writeln!(share.disagreements, "{value} at {text}: {said}, not {expected}").expect("a text");
        }
    }
    share
}

#[test]
fn whatever_is_not_unknown_is_as_in_the_reference_implementation() {
    let mut answers = lines(ANSWERS);
    let real = compare(VALUES, &mut answers);
    let constructs = compare(CONSTRUCTS, &mut answers);
    assert_eq!(answers.next(), None, "an answer without a value");
    assert_eq!(real.disagreements + &constructs.disagreements, "");
    assert!(real.values >= 2_000, "only {} values", real.values);
    let percent = |part: usize, whole: usize| part * 100 / whole;
    let shares = [percent(real.read, real.values), percent(real.known, real.states)];
    eprintln!("read: {} % of {} values; known: {} % of the states", shares[0], real.values, shares[1]);
    assert!(shares.iter().all(|share| *share >= 90), "{shares:?} % of the values are read and of the states known");
}

/// The week, the state and its next change tell the same.
#[test]
fn the_week_agrees_with_the_state() {
    let now = at("2026-11-24 00:00");
    for value in lines(VALUES).chain(lines(CONSTRUCTS)) {
        let week = week(Some(value), now);
        for (day, spans) in week.iter().map(|day| (day.date.start_in_shanghai(), &day.spans)) {
            for half_hour in 0..48 {
                let at = day.plus_millis(half_hour * 30 * MINUTE);
                // A span of the day before may last until now.
                let before = week.iter().flat_map(|day| &day.spans).chain(spans);
                let is_in_span = before.into_iter().any(|span| span.from <= at && at < span.until);
                let is_of_today = day != now || spans.iter().any(|span| span.from <= at);
                match open_state(Some(value), at) {
                    OpenState::Open { .. } => assert!(is_in_span || !is_of_today, "{value} at {at:?}"),
                    OpenState::Closed { .. } => assert!(!is_in_span, "{value} at {at:?}"),
                    // Only of yesterday's night, which the week does not show.
                    OpenState::Unknown => assert!(!is_of_today, "{value} at {at:?}"),
                }
            }
        }
    }
}

/// At `until`, the state is the other one; just before, it is still the same.
#[test]
fn until_is_the_next_change() {
    let instants: Vec<UnixMillis> = lines(INSTANTS).step_by(7).map(at).collect();
    for value in lines(VALUES).chain(lines(CONSTRUCTS)) {
        for now in &instants {
            let is_open = |state| match state {
                OpenState::Open { until } => Some((true, until)),
                OpenState::Closed { until } => Some((false, until)),
                OpenState::Unknown => None,
            };
            let Some((open, Some(until))) = is_open(open_state(Some(value), *now)) else { continue };
            assert!(until > *now, "{value} at {now:?}");
            let after = is_open(open_state(Some(value), until)).map(|(open, _)| open);
            assert_eq!(after, Some(!open), "{value} at {now:?}: until {until:?}");
            for before in [until.plus_millis(-1), UnixMillis(now.0.midpoint(until.0))] {
                let before = is_open(open_state(Some(value), before)).map(|(open, _)| open);
                assert_eq!(before, Some(open), "{value} at {now:?}: until {until:?}");
            }
        }
    }
}
