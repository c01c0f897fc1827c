//! The days that a rule is for.

use chrono::{Datelike, NaiveDate};

/// The days of a rule. Each part that is named must match; a part that is not named matches every day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Days {
    /// `2026`, `2026-2028`, `2026+`: first and last year.
    pub(super) years: Vec<(i32, i32)>,
    /// Months or dates.
    pub(super) dates: Vec<Dates>,
    /// ISO weeks.
    pub(super) weeks: Vec<Weeks>,
    /// Weekdays. A list may contain `PH`, which adds the holidays: `Su,PH`.
    pub(super) weekdays: Vec<Weekdays>,
    /// `PH` beside the weekdays: `PH Mo-Fr` are the holidays from Monday to Friday.
    pub(super) only_holidays: bool,
}

/// A range of months or dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dates {
    /// `Oct-Mar`: first and last month, past December if the last one is smaller.
    Months(u32, u32),
    /// `Dec 24-Jan 06`: first and last day of each year, past December if the last one is smaller.
    EachYear(MonthDay, MonthDay),
    /// `2026 Dec 24-2027 Jan 06`
    Once(NaiveDate, NaiveDate),
}

/// Month and day of the month.
pub(super) type MonthDay = (u32, u32);

/// `week 2-52/2`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Weeks {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) every: u32,
}

/// An element of a list of weekdays. Monday is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weekdays {
    /// `Mo-Fr`, past Sunday if the last one is smaller.
    Range(u32, u32),
    /// `Su[1]`, `Fr[-1]`: the first Sunday, the last Friday of a month.
    Nth(u32, i32),
    /// `PH`
    Holidays,
}

impl Days {
    /// Whether no part is named.
    pub(crate) fn is_every_day(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the days depend on holidays.
    pub(crate) fn needs_holidays(&self) -> bool {
        self.only_holidays || self.weekdays.contains(&Weekdays::Holidays)
    }

    /// Whether the days are the same in every week.
    pub(crate) fn is_weekly(&self) -> bool {
        let Self { years, dates, weeks, weekdays, only_holidays } = self;
        let is_weekly = weekdays.iter().all(|days| matches!(days, Weekdays::Range(..)));
        years.is_empty() && dates.is_empty() && weeks.is_empty() && is_weekly && !only_holidays
    }

    /// Whether a day is one of these days.
    pub(crate) fn contain(&self, day: NaiveDate, is_holiday: bool) -> bool {
        fn any<T>(list: &[T], is_match: impl Fn(&T) -> bool) -> bool {
            list.is_empty() || list.iter().any(is_match)
        }
        any(&self.years, |(first, last)| (*first..=*last).contains(&day.year()))
            && any(&self.dates, |dates| dates.contain(day))
            && any(&self.weeks, |weeks| weeks.contain(day))
            && any(&self.weekdays, |weekdays| weekdays.contain(day, is_holiday))
            && (is_holiday || !self.only_holidays)
    }
}

impl Dates {
    fn contain(self, day: NaiveDate) -> bool {
        match self {
            Self::Months(first, last) => is_between(first, day.month(), last),
            Self::EachYear(first, last) => is_between(first, (day.month(), day.day()), last),
            Self::Once(first, last) => first <= day && day <= last,
        }
    }
}

impl Weeks {
    fn contain(self, day: NaiveDate) -> bool {
        let week = day.iso_week().week();
        (self.first..=self.last).contains(&week) && (week - self.first).is_multiple_of(self.every)
    }
}

impl Weekdays {
    fn contain(self, day: NaiveDate, is_holiday: bool) -> bool {
        let weekday = day.weekday().num_days_from_monday();
        match self {
            Self::Range(first, last) => is_between(first, weekday, last),
            Self::Nth(named, nth) => named == weekday && (nth == from_start(day) || nth == from_end(day)),
            Self::Holidays => is_holiday,
        }
    }
}

/// Whether `value` is in a range that may pass the end of the year or of the week.
fn is_between<T: PartialOrd>(first: T, value: T, last: T) -> bool {
    if first <= last { first <= value && value <= last } else { first <= value || value <= last }
}

/// Returns 1 for the first of its weekday in the month.
fn from_start(day: NaiveDate) -> i32 {
    day.day().div_ceil(7).cast_signed()
}

/// Returns -1 for the last of its weekday in the month.
fn from_end(day: NaiveDate) -> i32 {
    let later = u32::from(day.num_days_in_month()) - day.day();
    -(later / 7 + 1).cast_signed()
}
