//! Reads the times of a rule.

use super::{Span, cursor::Cursor, words::Word};

/// The end of a span is at most the end of the next day.
const LATEST: u16 = 2 * Span::DAY;

/// Parses a list of spans, which may be empty: `10:00-14:00,17:00-21:00`. An open end (`17:00+`) is the last.
pub(super) fn spans(cursor: &mut Cursor) -> Option<Vec<Span>> {
    let mut spans = Vec::new();
    if !matches!(cursor.peek(), Some(Word::Number(..))) {
        return Some(spans);
    }
    loop {
        let has_open_end = span(cursor, &mut spans)?;
        // After a comma without a number, another rule follows.
        let is_more = matches!((cursor.peek(), cursor.peek_at(1)), (Some(Word::Mark(',')), Some(Word::Number(..))));
        if !is_more {
            return Some(spans);
        }
        if has_open_end {
            return None;
        }
        cursor.next();
    }
}

/// Parses a span and returns whether it has an open end.
fn span(cursor: &mut Cursor, spans: &mut Vec<Span>) -> Option<bool> {
    let from = time(cursor)?;
    if from >= Span::DAY {
        return None;
    }
    if cursor.take(Word::Mark('+')) {
        spans.push(open_end(from)?);
        return Some(true);
    }
    if !cursor.take(Word::Mark('-')) {
        return None;
    }
    let until = match time(cursor)? {
        until if until < from || (from, until) == (0, 0) => until + Span::DAY,
        // `10:00-10:00` may mean a whole day or nothing.
        until if until == from || until > LATEST => return None,
        until => until,
    };
    let has_open_end = cursor.take(Word::Mark('+'));
    if has_open_end {
        spans.push(open_end(until)?);
    }
    spans.push(Span { from, until, is_open_end: false });
    Some(has_open_end)
}

/// Returns the time after an open end in which the shop may be open. Its length is not in the specification;
/// these are the lengths of opening_hours.js.
fn open_end(from: u16) -> Option<Span> {
    let until = match from / 60 {
        22.. => from + 8 * 60,
        17.. => from + 10 * 60,
        _ => Span::DAY,
    };
    (until <= LATEST).then_some(Span { from, until, is_open_end: true })
}

/// Parses a time as minutes since midnight.
fn time(cursor: &mut Cursor) -> Option<u16> {
    let Some(Word::Number(hour, 1 | 2)) = cursor.next() else { return None };
    if !cursor.take(Word::Mark(':')) {
        return None;
    }
    let Some(Word::Number(minute @ ..60, 2)) = cursor.next() else { return None };
    Some(hour * 60 + minute)
}
