//! Civil dates, compared with chrono's calendar.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use chrono::{DateTime, Datelike, Days, NaiveDate};
use member_domain::{CivilDate, UnixMillis};
use proptest::prelude::*;

const LAST_DAY: i64 = 2_932_896;

fn date(text: &str) -> CivilDate {
    text.parse().unwrap()
}

fn instant(rfc_3339: &str) -> UnixMillis {
    UnixMillis(DateTime::parse_from_rfc3339(rfc_3339).unwrap().timestamp_millis())
}

fn chrono_date(days_since_1970: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + Days::new(days_since_1970)
}

#[test]
fn leap_days_exist_in_leap_years_only() {
    for (year, leap) in [(1972, true), (2000, true), (2024, true), (2100, false), (2026, false), (9996, true)] {
        assert_eq!(CivilDate::new(year, 2, 29).is_ok(), leap, "{year}");
        assert!(CivilDate::new(year, 2, 30).is_err(), "{year}");
    }
    assert_eq!(date("2024-02-28").plus_days(1), date("2024-02-29"));
    assert_eq!(date("2024-02-29").plus_days(1), date("2024-03-01"));
    assert_eq!(date("2026-02-28").plus_days(1), date("2026-03-01"));
    assert_eq!(date("2024-02-29").plus_days(366), date("2025-03-01"));
}

#[test]
fn years_and_months_end_where_the_calendar_says() {
    assert_eq!(date("2026-12-31").plus_days(1), date("2027-01-01"));
    assert_eq!(date("2027-01-01").plus_days(-1), date("2026-12-31"));
    for (month, days) in [(1, 31), (3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30), (10, 31), (11, 30)] {
        assert!(CivilDate::new(2026, month, days).is_ok(), "month {month}");
        assert!(CivilDate::new(2026, month, days + 1).is_err(), "month {month}");
    }
}

#[test]
fn dates_are_clamped_to_the_years_1970_to_9999() {
    assert_eq!(date("1970-01-01").plus_days(-1), date("1970-01-01"));
    assert_eq!(date("9999-12-31").plus_days(1), date("9999-12-31"));
    assert_eq!(date("2026-01-01").plus_days(i64::MAX), date("9999-12-31"));
    assert_eq!(date("2026-01-01").plus_days(i64::MIN), date("1970-01-01"));
    assert_eq!(CivilDate::in_shanghai(UnixMillis(i64::MIN)), date("1970-01-01"));
    assert_eq!(CivilDate::in_shanghai(UnixMillis(i64::MAX)), date("9999-12-31"));
    assert!(CivilDate::new(1969, 12, 31).is_err());
    assert!(CivilDate::new(10_000, 1, 1).is_err());
}

#[test]
fn months_are_counted_back_across_years() {
    for (months, first) in
        [(0, "2026-01-01"), (1, "2025-12-01"), (12, "2025-01-01"), (13, "2024-12-01"), (23, "2024-02-01")]
    {
        assert_eq!(date("2026-01-31").first_of_month_before(months), date(first), "{months}");
    }
    assert_eq!(date("2026-01-31").first_of_month_before(u16::MAX), date("1970-01-01"));
    assert_eq!(date("1970-02-01").first_of_month_before(2), date("1970-01-01"));
}

#[test]
fn what_is_no_date_is_refused() {
    let refused = [
        "",
        "2026",
        "2026-1-1",
        "2026-13-01",
        "2026-00-10",
        "2026-01-00",
        "2026-01-32",
        "2026-02-29",
        "2026/01/01",
        "20260101",
        "2026-01-01T00:00:00Z",
        " 2026-01-01",
        "2026-01-01 ",
        "+026-01-01",
        "-026-01-01",
        "2026-+1-01",
        "0000-01-01",
        "1969-12-31",
        "２０２６-01-01",
        "202é-1-01",
        "2026—1-1",
    ];
    for text in refused {
        assert!(text.parse::<CivilDate>().is_err(), "{text:?}");
        assert!(serde_json::from_value::<CivilDate>(text.into()).is_err(), "{text:?} as JSON");
    }
}

#[test]
fn a_day_begins_at_midnight_in_shanghai_which_is_16_hours_utc() {
    assert_eq!(CivilDate::in_shanghai(instant("2026-12-30T15:59:59.999Z")), date("2026-12-30"));
    assert_eq!(CivilDate::in_shanghai(instant("2026-12-30T16:00:00Z")), date("2026-12-31"));
    assert_eq!(CivilDate::in_shanghai(instant("2026-12-31T15:59:59.999Z")), date("2026-12-31"));
    assert_eq!(CivilDate::in_shanghai(instant("2026-12-31T16:00:00Z")), date("2027-01-01"));
    assert_eq!(date("2026-12-31").start_in_shanghai(), instant("2026-12-31T00:00:00+08:00"));
}

#[test]
fn a_date_is_text_on_the_wire() {
    assert_eq!(serde_json::to_value(date("2026-07-05")).unwrap(), "2026-07-05");
    assert_eq!(serde_json::from_str::<CivilDate>("\"2026-07-05\"").unwrap(), date("2026-07-05"));
    assert_eq!(format!("{0} {0:?}", date("2026-07-05")), "2026-07-05 2026-07-05");
}

proptest! {
    #[test]
    fn every_day_is_the_one_chrono_counts(days in 0..=LAST_DAY) {
        let expected = chrono_date(days.unsigned_abs());
        let found = date("1970-01-01").plus_days(days);
        prop_assert_eq!(found.to_string(), expected.to_string());
        prop_assert_eq!(found.days_since(date("1970-01-01")), days);
        prop_assert_eq!(found.to_string().parse(), Ok(found));
        let year = u16::try_from(expected.year()).unwrap();
        let (month, day) = (u8::try_from(expected.month()).unwrap(), u8::try_from(expected.day()).unwrap());
        prop_assert_eq!(CivilDate::new(year, month, day), Ok(found));
    }

    #[test]
    fn a_date_holds_all_of_its_day_and_nothing_else(days in 0..LAST_DAY, within in 0..86_400_000_i64) {
        let day = date("1970-01-01").plus_days(days);
        let midnight = day.start_in_shanghai();
        prop_assert_eq!(CivilDate::in_shanghai(midnight.plus_millis(within)), day);
        prop_assert_eq!(CivilDate::in_shanghai(midnight.plus_millis(86_400_000)), day.plus_days(1));
        prop_assert_eq!(day.plus_days(1).start_in_shanghai().millis_since(midnight), 86_400_000);
    }

    #[test]
    fn order_and_difference_agree(a in 0..=LAST_DAY, b in 0..=LAST_DAY) {
        let (first, second) = (date("1970-01-01").plus_days(a), date("1970-01-01").plus_days(b));
        prop_assert_eq!(first.days_since(second), a - b);
        prop_assert_eq!(first.cmp(&second), a.cmp(&b));
        prop_assert_eq!(second.plus_days(a - b), first);
    }

    #[test]
    fn no_numbers_and_no_text_panic(year: u16, month: u8, day: u8, text in any::<String>()) {
        let year_number = i32::from(year);
        let known = NaiveDate::from_ymd_opt(year_number, month.into(), day.into()).is_some();
        prop_assert_eq!(CivilDate::new(year, month, day).is_ok(), known && (1970..=9999).contains(&year));
        prop_assert!(text.parse::<CivilDate>().is_err() || text.len() == 10);
    }
}
