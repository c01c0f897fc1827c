//! Civil dates of the programme: dates in Asia/Shanghai, independent of the time zone of the device or the server.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{UnixMillis, described::described};

/// Asia/Shanghai has kept UTC+8 without daylight saving since 1991 (IANA time zone database).
const SHANGHAI_OFFSET_MILLIS: i64 = 8 * 3_600_000;
const DAY_MILLIS: i64 = 86_400_000;

described! {
    /// A calendar date in Asia/Shanghai, written `2026-12-31` (ISO 8601): proleptic Gregorian calendar, years
    /// 1970 to 9999.
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(try_from = "String", into = "String")]
    pub struct CivilDate {
        year: u16,
        month: u8,
        day: u8,
    }
}

/// The text is not a civil date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CivilDateError;

impl fmt::Display for CivilDateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date is written YYYY-MM-DD and must exist, for example 2026-12-31")
    }
}

impl std::error::Error for CivilDateError {}

impl CivilDate {
    /// The date `year-month-day`, if it exists in the calendar.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, CivilDateError> {
        let valid = (1970..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        if valid { Ok(Self { year, month, day }) } else { Err(CivilDateError) }
    }

    /// The month, from 1.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The year.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The date in Asia/Shanghai at this instant; 1970-01-01 for instants before 1970.
    pub fn in_shanghai(at: UnixMillis) -> Self {
        let days = at.0.saturating_add(SHANGHAI_OFFSET_MILLIS).div_euclid(DAY_MILLIS);
        Self::from_epoch_days(days)
    }

    /// The instant at which this date begins in Asia/Shanghai (midnight there).
    pub fn start_in_shanghai(self) -> UnixMillis {
        UnixMillis(self.epoch_days() * DAY_MILLIS - SHANGHAI_OFFSET_MILLIS)
    }

    /// This date plus `days`, clamped to 1970-01-01 and 9999-12-31.
    pub fn plus_days(self, days: i64) -> Self {
        Self::from_epoch_days(self.epoch_days().saturating_add(days))
    }

    /// The first day of the month `months` before this date's month; clamped to 1970-01-01.
    pub fn first_of_month_before(self, months: u16) -> Self {
        let since_year_0 = (u32::from(self.year) * 12 + u32::from(self.month) - 1).saturating_sub(months.into());
        let year = u16::try_from(since_year_0 / 12).expect("not later than this date's year");
        let month = u8::try_from(since_year_0 % 12 + 1).expect("a year has twelve months");
        Self::new(year, month, 1).unwrap_or(Self { year: 1970, month: 1, day: 1 })
    }

    /// Whole days from `earlier` to this date; negative if this date is before `earlier`.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.epoch_days() - earlier.epoch_days()
    }

    /// Days since 1970-01-01 (Hinnant's `days_from_civil`). Years start in March, so that the leap day comes
    /// last.
    fn epoch_days(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The inverse of [`Self::epoch_days`] (Hinnant's `civil_from_days`).
    fn from_epoch_days(days: i64) -> Self {
        const LAST_DAY: i64 = 2_932_896; // 9999-12-31
        let shifted = days.clamp(0, LAST_DAY) + 719_468;
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let narrow = |value: i64| u16::try_from(value).expect("clamped to four-digit years above");
        let small = |value: i64| u8::try_from(value).expect("months and days have two digits");
        Self { year: narrow(year), month: small(month), day: small(day) }
    }
}

fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl FromStr for CivilDate {
    type Err = CivilDateError;

    fn from_str(text: &str) -> Result<Self, CivilDateError> {
        let shape_is_right = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shape_is_right {
            return Err(CivilDateError);
        }
        let two_digits = |from: usize| text[from..from + 2].parse::<u8>().map_err(|_| CivilDateError);
        let year = text[..4].parse().map_err(|_| CivilDateError)?;
        Self::new(year, two_digits(5)?, two_digits(8)?)
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for CivilDate {
    type Error = CivilDateError;

    fn try_from(text: String) -> Result<Self, CivilDateError> {
        text.parse()
    }
}

impl From<CivilDate> for String {
    fn from(date: CivilDate) -> Self {
        date.to_string()
    }
}
