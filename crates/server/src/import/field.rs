//! Parsers of fields that several kinds of files have.

use std::fmt;

use super::fault::quoted;

/// Parses a text of at most 500 characters without control characters.
pub(crate) fn text(field: &str) -> Result<String, &'static str> {
    if field.chars().nth(500).is_some() {
        return Err("longer than 500 characters");
    }
    if field.chars().any(char::is_control) {
        return Err("contains control characters or line breaks");
    }
    Ok(field.to_owned())
}

/// Parses an id: at most 64 letters, digits, '-' and '_'. The callers exclude an empty text.
pub(crate) fn id(field: &str) -> Result<String, &'static str> {
    let valid =
        field.len() <= 64 && field.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if valid { Ok(field.to_owned()) } else { Err("an id has at most 64 letters, digits, '-' and '_'") }
}

/// Parses an amount in fen.
pub(super) fn fen(field: &str) -> Result<member_domain::Fen, &'static str> {
    let amount = field.parse::<i64>().ok().filter(|amount| (0..=100_000_000).contains(amount));
    amount.map(member_domain::Fen).ok_or("an amount is a whole number of fen from 0 to 100000000 (4200 is 42 yuan)")
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

/// Parses the number of a payment or a refund at its channel. Spreadsheets shorten long numbers to `4.2E+27`.
/// The removed digits are lost, so such a number is refused.
pub(super) fn reference(field: &str) -> Result<String, &'static str> {
    if field.len() > 64 || !field.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("a reference has at most 64 ASCII letters, digits and marks, without spaces");
    }
    let (digits, exponent) = field.split_once("E+").unwrap_or_default();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_number(digits) && is_number(exponent) {
        return Err("a spreadsheet has shortened this number: format the column as text and enter the number again");
    }
    Ok(field.to_owned())
}

/// Parses a list of names separated by ';'.
pub(super) fn list<T, E: fmt::Display>(field: &str, read: impl Fn(&str) -> Result<T, E>) -> Result<Vec<T>, String> {
    let parts = field.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| read(part).map_err(|error| format!("'{}': {error}", quoted(part)))).collect()
}
