//! Fuzz tests of the parser for redemption codes: no input causes a panic, and a parsed code contains the digits of its
//! input.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod fuzzing;

use fuzzing::{edited, seeds};
use member_domain::{CODE_PREFIX, CodeError, RedemptionCode};
use proptest::prelude::*;

const CORPUS: &str = "tests/__fuzz__/redemption_code/corpus";

fn check(input: &str) {
    match input.parse::<RedemptionCode>() {
        Ok(code) => check_code(input, &code),
        Err(error) => check_error(error),
    }
}

/// Checks that a code has 20 digits, that all of them come from the input, and that every written form parses to this
/// code.
fn check_code(input: &str, code: &RedemptionCode) {
    let digits = code.to_digits();
    assert!(digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{digits}");
    assert_eq!(digits, format!("{CODE_PREFIX}{}{}", code.credential().as_str(), code.totp()));
    assert!(half_width(input).contains(&digits), "{input:?} was read as {digits}");
    // Letters are part of a URL, or of the addition of a scanner or an app.
    let text: String = input.chars().map(half_width_character).collect();
    let has_addition = ["://", "]", "?", "#", "&", ";"].iter().any(|sign| text.contains(sign));
    assert!(has_addition || !text.contains(char::is_alphabetic), "{input:?} was read as {digits}");
    assert_eq!(format!("{code:?}"), format!("RedemptionCode({}········)", &digits[..12]), "the password is not shown");
    for form in written_forms(&digits) {
        let again: RedemptionCode = form.parse().unwrap_or_else(|error| panic!("{form:?}: {error}"));
        assert!(again == *code, "{form:?} was read as {}", again.to_digits());
    }
}

fn half_width_character(character: char) -> char {
    let is_full_width = ('\u{ff01}'..='\u{ff5e}').contains(&character);
    if is_full_width { char::from_u32(u32::from(character) - 0xfee0).unwrap() } else { character }
}

/// The digits of a text in ASCII.
fn half_width(text: &str) -> String {
    text.chars()
        .filter_map(|character| match character {
            '0'..='9' => Some(character),
            '\u{ff10}'..='\u{ff19}' => char::from_u32(u32::from(character) - 0xff10 + 0x30),
            _ => None,
        })
        .collect()
}

fn written_forms(digits: &str) -> [String; 9] {
    let spread = |separator: &str| -> String { digits.chars().map(|digit| format!("{digit}{separator}")).collect() };
    let full_width = digits.chars().map(|digit| char::from_u32(u32::from(digit) - 0x30 + 0xff10).unwrap()).collect();
    [
        digits.to_owned(),
        format!("\u{feff} {digits}\r\n"),
        spread(" "),
        spread("-"),
        spread("\u{3000}"),
        full_width,
        format!("HTTPS://CARD.EXAMPLE/R/{digits}"),
        format!("https://card.example/r/{digits}"),
        format!("http://127.0.0.1:8080/R/{digits}/?from=/R/1#/R/2"),
    ]
}

/// Checks that an error's message depends on its kind only: a harmless input of the same kind gives the same message.
fn check_error(error: CodeError) {
    let harmless = match error {
        CodeError::Empty => String::new(),
        CodeError::TooLong => "6".repeat(10_000),
        CodeError::NotDigits => "x".to_owned(),
        CodeError::AddedByScanner => "x66012345678987654321".to_owned(),
        CodeError::WrongLength(count) => "6".repeat(count),
        CodeError::ForeignPrefix => "1".repeat(18),
    };
    assert_eq!(harmless.parse::<RedemptionCode>().unwrap_err().to_string(), error.to_string());
}

#[test]
fn redemption_code() {
    bolero::check!().for_each(|bytes: &[u8]| check(&String::from_utf8_lossy(bytes)));
}

/// `code-*` files contain a code; `bad-*` files do not.
#[test]
fn the_corpus_is_what_it_says() {
    let mut checked = 0;
    for seed in seeds(CORPUS) {
        let text = String::from_utf8_lossy(&seed.bytes);
        let is_code = text.parse::<RedemptionCode>().is_ok();
        match seed.claim() {
            "code" => assert!(is_code, "{}", seed.name),
            "bad" => assert!(!is_code, "{}", seed.name),
            // Found by a fuzzer.
            _ => continue,
        }
        checked += 1;
    }
    assert!(checked > 40, "only {checked} files");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16_384, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edited_codes_do_no_harm(bytes in edited(seeds(CORPUS), &[
        "6", "66", "/R/", "/r/", "HTTPS://", "?", "#", "-", " ", "\u{3000}", "\u{feff}", "\u{200b}", "\u{202e}",
        "\u{ff16}", "\u{ff0d}", "66012345678987654321", "{totp_value_0}", "\0", "'",
    ])) {
        check(&String::from_utf8_lossy(&bytes));
    }
}
