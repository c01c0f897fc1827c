//! Parses dates and times as people and spreadsheets write them. What can be read in two ways is refused.

use chrono::DateTime;
use member_domain::{CivilDate, CivilDateError, UnixMillis};

use super::fault::quoted;

const DATE: &str = "a date is written YYYY-MM-DD and must exist, for example 2026-12-31";
const TIME: &str =
    "a time is written 2026-12-05 19:30, as in Asia/Shanghai, or 2026-12-05T19:30:00+08:00, and must exist";

/// Parses a date with the year first: `2026-11-03`, `2026/11/3`, `2026.11.3`, `2026年11月3日`, `20261103`. The right day of
/// the week and midnight may follow.
pub(super) fn date(field: &str) -> Result<CivilDate, String> {
    match leading_date(field) {
        Some((day, rest)) if rest.trim().is_empty() || time_of_day(rest.trim_start_matches('T')) == Some(0) => Ok(day),
        Some((_, rest)) if time_of_day(rest).is_some() => Err(format!("{DATE}, without a time of day")),
        _ => Err(with_advice(DATE, "yyyy-mm-dd", field)),
    }
}

/// Parses an instant: RFC 3339 with an offset, or a date and a time in Asia/Shanghai, with or without seconds.
pub(super) fn instant(field: &str) -> Result<UnixMillis, String> {
    if let Ok(at) = DateTime::parse_from_rfc3339(field) {
        return Ok(UnixMillis(at.timestamp_millis()));
    }
    let parsed = leading_date(field).and_then(|(day, rest)| {
        let is_apart = rest.starts_with([' ', '上', '下']) || field.contains('年');
        let seconds = time_of_day(rest).filter(|_| is_apart)?;
        Some(day.start_in_shanghai().plus_millis(seconds * 1_000))
    });
    parsed.ok_or_else(|| with_advice(TIME, "yyyy-mm-dd hh:mm", field))
}

/// Parses an instant that is a whole minute.
pub(super) fn minute(field: &str) -> Result<UnixMillis, String> {
    let at = instant(field)?;
    if at.0.rem_euclid(60_000) == 0 { Ok(at) } else { Err(format!("{TIME}, without seconds")) }
}

/// Reads a date at the start of a text, and the day of the week after it. Returns the date and the rest.
fn leading_date(text: &str) -> Option<(CivilDate, &str)> {
    let (day, rest) = leading_day(text)?;
    let named = ["星期", "周"].iter().find_map(|prefix| rest.trim_start().strip_prefix(prefix));
    let Some(named) = named else { return Some((day, rest)) };
    let sign = named.chars().next()?;
    // 1970-01-01 was a Thursday.
    let weekday = day.days_since(CivilDate::new(1970, 1, 1).ok()?) % 7;
    let is_right = ['四', '五', '六', '日', '一', '二', '三']
        .into_iter()
        .zip(0..)
        .any(|(name, number)| number == weekday && (name == sign || (name, sign) == ('日', '天')));
    is_right.then(|| (day, &named[sign.len_utf8()..]))
}

/// Reads a date at the start of a text. Returns the date and the rest.
fn leading_day(text: &str) -> Option<(CivilDate, &str)> {
    let (year, rest) = number(text)?;
    if year.len() == 8 {
        return Some((civil_date(&year[..4], &year[4..6], &year[6..]).ok()?, rest));
    }
    let rest = rest.trim_start();
    let separator = rest.chars().next().filter(|sign| matches!(sign, '-' | '/' | '.' | '年'))?;
    let (month, rest) = number(rest[separator.len_utf8()..].trim_start())?;
    let rest = rest.trim_start().strip_prefix(if separator == '年' { '月' } else { separator })?;
    let (day, rest) = number(rest.trim_start())?;
    let rest = if separator == '年' { rest.trim_start().strip_prefix(['日', '号'])? } else { rest };
    let is_short = month.len() <= 2 && day.len() <= 2;
    Some((civil_date(year, month, day).ok().filter(|_| is_short && year.len() == 4)?, rest))
}

/// Splits a text after the digits at its start. Returns `None` if it has none.
fn number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn civil_date(year: &str, month: &str, day: &str) -> Result<CivilDate, CivilDateError> {
    let small = |text: &str| text.parse::<u8>().map_err(|_| CivilDateError);
    CivilDate::new(year.parse().map_err(|_| CivilDateError)?, small(month)?, small(day)?)
}

/// Parses a time of day, and returns the seconds since midnight: `9:30`, `09:30:00`, `上午9:30`, `9:30 PM`,
/// `9时30分`. `上午12:30` is refused, as people mean noon and midnight by it.
fn time_of_day(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_uppercase();
    let halves = [("上午", false), ("下午", true), ("AM", false), ("PM", true)];
    let marked = halves.into_iter().find_map(|(mark, is_later)| {
        let clock = text.strip_prefix(mark).or_else(|| text.strip_suffix(mark))?;
        Some((clock.trim(), Some((mark, is_later))))
    });
    let (clock, half) = marked.unwrap_or((&text, None));
    let clock = clock.replace(['时', '点'], ":").replace('分', ":");
    let clock = clock.strip_suffix('秒').or_else(|| clock.strip_suffix(':')).unwrap_or(&clock);
    let mut parts = clock.split(':').map(str::trim);
    let mut part = |digits: std::ops::RangeInclusive<usize>, below: i64| {
        let text = parts.next()?;
        let is_number = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|value| is_number && *value < below)
    };
    let (hours, minutes) = (part(1..=2, 24)?, part(2..=2, 60)?);
    let seconds = if clock.matches(':').count() == 2 { part(2..=2, 60)? } else { 0 };
    if clock.matches(':').count() > 2 {
        return None;
    }
    let hours = match (half, hours) {
        (Some(("AM", _)), 12) => 0,
        (None, _) | (Some((_, false)), 0..=11) | (Some((_, true)), 12..) => hours,
        (Some((_, true)), 1..=11) => hours + 12,
        _ => return None,
    };
    Some(hours * 3_600 + minutes * 60 + seconds)
}

/// Returns the form with what to do in the spreadsheet, if the text shows what went wrong there.
fn with_advice(form: &str, format: &str, field: &str) -> String {
    let export = format!("format the column as {format} in the spreadsheet and export it again");
    let day = field.split(' ').next().unwrap_or_default();
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if matches!(parts[..], [year, _, _] if parts.iter().all(is_number) && year.len() < 4) {
        return format!(
            "{form}: in '{}' the year is not first, so day and month may be swapped; {export}",
            quoted(field)
        );
    }
    let is_serial = field.parse::<f64>().is_ok_and(|days| (10_000.0..100_000.0).contains(&days));
    if is_serial && matches!(parts[..], [_] | [_, _]) {
        return format!("{form}: '{}' is the number by which a spreadsheet keeps a date; {export}", quoted(field));
    }
    form.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_with_the_year_first_are_read() {
        for text in [
            "2026-11-03",
            "2026-11-3",
            "2026/11/3",
            "2026/11/03",
            "2026.11.3",
            "2026年11月3日",
            "2026年11月03日",
            "2026 年 11 月 3 日",
            "2026年11月3号",
            "20261103",
            "2026/11/3 0:00",
            "2026-11-03 00:00:00",
            "2026/11/3 上午0:00",
            "2026-11-03T00:00:00",
            "2026年11月3日星期二",
            "2026/11/3 周二",
        ] {
            assert_eq!(date(text), Ok(CivilDate::new(2026, 11, 3).expect("a date")), "{text}");
        }
    }

    #[test]
    fn other_dates_are_refused_with_what_to_do() {
        for (text, reason) in [
            ("11/3/2026", "day and month may be swapped; format the column as yyyy-mm-dd"),
            ("3/11/26", "day and month may be swapped"),
            ("26-11-03", "day and month may be swapped"),
            ("3.11.2026", "day and month may be swapped"),
            ("46329", "the number by which a spreadsheet keeps a date; format the column"),
            ("46329.5", "the number by which a spreadsheet keeps a date"),
            ("2026/11/3 9:30", "without a time of day"),
            ("", "must exist"),
            ("2026", "must exist"),
            ("2026-02-30", "must exist"),
            ("2026-13-01", "must exist"),
            ("2026/11-3", "must exist"),
            ("2026-11", "must exist"),
            ("2026年11月", "must exist"),
            ("2026-11-003", "must exist"),
            ("3-Nov-26", "must exist"),
            ("2026年11月3日星期三", "must exist"),
            ("2026年11月3日星期", "must exist"),
            ("-2026-11-03", "must exist"),
            ("2026-11-03x", "must exist"),
        ] {
            let error = date(text).expect_err(text);
            assert!(error.starts_with("a date is written YYYY-MM-DD") && error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn times_are_those_that_clocks_in_shanghai_show() {
        for text in [
            "2026-11-20 09:30",
            "2026-11-20 9:30",
            "2026-11-20 09:30:00",
            "2026-11-20  9:30:00",
            "2026/11/20 9:30",
            "2026年11月20日 9:30",
            "2026年11月20日9:30",
            "2026/11/20 上午9:30",
            "2026/11/20上午9:30",
            "2026/11/20 9:30 AM",
            "2026/11/20 9:30:00 am",
            "2026-11-20 9时30分",
            "2026-11-20 9点30分00秒",
            "2026-11-20T09:30:00+08:00",
            "2026-11-20T01:30:00Z",
            "20261120 09:30",
        ] {
            assert_eq!(minute(text).map(|at| at.0), Ok(1_795_138_200_000), "{text}");
        }
        for (text, minutes) in [
            ("下午1:05", 13 * 60 + 5),
            ("下午12:30", 12 * 60 + 30),
            ("12:30 AM", 30),
            ("12:30 PM", 12 * 60 + 30),
            ("上午11:59", 11 * 60 + 59),
            ("0:00", 0),
            ("23:59", 23 * 60 + 59),
            ("下午13:30", 13 * 60 + 30),
        ] {
            let midnight = CivilDate::new(2026, 11, 20).expect("a date").start_in_shanghai();
            let found = minute(&format!("2026-11-20 {text}"));
            assert_eq!(found, Ok(midnight.plus_millis(minutes * 60_000)), "{text}");
        }
        assert_eq!(instant("1970-01-01 08:01:02").map(|at| at.0), Ok(62_000));
    }

    #[test]
    fn other_times_are_refused() {
        for (text, reason) in [
            ("", "must exist"),
            ("2026-11-20", "must exist"),
            ("9:30", "must exist"),
            ("2026-11-20 24:00", "must exist"),
            ("2026-11-20 9:60", "must exist"),
            ("2026-11-20 9:3", "must exist"),
            ("2026-11-20 19", "must exist"),
            ("2026-11-20 +9:30", "must exist"),
            ("2026-11-20 09:30:60", "must exist"),
            ("2026-11-20 09:30:00:00", "must exist"),
            ("2026-11-20T09:30:00", "must exist"),
            ("2026-11-2009:30", "must exist"),
            ("2026-02-29 10:00", "must exist"),
            ("2026-11-20 上午12:30", "must exist"),
            ("2026-11-20 上午13:30", "must exist"),
            ("2026-11-20 0:30 PM", "must exist"),
            ("11/3/2026 9:30", "day and month may be swapped; format the column as yyyy-mm-dd hh:mm"),
            ("46346.5", "the number by which a spreadsheet keeps a date"),
        ] {
            let error = instant(text).expect_err(text);
            assert!(error.starts_with("a time is written") && error.contains(reason), "{text}: {error}");
        }
        assert!(minute("2026-11-20 09:30:05").expect_err("seconds").ends_with("without seconds"));
    }
}
