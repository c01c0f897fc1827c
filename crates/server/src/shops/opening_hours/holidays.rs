//! China's public holidays.
//!
//! The crate's calendar (2000 to 2076) has one day of each feast and no Qingming. By the holiday law of 2024,
//! the Spring Festival has four days, the first of May two and the first of October three. Each November, the
//! State Council adds days of rest around the feasts of the next year. Until this notice is in [`NOTICES`],
//! the days that it may add are uncertain: opening hours that depend on holidays are unknown on them.

use std::sync::{Arc, LazyLock};

use chrono::{Datelike, NaiveDate, TimeDelta};
use opening_hours::{ContextHolidays, localization::Country};

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

type Rest = ((u32, u32), (u32, u32));

/// The days that are certainly holidays.
pub(super) static CERTAIN: LazyLock<ContextHolidays> = LazyLock::new(|| {
    let mut days = Country::CN.holidays().get_public().clone();
    for feast in feasts() {
        let (by_law, _) = extent(feast);
        (by_law.0..=by_law.1).for_each(|offset| {
            days.insert(feast + TimeDelta::days(offset));
        });
    }
    for day in NOTICES.iter().flat_map(|(year, rests)| rests.iter().flat_map(|rest| rest_days(*year, *rest))) {
        days.insert(day);
    }
    ContextHolidays::new(days.into(), Arc::default())
});

/// The days that may be holidays.
pub(super) static UNCERTAIN: LazyLock<ContextHolidays> = LazyLock::new(|| {
    let mut days = ContextHolidays::default().get_public().clone();
    for feast in feasts().into_iter().filter(|feast| NOTICES.iter().all(|(year, _)| *year != feast.year())) {
        let (_, perhaps) = extent(feast);
        let around = (perhaps.0..=perhaps.1).map(|offset| feast + TimeDelta::days(offset));
        for day in around.filter(|day| !CERTAIN.get_public().contains(*day)) {
            days.insert(day);
        }
    }
    ContextHolidays::new(days.into(), Arc::default())
});

/// Returns the main day of each feast, starting with the first year in [`NOTICES`].
fn feasts() -> Vec<NaiveDate> {
    let holidays = Country::CN.holidays();
    let days = holidays.get_public().iter().filter(|day| day.year() >= NOTICES[0].0);
    days.flat_map(|day| [Some(day), (day.ordinal() == 1).then(|| qingming(day.year())).flatten()]).flatten().collect()
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
fn qingming(year: i32) -> Option<NaiveDate> {
    let of_century = year - 2000;
    let day = (of_century * 2_422 + 48_100) / 10_000 - of_century / 4;
    NaiveDate::from_ymd_opt(year, 4, u32::try_from(day).ok()?)
}

fn rest_days(year: i32, (from, until): Rest) -> impl Iterator<Item = NaiveDate> {
    let day = |(month, day)| NaiveDate::from_ymd_opt(year, month, day);
    let days = day(from).zip(day(until)).map(|(from, until)| from.iter_days().take_while(move |day| *day <= until));
    days.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(calendar: &ContextHolidays, date: &str) -> bool {
        calendar.get_public().contains(date.parse().expect("a date"))
    }

    #[test]
    fn announced_days_are_holidays_and_the_days_around_them_are_not() {
        for (day, expected) in [
            ("2026-02-14", false),
            ("2026-02-15", true),
            ("2026-02-23", true),
            ("2026-02-24", false),
            ("2026-04-05", true),
            ("2026-09-30", false),
            ("2026-10-04", true),
            ("2026-10-08", false),
        ] {
            assert_eq!(is(&CERTAIN, day), expected, "{day}");
            assert!(!is(&UNCERTAIN, day), "{day}");
        }
    }

    #[test]
    fn before_the_notice_only_the_law_is_certain() {
        for (day, certain, uncertain) in [
            ("2027-02-05", true, false),
            ("2027-02-08", true, false),
            ("2027-02-10", false, true),
            ("2027-04-05", true, false),
            ("2027-05-02", true, false),
            ("2027-05-04", false, true),
            ("2027-10-03", true, false),
            ("2027-10-05", false, true),
            ("2027-11-24", false, false),
        ] {
            assert_eq!((is(&CERTAIN, day), is(&UNCERTAIN, day)), (certain, uncertain), "{day}");
        }
    }
}
