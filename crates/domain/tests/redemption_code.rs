//! Redemption codes: written by the page, and entered by scanners and people.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use member_domain::{CODE_PREFIX, CodeError, CredentialNumber, RedemptionCode, Totp, ValuePattern, truncate};
use proptest::prelude::*;

const DIGITS: &str = "66012345678987654321";

/// The one-time password with this value. Only `truncate` can create one. The HMAC here starts with the value, and its
/// last byte selects offset 0 (RFC 4226 §5.3).
fn totp(value: u32) -> Totp {
    let mut mac = [0; 20];
    mac[..4].copy_from_slice(&value.to_be_bytes());
    truncate(&mac, Totp::DIGITS)
}

fn number(value: u64) -> CredentialNumber {
    CredentialNumber::from_value(value).unwrap()
}

fn parse(input: &str) -> Result<String, CodeError> {
    input.parse::<RedemptionCode>().map(|code| code.to_digits())
}

fn full_width(digits: &str) -> String {
    digits.chars().map(|digit| char::from_u32(0xff10 + digit.to_digit(10).unwrap()).unwrap()).collect()
}

/// `digits` in groups of four with `separator` between them.
fn grouped(digits: &str, separator: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(separator)
}

/// All forms in which one code can be entered.
fn written_forms(digits: &str) -> Vec<String> {
    vec![
        digits.to_owned(),
        format!("  {digits}\r\n"),
        grouped(digits, " "),
        grouped(digits, "-"),
        grouped(digits, " - "),
        grouped(digits, "\u{2013}"),
        grouped(digits, "\u{3000}"),
        grouped(digits, "\u{a0}"),
        grouped(digits, "\u{200b}"),
        format!("\u{feff}{digits}"),
        full_width(digits),
        grouped(&full_width(digits), "\u{ff0d}"),
        format!("HTTPS://CARD.EXAMPLE/R/{digits}"),
        format!("https://card.example/r/{digits}"),
        format!("Http://127.0.0.1:8080/R/{digits}"),
        format!("https://[2001:db8::1]:8443/R/{digits}"),
        format!("https://card.example/R/{digits}/"),
        format!("https://card.example/R/{digits}?from=/R/123"),
        format!("https://card.example/R/{digits}#/R/123"),
        format!("https://card.example/r/members/R/{digits}"),
        format!(" https://card.example/R/{digits}\n"),
        // Parameters that apps append.
        format!("{digits}&from=timeline"),
        format!("{digits}?from=timeline"),
        format!("https://card.example/R/{digits}&from=timeline&x=1"),
        format!("https://card.example/R/{digits};x"),
        full_width_text(&format!("HTTPS://CARD.EXAMPLE/R/{digits}")),
    ]
}

/// What scanners add.
const FRAMES: [(&str, &str); 10] = [
    ("]Q1", ""),
    ("]Q3", "\r"),
    ("]d2", ""),
    ("]Q2\\000026", ""),
    ("\\000026", ""),
    ("\u{2}", "\u{3}"),
    ("\u{2}]Q1", "\u{3}\r\n"),
    ("\u{1}", "\u{4}"),
    ("", "\u{1d}"),
    ("\u{feff}\u{2}", "\u{1e}\u{4}"),
];

fn full_width_text(text: &str) -> String {
    text.chars().map(|character| char::from_u32(0xfee0 + u32::from(character)).unwrap()).collect()
}

#[test]
fn what_a_scanner_adds_without_ambiguity_is_left_out() {
    let forms = [DIGITS.to_owned(), format!("HTTPS://CARD.EXAMPLE/R/{DIGITS}"), format!("{DIGITS}?x=1")];
    for (before, behind) in FRAMES {
        for form in &forms {
            let scanned = format!("{before}{form}{behind}");
            assert_eq!(parse(&scanned).as_deref(), Ok(DIGITS), "{scanned:?}");
        }
    }
}

#[test]
fn anything_else_that_a_scanner_adds_is_named_as_the_reason() {
    for scanned in [
        format!("P{DIGITS}"),
        format!("QR:{DIGITS}"),
        format!("[{DIGITS}]"),
        format!("*{DIGITS}*"),
        format!("{DIGITS},21:03"),
        format!("00HTTPS://CARD.EXAMPLE/R/{DIGITS}"),
        format!("QR HTTPS://CARD.EXAMPLE/R/{DIGITS}"),
        format!("01{DIGITS}"),
        format!("000026{DIGITS}"),
    ] {
        assert_eq!(parse(&scanned), Err(CodeError::AddedByScanner), "{scanned:?}");
    }
    assert!(CodeError::AddedByScanner.to_string().contains("turn off its prefix"));
}

#[test]
fn every_written_form_is_read() {
    for form in written_forms(DIGITS) {
        assert_eq!(parse(&form).as_deref(), Ok(DIGITS), "{form:?}");
    }
}

/// Some scanners and clipboards put a byte order mark before the text.
#[test]
fn a_byte_order_mark_before_a_url_does_no_harm() {
    assert_eq!(parse(&format!("\u{feff}HTTPS://CARD.EXAMPLE/R/{DIGITS}")).as_deref(), Ok(DIGITS));
}

#[test]
fn a_code_knows_its_credential_and_password() {
    let code: RedemptionCode = DIGITS.parse().unwrap();
    assert_eq!(code.credential().as_str(), "0123456789");
    assert_eq!(code.totp(), "87654321");
    assert_eq!(code, RedemptionCode::new(number(123_456_789), totp(87_654_321)));
}

#[test]
fn what_is_no_code_is_refused_with_the_reason() {
    let long = "6".repeat(10_000);
    let too_long_with_spaces = format!("{DIGITS}{}", " ".repeat(493));
    let cases: &[(&str, CodeError)] = &[
        ("", CodeError::Empty),
        (" \t\r\n", CodeError::Empty),
        ("---", CodeError::Empty),
        ("\u{200b}\u{feff}", CodeError::Empty),
        ("https://card.example/R/", CodeError::Empty),
        ("6601234567898765432", CodeError::WrongLength(19)),
        ("660123456789876543210", CodeError::WrongLength(21)),
        ("6", CodeError::WrongLength(1)),
        ("https://card.example/R/6601", CodeError::WrongLength(4)),
        ("https://card.example/shops/66012345678987654321", CodeError::AddedByScanner),
        ("ftp://card.example/R/66012345678987654321", CodeError::AddedByScanner),
        ("card.example/R/66012345678987654321", CodeError::AddedByScanner),
        ("6601234567898765432O", CodeError::NotDigits),
        ("66012345678987654321.", CodeError::AddedByScanner),
        ("+6012345678987654321", CodeError::NotDigits),
        ("٦٦٠١٢٣٤٥٦٧٨٩٨٧٦٥٤٣٢١", CodeError::NotDigits),
        ("六六零一二三四五六七八九八七六五四三二一", CodeError::NotDigits),
        ("🎉🎉", CodeError::NotDigits),
        ("6️⃣6️⃣", CodeError::NotDigits),
        ("'; DROP TABLE redemptions; --", CodeError::NotDigits),
        ("66012345678987654321' OR '1'='1", CodeError::AddedByScanner),
        ("<script>alert(66012345678987654321)</script>", CodeError::AddedByScanner),
        ("66012345678987654321\0", CodeError::AddedByScanner),
        (&long, CodeError::TooLong),
        (&too_long_with_spaces, CodeError::TooLong),
    ];
    for (input, error) in cases {
        assert_eq!(parse(input), Err(*error), "{input:?}");
    }
}

/// Codes of `WeChat` Pay start with 10 to 15, codes of Alipay with 25 to 30.
#[test]
fn payment_codes_of_other_apps_are_recognised() {
    for prefix in (10..=15).chain(25..=30) {
        let foreign = format!("{prefix}012345678987654321");
        assert_eq!(parse(&foreign), Err(CodeError::ForeignPrefix), "{foreign}");
        assert_eq!(parse(&full_width(&foreign)), Err(CodeError::ForeignPrefix), "{foreign}, full-width");
    }
    assert!(!(10..=15).chain(25..=30).any(|prefix| prefix.to_string() == CODE_PREFIX));
}

#[test]
fn each_refusal_has_its_own_sentence() {
    let all = [
        CodeError::Empty,
        CodeError::TooLong,
        CodeError::NotDigits,
        CodeError::AddedByScanner,
        CodeError::WrongLength(18),
        CodeError::WrongLength(19),
        CodeError::ForeignPrefix,
    ];
    let sentences: std::collections::BTreeSet<String> = all.iter().map(ToString::to_string).collect();
    assert_eq!(sentences.len(), all.len());
    assert!(CodeError::WrongLength(18).to_string().contains("18"));
}

#[test]
fn debug_output_never_shows_the_password() {
    let code: RedemptionCode = DIGITS.parse().unwrap();
    for shown in [format!("{code:?}"), format!("{code:#?}"), format!("{:?}", Some(&code))] {
        assert!(shown.contains("0123456789"), "the credential is public and helps: {shown}");
        assert!(!shown.contains("87654321"), "{shown}");
    }
}

#[test]
fn a_credential_number_has_exactly_ten_digits() {
    assert_eq!(number(42).as_str(), "0000000042");
    assert_eq!(number(9_999_999_999).as_str(), "9999999999");
    assert_eq!(CredentialNumber::from_value(10_000_000_000), None);
    for text in ["", "123456789", "12345678901", "123456789a", "-123456789", "１２３４５６７８９０", " 123456789"]
    {
        assert!(CredentialNumber::try_from(text.to_owned()).is_err(), "{text}");
        assert!(serde_json::from_value::<CredentialNumber>(text.into()).is_err(), "{text} as JSON");
    }
    assert_eq!(serde_json::to_value(number(42)).unwrap(), "0000000042");
}

#[test]
fn the_url_pattern_is_in_capitals_with_the_number_in_plain_digits() {
    for origin in ["https://card.example:8443", "https://card.example:8443/", "HTTPS://Card.Example:8443"] {
        let pattern = ValuePattern::url(origin, &number(42));
        assert_eq!(pattern.as_str(), "HTTPS://CARD.EXAMPLE:8443/R/660000000042{totp_value_0}", "{origin}");
    }
    let pattern = ValuePattern::digits(&number(42));
    assert_eq!(pattern.as_str(), "660000000042{totp_value_0}");
    assert_eq!(serde_json::to_value(pattern).unwrap(), "660000000042{totp_value_0}");
}

/// ISO/IEC 18004 §7.3.4: other characters would change the QR to byte mode and make it denser.
#[test]
fn a_rendered_url_stays_in_the_qr_alphanumeric_set() {
    let payload = ValuePattern::url("https://card-1.example:8443", &number(42)).render(totp(7));
    assert_eq!(payload, "HTTPS://CARD-1.EXAMPLE:8443/R/66000000004200000007");
    let in_set = |character: char| {
        character.is_ascii_digit() || character.is_ascii_uppercase() || " $%*+-./:".contains(character)
    };
    assert!(payload.chars().all(in_set), "{payload}");
}

#[test]
fn a_test_code_is_told_by_its_number_alone() {
    for (digits, is_test) in [("66000000000012345678", true), ("66000000000112345678", false)] {
        assert_eq!(digits.parse::<RedemptionCode>().unwrap().is_test(), is_test, "{digits}");
    }
}

proptest! {
    #[test]
    fn every_code_survives_every_written_form(credential in 0_u64..10_000_000_000, password in 0_u32..100_000_000) {
        let code = RedemptionCode::new(number(credential), totp(password));
        let digits = code.to_digits();
        prop_assert_eq!(digits.len(), 20);
        for form in written_forms(&digits) {
            prop_assert_eq!(form.parse::<RedemptionCode>(), Ok(code.clone()), "{}", form);
        }
        let patterns =
            [ValuePattern::url("http://127.0.0.1:8080", code.credential()), ValuePattern::digits(code.credential())];
        for pattern in patterns {
            prop_assert_eq!(pattern.render(totp(password)).parse::<RedemptionCode>(), Ok(code.clone()));
        }
    }

    #[test]
    fn no_input_panics(input in any::<String>()) {
        let _ = parse(&input);
    }

    /// Inputs similar to a code, which pass the first checks.
    #[test]
    fn what_is_accepted_is_always_twenty_digits_with_the_prefix(
        input in "(https?://[a-z0-9.]{0,8}(/[rR]/)?)?(66)?[0-9０-９ \\-\u{200b}]{0,24}[/?#]?[é/R]{0,3}",
    ) {
        if let Ok(digits) = parse(&input) {
            prop_assert!(digits.len() == 20 && digits.starts_with("66"), "{}", digits);
            prop_assert!(digits.bytes().all(|byte| byte.is_ascii_digit()), "{}", digits);
            prop_assert_eq!(parse(&digits), Ok(digits.clone()));
        }
    }
}
