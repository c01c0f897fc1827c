//! Parsers of fields that several kinds of files have.

use std::fmt;

use super::{
    characters::{control_in, invisible_in},
    fault::quoted,
    number::{is_digits, whole, with_advice},
};

/// Parses a text of at most 500 characters without control characters.
pub(super) fn text(field: &str) -> Result<String, String> {
    if field.chars().nth(500).is_some() {
        return Err("longer than 500 characters".to_owned());
    }
    control_in(field).map_or_else(|| Ok(field.to_owned()), Err)
}

/// Parses a text that was typed as an option of a command. It has no invisible character at all.
pub(crate) fn typed_text(field: &str) -> Result<String, String> {
    let text = text(field)?;
    invisible_in(&text).map_or(Ok(text), Err)
}

/// Parses an id: at most 64 letters, digits, '-' and '_'. The callers exclude an empty text.
pub(crate) fn id(field: &str) -> Result<String, &'static str> {
    let valid =
        field.len() <= 64 && field.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if valid { Ok(field.to_owned()) } else { Err("an id has at most 64 letters, digits, '-' and '_'") }
}

/// Parses a card number.
pub(super) fn card_number(field: &str) -> Result<String, &'static str> {
    match (is_digits(field), field.len()) {
        (true, 12) => Ok(field.to_owned()),
        (true, 1..12) => {
            Err("a card number has exactly 12 digits; a spreadsheet removes zeros in front of a number: format \
                              the column as text, enter the numbers again and export it again")
        }
        _ => Err("a card number has exactly 12 digits"),
    }
}

/// Parses an amount in fen.
pub(super) fn fen(field: &str) -> Result<member_domain::Fen, String> {
    const FORM: &str = "an amount is a whole number of fen from 0 to 100000000 (4200 is 42 yuan)";
    let amount = whole(field).and_then(|amount| i64::try_from(amount).ok());
    let amount = amount.filter(|amount| (0..=100_000_000).contains(amount));
    amount.map(member_domain::Fen).ok_or_else(|| with_advice(FORM, field))
}

/// Parses the name of a payment channel.
pub(super) fn channel(field: &str) -> Result<String, &'static str> {
    let valid = field.len() <= 32
        && field.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if valid {
        Ok(field.to_owned())
    } else {
        Err("a channel has at most 32 lower-case letters, digits and '-': wechat-pay")
    }
}

/// Parses the number of a payment or a refund at its channel.
pub(super) fn reference(field: &str) -> Result<String, &'static str> {
    if field.len() > 64 || !field.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("a reference has at most 64 ASCII letters, digits and marks, without spaces");
    }
    Ok(field.to_owned())
}

const LOST_START: &str = "a phone number without the zero or the plus in front, which a spreadsheet removes: format the \
                          column as text, enter the number again (021-5550-0137, +86 138 0000 0000) and export it again";

/// Parses a phone number. A spreadsheet takes one without spaces and hyphens for a number, and removes a zero or a
/// plus in front.
pub(super) fn phone(field: &str) -> Result<String, &'static str> {
    let field = field.replace(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2212}'], "-");
    let valid = (3..=30).contains(&field.len())
        && field.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b' ' | b'(' | b')'));
    if !valid {
        return Err("a phone number has digits, '+', '-', spaces and brackets");
    }
    let is_mobile = field.len() == 11 && field.starts_with('1');
    let is_service = field.len() == 10 && (field.starts_with("400") || field.starts_with("800"));
    let lacks_start = (9..=11).contains(&field.len()) || (field.len() <= 13 && field.starts_with("86"));
    if is_digits(&field) && !field.starts_with('0') && !is_mobile && !is_service && field.len() >= 9 && lacks_start {
        return Err(LOST_START);
    }
    Ok(field)
}

/// Parses a list of names separated by ';'.
pub(super) fn list<T, E: fmt::Display>(field: &str, read: impl Fn(&str) -> Result<T, E>) -> Result<Vec<T>, String> {
    let parts = field.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| read(part).map_err(|error| format!("'{}': {error}", quoted(part)))).collect()
}
