//! CSV that people open in a spreadsheet: every CSV that leaves this program is written here.

use std::io::{self, Write};

use chrono::{DateTime, FixedOffset, SecondsFormat};
use member_domain::UnixMillis;

/// Tells spreadsheets that a file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A CSV file with a header: UTF-8 with a byte order mark, and no field that a spreadsheet runs.
pub(crate) struct Csv<W: Write>(csv::Writer<W>);

impl<W: Write> Csv<W> {
    /// Begins a file with these columns.
    pub(crate) fn new<const N: usize>(mut out: W, columns: [&str; N]) -> io::Result<Self> {
        out.write_all(BYTE_ORDER_MARK.as_bytes())?;
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(columns)?;
        Ok(Self(csv))
    }

    /// Adds a row.
    pub(crate) fn row<const N: usize>(&mut self, fields: [String; N]) -> io::Result<()> {
        Ok(self.0.write_record(fields.map(without_formula))?)
    }

    /// Writes what is buffered.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }

    /// Ends the file.
    pub(crate) fn finish(self) -> io::Result<W> {
        self.0.into_inner().map_err(|error| io::Error::from(error.error().kind()))
    }
}

/// Returns a field that no spreadsheet takes for a formula. A plain number is none, whatever its sign.
fn without_formula(field: String) -> String {
    let runs = field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if runs && !is_number(&field) { format!("'{field}") } else { field }
}

/// Whether a field is a sign, digits and perhaps a decimal point among them.
fn is_number(field: &str) -> bool {
    let digits = field.strip_prefix('-').unwrap_or(field);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
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
    use super::{Csv, without_formula, yuan};

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
        for formula in ["=1+1", "+1", "-1-1", "-A1", "-", "-.5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "－1"] {
            assert_eq!(without_formula(formula.to_owned()), format!("'{formula}"));
        }
        for plain in ["", "梧桐里咖啡", "a=b", "1-2", "'", "-1", "-12.05", "0.5"] {
            assert_eq!(without_formula(plain.to_owned()), plain);
        }
    }

    #[test]
    fn a_file_says_that_it_is_utf_8_and_quotes_what_needs_it() {
        let mut csv = Csv::new(Vec::new(), ["name", "sum"]).expect("a list takes all");
        csv.row(["=梧桐,里\"".to_owned(), "-1.50".to_owned()]).expect("a list takes all");
        let text = String::from_utf8(csv.finish().expect("a list takes all")).expect("it is UTF-8");
        assert_eq!(text, "\u{feff}name,sum\n\"'=梧桐,里\"\"\",-1.50\n");
    }
}
