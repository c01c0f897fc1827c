//! Reads the days of a rule: years, months or dates, weeks, weekdays and holidays, in this order.

use chrono::{Datelike, NaiveDate};

use super::{
    cursor::Cursor,
    days::{Dates, Days, MonthDay, Weekdays, Weeks},
    words::Word,
};

/// The years that are read as years. Smaller numbers are hours or days.
const YEARS: std::ops::RangeInclusive<u16> = 1_901..=2_099;
const LAST_WEEK: u16 = 53;

/// Parses the days of a rule. Each part may be absent.
pub(super) fn days(cursor: &mut Cursor) -> Option<Days> {
    let mut days = Days { years: years(cursor)?, ..Days::default() };
    let is_month_and_number = matches!(cursor.peek(), Some(Word::Month(_))) && is_number(cursor, 1);
    if !days.years.is_empty() && is_month_and_number && !is_date(cursor, 0) {
        // `2026 Dec 10:00-16:00` could be the tenth of December.
        return None;
    }
    days.dates = dates(cursor)?;
    let ends_with_month = matches!(days.dates.last(), Some(Dates::Months(..)));
    let has_dates = !days.dates.is_empty();
    days.weeks = weeks(cursor)?;
    // `Jun 1-Aug 31: 09:00-19:00`: only before a time. `Jun 1:30` is none.
    let is_before_time = is_number(cursor, 1) && cursor.peek_at(2) == Some(Word::Mark(':'));
    if days.weeks.is_empty() && (ends_with_month || (has_dates && is_before_time)) {
        colon(cursor);
    }
    days.only_holidays = cursor.peek() == Some(Word::Holiday) && cursor.peek_at(1) != Some(Word::Mark(','));
    if days.only_holidays {
        cursor.next();
    }
    days.weekdays = weekdays(cursor)?;
    // `Su PH` is the same as `PH Su`.
    days.only_holidays |= !days.only_holidays && !days.weekdays.is_empty() && cursor.take(Word::Holiday);
    if days.only_holidays || !days.weekdays.is_empty() {
        colon(cursor);
    }
    is_plain(&days).then_some(days)
}

/// Whether implementations agree on the combination of weekdays with the other parts.
fn is_plain(days: &Days) -> bool {
    // `PH Su,PH`
    let is_twice_holiday = days.only_holidays && days.weekdays.contains(&Weekdays::Holidays);
    // `Oct Su[1,3]`: `Oct Su[1]` can be read as one date, and then the list is wrong.
    let is_one_month = matches!(days.dates.as_slice(), [Dates::Months(first, last)] if first == last);
    let is_several =
        matches!(days.weekdays.as_slice(), [Weekdays::Nth(one, _), Weekdays::Nth(other, _), ..] if one == other);
    !(is_twice_holiday || (is_one_month && is_several))
}

/// Takes a colon between days and times, which only helps readers.
fn colon(cursor: &mut Cursor) {
    let is_before_more = cursor.peek_at(1).is_some_and(|word| !matches!(word, Word::Mark(_) | Word::Otherwise));
    if is_before_more {
        cursor.take(Word::Mark(':'));
    }
}

/// Parses a list with commas; `item` returns `None` if the text is not read. A comma that no further item
/// follows is left.
fn list<T>(
    cursor: &mut Cursor,
    is_item: impl Fn(&Cursor, usize) -> bool,
    mut item: impl FnMut(&mut Cursor) -> Option<T>,
) -> Option<Vec<T>> {
    let mut items = Vec::new();
    if !is_item(cursor, 0) {
        return Some(items);
    }
    loop {
        items.push(item(cursor)?);
        if cursor.peek() != Some(Word::Mark(',')) || !is_item(cursor, 1) {
            return Some(items);
        }
        cursor.next();
    }
}

fn is_year(cursor: &Cursor, offset: usize) -> bool {
    matches!(cursor.peek_at(offset), Some(Word::Number(year, 4)) if YEARS.contains(&year))
}

fn is_number(cursor: &Cursor, offset: usize) -> bool {
    matches!(cursor.peek_at(offset), Some(Word::Number(_, 1 | 2)))
}

/// Whether a date begins here, such as `Dec 24` or `2026 Dec 24`. `Dec 10:00` is a month and a time.
fn is_date(cursor: &Cursor, offset: usize) -> bool {
    let at = offset + usize::from(is_year(cursor, offset));
    let is_time = cursor.peek_at(at + 2) == Some(Word::Mark(':')) && is_number(cursor, at + 3);
    matches!(cursor.peek_at(at), Some(Word::Month(_))) && is_number(cursor, at + 1) && !is_time
}

/// Parses years, such as `2026`, `2026-2028` or `2026+`.
fn years(cursor: &mut Cursor) -> Option<Vec<(i32, i32)>> {
    let is_item = |cursor: &Cursor, offset: usize| is_year(cursor, offset) && !is_date(cursor, offset);
    list(cursor, is_item, |cursor| {
        let first = i32::from(cursor.number()?);
        if cursor.take(Word::Mark('+')) {
            return Some((first, i32::MAX));
        }
        if !cursor.take(Word::Mark('-')) {
            return Some((first, first));
        }
        let last = i32::from(cursor.number()?);
        (first < last && last <= i32::from(*YEARS.end())).then_some((first, last))
    })
}

/// Parses months or dates. A list has only one of them.
fn dates(cursor: &mut Cursor) -> Option<Vec<Dates>> {
    if !is_date(cursor, 0) {
        let is_month = |cursor: &Cursor, offset: usize| {
            matches!(cursor.peek_at(offset), Some(Word::Month(_))) && !is_date(cursor, offset)
        };
        return list(cursor, is_month, months);
    }
    let mut dates = Vec::new();
    loop {
        let (range, month) = date_range(cursor)?;
        dates.push(range);
        // `Dec 24,26-31`: days of the same month.
        while cursor.peek() == Some(Word::Mark(',')) && is_number(cursor, 1) {
            cursor.next();
            dates.push(days_of_month(cursor, month?)?);
        }
        if cursor.peek() != Some(Word::Mark(',')) || !is_date(cursor, 1) {
            return Some(dates);
        }
        cursor.next();
    }
}

fn months(cursor: &mut Cursor) -> Option<Dates> {
    let first = month(cursor)?;
    let last = if cursor.take(Word::Mark('-')) { month(cursor)? } else { first };
    Some(Dates::Months(first, last))
}

fn month(cursor: &mut Cursor) -> Option<u32> {
    let Some(Word::Month(month)) = cursor.next() else { return None };
    Some(month)
}

/// Parses `Dec 24`, `Dec 24-26`, `Dec 24-Jan 06`, or the same with years. Also returns the month if further days
/// of it may follow.
fn date_range(cursor: &mut Cursor) -> Option<(Dates, Option<u32>)> {
    let year = is_year(cursor, 0).then(|| cursor.number()).flatten();
    let month = month(cursor)?;
    let is_range = matches!((cursor.peek_at(1), cursor.peek_at(2)), (Some(Word::Mark('-')), Some(Word::Month(_))))
        || (cursor.peek_at(1) == Some(Word::Mark('-')) && is_date(cursor, 2));
    if !is_range {
        let days = days_of_month(cursor, month)?;
        let (Some(year), Dates::EachYear(first, last)) = (year, days) else { return Some((days, Some(month))) };
        return Some((Dates::Once(date(year, first)?, date(year, last)?), None));
    }
    let first = month_day(month, cursor.number()?)?;
    cursor.next();
    let last_year = is_year(cursor, 0).then(|| cursor.number()).flatten();
    let last_month = self::month(cursor)?;
    let last = month_day(last_month, cursor.number()?)?;
    let range = match (year, last_year) {
        (None, None) => is_range_of_year(first, last).then_some(Dates::EachYear(first, last)),
        (Some(year), Some(last_year)) => {
            let (first, last) = (date(year, first)?, date(last_year, last)?);
            (first <= last).then_some(Dates::Once(first, last))
        }
        // `2026 Dec 24-Jan 06`: the second year is not said.
        _ => None,
    };
    Some((range?, None))
}

/// Parses `24` or `24-26` after a month. The end of February is not read: it depends on the year, and
/// implementations differ.
fn days_of_month(cursor: &mut Cursor, month: u32) -> Option<Dates> {
    let first = month_day(month, cursor.number()?)?;
    let last = if cursor.take(Word::Mark('-')) { month_day(month, cursor.number()?)? } else { first };
    let is_end_of_february = first < last && last >= (2, 28) && last.0 == 2;
    (first <= last && !is_end_of_february).then_some(Dates::EachYear(first, last))
}

/// Returns the day of a month that every year has.
fn month_day(month: u32, day: u16) -> Option<MonthDay> {
    let day = u32::from(day);
    // 2001 is not a leap year.
    NaiveDate::from_ymd_opt(2001, month, day).map(|_| (month, day))
}

fn date(year: u16, (month, day): MonthDay) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::from(year), month, day)
}

/// Whether a range of dates is plain. `Mar 10-Mar 09` may mean all days or none.
fn is_range_of_year(first: MonthDay, last: MonthDay) -> bool {
    let after_last = date(2001, last).and_then(|last| last.succ_opt()).map(|day| (day.month(), day.day()));
    first <= last || after_last != Some(first)
}

/// Parses ISO weeks, such as `week 10`, `week 1-20` or `week 2-52/2`.
fn weeks(cursor: &mut Cursor) -> Option<Vec<Weeks>> {
    if !cursor.take(Word::Week) {
        return Some(Vec::new());
    }
    let weeks = list(cursor, is_number, |cursor| {
        let first = cursor.number()?;
        let last = if cursor.take(Word::Mark('-')) { cursor.number()? } else { first };
        let every = if first < last && cursor.take(Word::Mark('/')) { cursor.number()? } else { 1 };
        let is_read = (1..=last).contains(&first) && last <= LAST_WEEK && (1..=26).contains(&every);
        is_read.then(|| Weeks { first: first.into(), last: last.into(), every: every.into() })
    })?;
    (!weeks.is_empty()).then_some(weeks)
}

/// Parses weekdays and holidays, such as `Mo-Fr`, `Sa,Su,PH` or `Su[1]`.
fn weekdays(cursor: &mut Cursor) -> Option<Vec<Weekdays>> {
    let is_item =
        |cursor: &Cursor, offset: usize| matches!(cursor.peek_at(offset), Some(Word::Weekday(_) | Word::Holiday));
    // `PH` alone is read by `days`.
    if cursor.peek() == Some(Word::Holiday) && cursor.peek_at(1) != Some(Word::Mark(',')) {
        return Some(Vec::new());
    }
    let lists = list(cursor, is_item, |cursor| match cursor.next()? {
        Word::Holiday => Some(vec![Weekdays::Holidays]),
        Word::Weekday(first) if cursor.take(Word::Mark('-')) => match cursor.next()? {
            Word::Weekday(last) => Some(vec![Weekdays::Range(first, last)]),
            _ => None,
        },
        Word::Weekday(day) if cursor.take(Word::Mark('[')) => nth(cursor, day),
        Word::Weekday(day) => Some(vec![Weekdays::Range(day, day)]),
        _ => None,
    })?;
    Some(lists.concat())
}

/// Parses the numbers after a weekday: `[1]`, `[1,3]`, `[1-2]`, `[-1]`.
fn nth(cursor: &mut Cursor, day: u32) -> Option<Vec<Weekdays>> {
    let mut all = Vec::new();
    loop {
        let is_from_end = cursor.take(Word::Mark('-'));
        let first = i32::from(cursor.number()?);
        let is_range = !is_from_end && cursor.take(Word::Mark('-'));
        let last = if is_range { i32::from(cursor.number()?) } else { first };
        if !(1..=last).contains(&first) || last > 5 {
            return None;
        }
        all.extend((first..=last).map(|nth| Weekdays::Nth(day, if is_from_end { -nth } else { nth })));
        match cursor.next()? {
            Word::Mark(',') => {}
            Word::Mark(']') => return Some(all),
            _ => return None,
        }
    }
}
