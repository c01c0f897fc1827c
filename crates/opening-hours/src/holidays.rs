//! China's public holidays.
//!
//! By the holiday law of 2024, the Spring Festival has four days, the first of May two and the first of
//! October three. Each November, the State Council adds days of rest around the feasts of the next year.
//! Until this notice is in [`NOTICES`], the days that it may add are uncertain: opening hours that depend on
//! holidays are unknown on them.

use std::{collections::HashMap, sync::LazyLock};

use chrono::{Datelike, NaiveDate, TimeDelta};

/// The days of rest that the State Council has announced for each year: first day and last day, as month and
/// day. 2026 is as announced in November 2025. Add a year when its notice is published.
const NOTICES: [(i32, [Rest; 7]); 1] = [(
    2026,
    [
        ((1, 1), (1, 3)),
        ((2, 15), (2, 23)),
        ((4, 4), (4, 6)),
        ((5, 1), (5, 5)),
        ((6, 19), (6, 21)),
        ((9, 25), (9, 27)),
        ((10, 1), (10, 7)),
    ],
)];

type Rest = (MonthDay, MonthDay);
type MonthDay = (u32, u32);

/// The feasts by the moon of each year: Spring Festival, Dragon Boat Festival and Mid-Autumn Festival. In
/// years after these, every day is uncertain.
const BY_THE_MOON: [(i32, [MonthDay; 3]); 18] = [
    (2026, [(2, 17), (6, 19), (9, 25)]),
    (2027, [(2, 6), (6, 9), (9, 15)]),
    (2028, [(1, 26), (5, 28), (10, 3)]),
    (2029, [(2, 13), (6, 16), (9, 22)]),
    (2030, [(2, 3), (6, 5), (9, 12)]),
    (2031, [(1, 23), (6, 24), (10, 1)]),
    (2032, [(2, 11), (6, 12), (9, 19)]),
    (2033, [(1, 31), (6, 1), (9, 8)]),
    (2034, [(2, 19), (6, 20), (9, 27)]),
    (2035, [(2, 8), (6, 10), (9, 16)]),
    (2036, [(1, 28), (5, 30), (10, 4)]),
    (2037, [(2, 15), (6, 18), (9, 24)]),
    (2038, [(2, 4), (6, 7), (9, 13)]),
    (2039, [(1, 24), (5, 27), (10, 2)]),
    (2040, [(2, 12), (6, 14), (9, 20)]),
    (2041, [(2, 1), (6, 3), (9, 10)]),
    (2042, [(1, 22), (6, 22), (9, 28)]),
    (2043, [(2, 10), (6, 11), (9, 17)]),
];

/// Whether a day is a public holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holiday {
    Yes,
    No,
    /// It depends on a notice that is not published.
    Perhaps,
}

/// The days of known years that are or may be holidays.
static DAYS: LazyLock<HashMap<NaiveDate, Holiday>> = LazyLock::new(|| {
    let mut days = HashMap::new();
    let announced = |year: i32| NOTICES.iter().any(|(noticed, _)| *noticed == year);
    for feast in feasts() {
        let (by_law, perhaps) = extent(feast);
        for offset in (perhaps.0..=perhaps.1).filter(|_| !announced(feast.year())) {
            days.entry(feast + TimeDelta::days(offset)).or_insert(Holiday::Perhaps);
        }
        for offset in by_law.0..=by_law.1 {
            days.insert(feast + TimeDelta::days(offset), Holiday::Yes);
        }
    }
    for (year, rests) in &NOTICES {
        days.extend(rests.iter().flat_map(|rest| rest_days(*year, *rest)).map(|day| (day, Holiday::Yes)));
    }
    days
});

/// Whether a day is a public holiday in China.
pub(crate) fn holiday(day: NaiveDate) -> Holiday {
    let known = BY_THE_MOON[0].0..=BY_THE_MOON[BY_THE_MOON.len() - 1].0;
    let otherwise = if known.contains(&day.year()) { Holiday::No } else { Holiday::Perhaps };
    DAYS.get(&day).copied().unwrap_or(otherwise)
}

/// Returns the main day of each feast.
fn feasts() -> impl Iterator<Item = NaiveDate> {
    BY_THE_MOON.iter().flat_map(|(year, by_the_moon)| {
        let fixed = [(1, 1), qingming(*year), (5, 1), (10, 1)];
        let feasts = by_the_moon.iter().copied().chain(fixed);
        feasts.filter_map(|(month, day)| NaiveDate::from_ymd_opt(*year, month, day))
    })
}

/// Returns two ranges of days, counted from a feast: the holidays by law, and the days that a notice may
/// include.
fn extent(feast: NaiveDate) -> ((i64, i64), (i64, i64)) {
    match (feast.month(), feast.day()) {
        (1, 1) => ((0, 0), (-2, 2)),
        (1 | 2, _) => ((-1, 2), (-3, 7)),
        (5, 1) => ((0, 1), (-2, 4)),
        (10, 1) => ((0, 2), (-2, 7)),
        _ => ((0, 0), (-2, 2)),
    }
}

/// Returns Tomb-Sweeping Day in the 21st century, by the usual formula for the solar term.
fn qingming(year: i32) -> MonthDay {
    let of_century = year - 2000;
    let day = (of_century * 2_422 + 48_100) / 10_000 - of_century / 4;
    (4, day.unsigned_abs())
}

fn rest_days(year: i32, (from, until): Rest) -> impl Iterator<Item = NaiveDate> {
    let day = |(month, day)| NaiveDate::from_ymd_opt(year, month, day);
    let days = day(from).zip(day(until)).map(|(from, until)| from.iter_days().take_while(move |day| *day <= until));
    days.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::{
        Holiday::{No, Perhaps, Yes},
        *,
    };

    #[test]
    fn announced_days_are_holidays_and_the_days_around_them_are_not() {
        for (day, expected) in [
            ("2026-02-14", No),
            ("2026-02-15", Yes),
            ("2026-02-23", Yes),
            ("2026-02-24", No),
            ("2026-04-05", Yes),
            ("2026-09-30", No),
            ("2026-10-04", Yes),
            ("2026-10-08", No),
        ] {
            assert_eq!(holiday(day.parse().expect("a date")), expected, "{day}");
        }
    }

    #[test]
    fn before_the_notice_only_the_law_is_certain() {
        for (day, expected) in [
            ("2026-12-29", No),
            ("2026-12-30", Perhaps),
            ("2027-02-05", Yes),
            ("2027-02-08", Yes),
            ("2027-02-10", Perhaps),
            ("2027-04-05", Yes),
            ("2027-05-02", Yes),
            ("2027-05-04", Perhaps),
            ("2027-10-03", Yes),
            ("2027-10-05", Perhaps),
            ("2027-11-24", No),
            ("2028-10-03", Yes),
            ("2043-11-24", No),
            ("2044-11-24", Perhaps),
            ("2025-11-24", Perhaps),
        ] {
            assert_eq!(holiday(day.parse().expect("a date")), expected, "{day}");
        }
    }
}
