//! CSV fields for files that people open in a spreadsheet.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use member_domain::UnixMillis;

/// Tells spreadsheets that a file is UTF-8.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Returns a text as a field that no spreadsheet takes for a formula.
pub(crate) fn text(field: &str) -> String {
    let runs = field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if runs { format!("'{field}") } else { field.to_owned() }
}

/// Formats an amount in fen as yuan with two decimals: `-12.05`.
pub(crate) fn yuan(fen: impl Into<i128>) -> String {
    let fen = fen.into();
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// Formats an instant as RFC 3339 in Asia/Shanghai.
pub(crate) fn in_shanghai(at: UnixMillis) -> String {
    let offset = FixedOffset::east_opt(8 * 3_600).expect("eight hours are an offset");
    DateTime::from_timestamp_millis(at.0)
        .map_or_else(String::new, |at| at.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::Millis, false))
}

#[cfg(test)]
mod tests {
    use super::{text, yuan};

    #[test]
    fn an_amount_has_two_decimals_and_never_goes_through_a_float() {
        for (fen, expected) in [(0_i64, "0.00"), (5, "0.05"), (16_800, "168.00"), (-1_205, "-12.05"), (-7, "-0.07")] {
            assert_eq!(yuan(fen), expected);
        }
        assert_eq!(yuan(i64::MIN), "-92233720368547758.08");
        assert_eq!(yuan(i128::from(i64::MAX) * 1_000_000), "92233720368547758070000.00");
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"] {
            assert_eq!(text(formula), format!("'{formula}"));
        }
        for plain in ["", "梧桐里咖啡", "a=b", "1-2", "'"] {
            assert_eq!(text(plain), plain);
        }
    }
}
