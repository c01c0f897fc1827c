//! Formats numbers and money. All languages of the page use the same form: commas between thousands, a
//! decimal point, and the narrow yuan sign before the number. This code writes them because the browser's
//! first `Intl.NumberFormat` takes a slow phone 50 ms, and the card would wait for it.

use member_domain::Fen;

/// `1,234,567`
pub(super) fn group_thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut written = String::new();
    for (at, digit) in digits.char_indices() {
        match (at, digits.len() - at) {
            (0, _) if number < 0 => written.push('-'),
            (1.., left) if left % 3 == 0 => written.push(','),
            _ => {}
        }
        written.push(digit);
    }
    written
}

/// `¥126.40`
pub(super) fn money(amount: Fen) -> String {
    let fen = amount.0.unsigned_abs() % 100;
    format!("{}.{}{}", whole_money(amount), fen / 10, fen % 10)
}

/// `¥126` for ¥126.40.
pub(super) fn whole_money(amount: Fen) -> String {
    let sign = if amount.0 < 0 { "-" } else { "" };
    format!("{sign}¥{}", group_thousands((amount.0 / 100).saturating_abs()))
}

/// `8.5` for 85 tenths, `9` for 90.
pub(super) fn tenths(number: u32) -> String {
    let (whole, tenth) = (number / 10, number % 10);
    if tenth == 0 { whole.to_string() } else { format!("{whole}.{tenth}") }
}
