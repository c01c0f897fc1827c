//! Parses numbers as spreadsheets write them.

use super::fault::quoted;

/// Parses a whole number: digits, with or without `,` between groups of three.
pub(super) fn whole(field: &str) -> Option<i128> {
    let digits = field.strip_prefix(['-', '+']).unwrap_or(field);
    let mut groups = digits.split(',');
    let first = groups.next().filter(|first| is_digits(first))?;
    let rest: Vec<&str> = groups.collect();
    let is_grouped =
        rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3 && is_digits(group)));
    field.replace(',', "").parse().ok().filter(|_| is_grouped)
}

/// Parses a whole number that a spreadsheet may show with decimals: `12.00`. Not for money, as `12.00` may be yuan.
pub(super) fn count(field: &str) -> Option<i128> {
    let (number, decimals) = field.split_once('.').unwrap_or((field, "0"));
    whole(number).filter(|_| !decimals.is_empty() && decimals.bytes().all(|byte| byte == b'0'))
}

/// Parses a number of degrees.
pub(super) fn degrees(field: &str) -> Result<f64, String> {
    let parsed = field.parse().ok().filter(|_| !is_scientific(field));
    parsed.ok_or_else(|| match field.split_once(',') {
        Some((whole, decimals)) if is_digits(whole) && is_digits(decimals) => {
            "not a number of degrees; write a point in the place of the comma".to_owned()
        }
        _ if is_scientific(field) => with_advice("not a number of degrees", field),
        _ => "not a number of degrees, such as 121.44".to_owned(),
    })
}

/// Returns the form of a number with what to do in the spreadsheet, if the text shows what went wrong there.
pub(super) fn with_advice(form: &str, field: &str) -> String {
    let has_digit = field.contains(|sign: char| sign.is_ascii_digit());
    let has = |signs: &[char]| has_digit && field.contains(signs);
    let advice = if is_scientific(field) {
        "a spreadsheet has shortened this number: format the column as a number without decimals and export it again"
    } else if has(&['¥', '￥', '$', '€', '元', '圆', '角', '分']) || is_currency_code(field) {
        "write the number without its currency, in the unit of the column"
    } else if has(&['%', '‰']) {
        "write the number in the unit of the column, without a percent sign"
    } else if has(&['.']) {
        "write the number without decimals, in the unit of the column"
    } else if has(&[',']) {
        "the commas do not separate thousands: write digits only"
    } else {
        return form.to_owned();
    };
    format!("{form}; '{}': {advice}", quoted(field))
}

fn is_currency_code(field: &str) -> bool {
    let upper = field.to_ascii_uppercase();
    ["CNY", "RMB", "HKD", "USD"].iter().any(|code| upper.contains(code))
}

/// Whether a spreadsheet has shortened a number to this form: `4.2E+27`. `12E4` is a name that people choose.
pub(super) fn is_scientific(field: &str) -> bool {
    let Some((mantissa, exponent)) = field.split_once(['E', 'e']) else { return false };
    let mantissa = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let is_number = is_digits(whole) && is_digits(decimals) && is_digits(digits);
    is_number && (mantissa.contains('.') || exponent.starts_with('+'))
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_may_have_thousands() {
        for (text, expected) in [
            ("0", Some(0)),
            ("16800", Some(16_800)),
            ("16,800", Some(16_800)),
            ("1,016,800", Some(1_016_800)),
            ("-5", Some(-5)),
            ("-1,234", Some(-1_234)),
            ("+7", Some(7)),
            ("16,80", None),
            ("1680,0", None),
            ("1680,000", None),
            (",800", None),
            ("1,,000", None),
            ("", None),
            ("-", None),
            ("--5", None),
            ("16800.00", None),
            ("1.68E+4", None),
            ("¥168", None),
        ] {
            assert_eq!(whole(text), expected, "{text}");
        }
        for (text, expected) in
            [("12.00", Some(12)), ("1,200.0", Some(1_200)), ("12.5", None), ("12.", None), (".0", None)]
        {
            assert_eq!(count(text), expected, "{text}");
        }
    }

    #[test]
    fn what_went_wrong_is_said() {
        for (text, advice) in [
            ("1.68E+4", "a spreadsheet has shortened this number"),
            ("¥168", "without its currency"),
            ("168元", "without its currency"),
            ("168 CNY", "without its currency"),
            ("10%", "without a percent sign"),
            ("168.00", "without decimals"),
            ("16,80", "the commas do not separate thousands"),
            ("many", "form"),
        ] {
            let said = with_advice("form", text);
            assert!(said.starts_with("form") && said.contains(advice), "{said}");
        }
        assert!(degrees("1.2144E+02").is_err_and(|error| error.contains("shortened")));
        assert!(degrees("121,44").is_err_and(|error| error.contains("a point")));
        assert_eq!(degrees("121.44"), Ok(121.44));
    }

    #[test]
    fn shortened_numbers_have_a_point_or_a_plus() {
        for text in ["4.2E+27", "4.20000123420261E+27", "5.03e+27", "8.62E+12", "8.6E12", "4E+27", "-1.5E-7"] {
            assert!(is_scientific(text), "{text}");
        }
        for text in ["12E4", "2e10", "E+27", "4.2E+", "4.2", "4.2E+2a", "ref-4.2E+27", ""] {
            assert!(!is_scientific(text), "{text}");
        }
    }
}
