//! Finds identifiers that a spreadsheet has taken for numbers. It keeps 15 digits of a number, and loses the rest.

use super::number::{is_digits, is_scientific, whole};

/// How many digits of a number a spreadsheet keeps.
const KEPT: usize = 15;
/// From this number of zeros on, an identifier that really ends so is too rare to be considered.
const SURE: usize = 5;

const SHORTENED: &str =
    "a spreadsheet has shortened this number: format the column as text, enter the numbers again and export it again";
const ROUNDED: &str = "a spreadsheet has replaced all digits after the 15th with zeros: format the column as text, enter \
                       the numbers again and export it again";
const FORMATTED: &str = "a spreadsheet has formatted this as a number: format the column as text and export it again";
/// The fault of identifiers in doubt, if no long number of their column is intact.
pub(super) const DOUBTFUL: &str = "a spreadsheet has perhaps replaced all digits after the 15th with zeros: format the \
                                   column as text, enter the numbers again and export it again; if the number really \
                                   ends so, write an apostrophe in front of it";

/// What a spreadsheet has done to an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digits {
    /// Nothing that can be seen.
    Fine,
    /// Nothing: it has more digits than a spreadsheet keeps.
    Intact,
    /// It ends with a few zeros where a spreadsheet would have put them.
    Doubtful,
    /// It has lost digits. Holds the fault.
    Lost(&'static str),
}

/// Judges an identifier. `is_text` tells that the spreadsheet has marked it as text.
pub(super) fn digits(field: &str, is_text: bool) -> Digits {
    if is_scientific(field) {
        return Digits::Lost(SHORTENED);
    }
    if !is_digits(field) {
        let has_decimals = field.split_once('.').is_some_and(|(number, zeros)| {
            whole(number).is_some() && !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0')
        });
        let is_formatted = has_decimals || (field.contains(',') && whole(field).is_some());
        return if is_formatted && !is_text { Digits::Lost(FORMATTED) } else { Digits::Fine };
    }
    match field.get(KEPT..) {
        None | Some("") => Digits::Fine,
        // A spreadsheet removes zeros in front.
        Some(rest) if field.starts_with('0') || rest.bytes().any(|byte| byte != b'0') => Digits::Intact,
        Some(zeros) if zeros.len() < SURE => {
            if is_text {
                Digits::Fine
            } else {
                Digits::Doubtful
            }
        }
        Some(_) => Digits::Lost(ROUNDED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_digits_are_found() {
        for (field, expected) in [
            ("m1", Digits::Fine),
            ("2e10", Digits::Fine),
            ("123456789012345", Digits::Fine),
            ("100000000000000", Digits::Fine),
            ("1.2.0", Digits::Fine),
            ("4200001234202610149876543210", Digits::Intact),
            ("0000000000000000000000", Digits::Intact),
            ("1234567890123456", Digits::Intact),
            ("1234567890123450", Digits::Doubtful),
            ("1234567890123450000", Digits::Doubtful),
            ("12345678901234500000", Digits::Lost(ROUNDED)),
            ("4200001234202610000000000000", Digits::Lost(ROUNDED)),
            ("4.20000123420261E+27", Digits::Lost(SHORTENED)),
            ("8.62E+12", Digits::Lost(SHORTENED)),
            ("6601,234", Digits::Fine),
            ("660,123,454,827", Digits::Lost(FORMATTED)),
            ("660123454827.00", Digits::Lost(FORMATTED)),
        ] {
            assert_eq!(digits(field, false), expected, "{field}");
        }
        assert_eq!(digits("1234567890123450", true), Digits::Fine);
        assert_eq!(digits("4200001234202610000000000000", true), Digits::Lost(ROUNDED));
        assert_eq!(digits("660,123,454,827", true), Digits::Fine);
        assert_eq!(digits("4.2E+27", true), Digits::Lost(SHORTENED));
    }
}
