//! The redemption code: its parts, how it is written into a QR, and how it is parsed from a scan or a keyboard.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Totp, ascii_digit};

/// The first two digits of every code. Payment wallets do not use them (they use 10-15 and 25-30), so that a
/// till can recognise the code.
pub const CODE_PREFIX: &str = "66";

/// The credential number that is never given to a device. Its codes are test codes: staff scan one to check
/// that scanning works. A test code redeems nothing.
pub const TEST_CREDENTIAL: &str = "0000000000";

const CREDENTIAL_DIGITS: usize = 10;
const TOTP_DIGITS: usize = Totp::DIGITS as usize;
const CODE_DIGITS: usize = CODE_PREFIX.len() + CREDENTIAL_DIGITS + TOTP_DIGITS;

/// The maximum length of the input: a URL with a long host, typed with spaces. Longer input is refused
/// without parsing.
const MAX_INPUT_CHARS: usize = 512;

/// The public number of a credential: 10 decimal digits. It is text, not a number: leading zeros count.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(pattern = "^[0-9]{10}$", examples("0123456789")))]
#[serde(try_from = "String", into = "String")]
pub struct CredentialNumber(String);

impl CredentialNumber {
    /// The credential number with this value, padded with zeros; `None` if it has more than 10 digits.
    pub fn from_value(value: u64) -> Option<Self> {
        (value < 10_u64.pow(10)).then(|| Self(format!("{value:010}")))
    }

    /// The 10 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CredentialNumber {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let valid = text.len() == CREDENTIAL_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        if valid { Ok(Self(text)) } else { Err("a credential number has exactly 10 digits") }
    }
}

impl From<CredentialNumber> for String {
    fn from(number: CredentialNumber) -> Self {
        number.0
    }
}

/// A redemption code: 20 digits. The prefix `66`, the 10 digits of the credential number, the 8 digits of the
/// one-time password.
#[derive(Clone, PartialEq, Eq)]
pub struct RedemptionCode {
    credential: CredentialNumber,
    totp: String,
}

/// Not derived: a valid one-time password must not be logged.
impl fmt::Debug for RedemptionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedemptionCode({CODE_PREFIX}{}········)", self.credential.as_str())
    }
}

/// The input is not a redemption code. The message of every variant tells the person at the till what to do
/// next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// The input is empty.
    Empty,
    /// The input is far longer than any code.
    TooLong,
    /// The input contains other characters than digits, spaces and hyphens.
    NotDigits,
    /// The input contains a code and other characters before or behind it, as a scanner adds them.
    AddedByScanner,
    /// The input has the right characters, but not 20 digits. Holds the number of digits.
    WrongLength(usize),
    /// The input is as long as a payment code and does not start with `66`. It is the code of another app.
    ForeignPrefix,
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the code is empty: scan the QR code or type its 20 digits"),
            Self::TooLong => f.write_str("this is too long for a member code: scan again or type the 20 digits"),
            Self::NotDigits => f.write_str("a member code consists of digits only: scan again or type the 20 digits"),
            Self::AddedByScanner => f.write_str(
                "the scanner adds characters to the code: turn off its prefix, suffix and code identifier, and scan again",
            ),
            Self::WrongLength(count) => write!(f, "a member code has {CODE_DIGITS} digits, this one has {count}"),
            Self::ForeignPrefix => {
                write!(f, "a member code starts with {CODE_PREFIX}: this looks like the code of another app")
            }
        }
    }
}

impl std::error::Error for CodeError {}

impl RedemptionCode {
    /// The code of this credential and one-time password.
    pub fn new(credential: CredentialNumber, totp: Totp) -> Self {
        Self { credential, totp: totp.to_digits() }
    }

    /// The number of the credential that the code names. It is not verified.
    pub fn credential(&self) -> &CredentialNumber {
        &self.credential
    }

    /// Whether this is a test code: its credential number is [`TEST_CREDENTIAL`].
    pub fn is_test(&self) -> bool {
        self.credential.0 == TEST_CREDENTIAL
    }

    /// The 8 digits of the one-time password.
    pub fn totp(&self) -> &str {
        &self.totp
    }

    /// The 20 digits.
    pub fn to_digits(&self) -> String {
        format!("{CODE_PREFIX}{}{}", self.credential.0, self.totp)
    }
}

/// Parses a code as a scanner or a person enters it: the QR's URL in upper or lower case, or the digits with
/// spaces, hyphens or full-width digits. Scanners may add an AIM symbology identifier (`]Q1`, ISO/IEC 15424), an ECI
/// designator (`\000026`), and control characters around the text. Apps may append parameters.
impl FromStr for RedemptionCode {
    type Err = CodeError;

    fn from_str(input: &str) -> Result<Self, CodeError> {
        if input.chars().nth(MAX_INPUT_CHARS).is_some() {
            return Err(CodeError::TooLong);
        }
        let text: String = input.chars().map(half_width).collect();
        let text = without_scanner_frame(&text);
        let digits = match normalise(digits_part(text)) {
            Err(CodeError::NotDigits) if contains_code(text) => Err(CodeError::AddedByScanner),
            other => other,
        }?;
        match digits.len() {
            0 => Err(CodeError::Empty),
            // A prefix of digits, such as an ECI designator without its backslash.
            21..=26 if !digits.starts_with(CODE_PREFIX) && contains_code(&digits[digits.len() - CODE_DIGITS..]) => {
                Err(CodeError::AddedByScanner)
            }
            // Payment codes of wallets have 16 to 24 digits.
            16..=24 if !digits.starts_with(CODE_PREFIX) => Err(CodeError::ForeignPrefix),
            CODE_DIGITS => {
                let (credential, totp) = digits[CODE_PREFIX.len()..].split_at(CREDENTIAL_DIGITS);
                Ok(Self { credential: CredentialNumber(credential.to_owned()), totp: totp.to_owned() })
            }
            other => Err(CodeError::WrongLength(other)),
        }
    }
}

/// The half-width form of a full-width character (U+FF01 to U+FF5E).
fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        _ => character,
    }
}

/// The text without the control characters, the symbology identifier and the ECI designator of a scanner.
fn without_scanner_frame(text: &str) -> &str {
    // SOH, STX, ETX and EOT, and the separators FS to US.
    let is_frame = |character| is_blank(character) || matches!(character, '\u{1}'..='\u{4}' | '\u{1c}'..='\u{1f}');
    let text = text.trim_matches(is_frame);
    let symbology = |rest: &str| {
        let mut characters = rest.chars();
        let is_identifier = characters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
            && characters.next().is_some_and(|modifier| modifier.is_ascii_alphanumeric());
        is_identifier.then_some(2)
    };
    let text = text.strip_prefix(']').and_then(|rest| symbology(rest).map(|length| &rest[length..])).unwrap_or(text);
    let designator = |rest: &str| rest.get(..6).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let text = text.strip_prefix('\\').filter(|rest| designator(rest)).map_or(text, |rest| &rest[6..]);
    text.trim_matches(is_frame)
}

/// Whether a run of digits in the text is a code.
fn contains_code(text: &str) -> bool {
    let mut runs = text.split(|character: char| !character.is_ascii_digit());
    runs.any(|run| run.len() == CODE_DIGITS && run.starts_with(CODE_PREFIX))
}

/// The digits after `/R/` of a code's URL. Other input is returned unchanged. Both without appended parameters.
fn digits_part(input: &str) -> &str {
    let is_url = input
        .split_once("://")
        .is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"));
    let own = &input[..input.find(['?', '#', '&', ';']).unwrap_or(input.len())];
    if !is_url {
        return own;
    }
    let marker = own.as_bytes().windows(3).rposition(|window| window.eq_ignore_ascii_case(b"/r/"));
    marker.map_or(input, |at| own[at + 3..].trim_end_matches('/'))
}

/// Whether a character is white space, or a zero-width character that copying can leave behind.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200b}' | '\u{feff}')
}

/// Returns the digits as ASCII. Drops the separators that people type.
fn normalise(input: &str) -> Result<String, CodeError> {
    let mut digits = String::with_capacity(CODE_DIGITS);
    for character in input.chars() {
        if let Some(digit) = ascii_digit(character) {
            digits.push(digit);
            continue;
        }
        match character {
            '-' | '_' | '·' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            _ if is_blank(character) => {}
            _ => return Err(CodeError::NotDigits),
        }
    }
    Ok(digits)
}

/// The pattern of a credential's QR text. `{totp_value_0}` occurs once and stands for the one-time password,
/// as in Google Wallet's `RotatingBarcode.valuePattern`. `66` and the credential number are in it as digits:
/// `HTTPS://HOST/R/66…` for phone cameras, or `66…` for till scanners.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(
        pattern = r"^[^{}]*\{totp_value_0\}[^{}]*$",
        examples("HTTPS://CARD.EXAMPLE/R/660123456789{totp_value_0}", "660123456789{totp_value_0}")
    )
)]
#[serde(transparent)]
pub struct ValuePattern(String);

const TOTP_PLACEHOLDER: &str = "{totp_value_0}";

impl ValuePattern {
    /// The pattern for phone cameras: the URL of the shop's redemption page on `origin`
    /// (`https://host[:port]`). It is in capitals, so that the QR uses the compact alphanumeric mode (ISO/IEC
    /// 18004 §7.4.4).
    pub fn url(origin: &str, credential: &CredentialNumber) -> Self {
        let origin = origin.trim_end_matches('/').to_ascii_uppercase();
        Self(format!("{origin}/R/{CODE_PREFIX}{}{TOTP_PLACEHOLDER}", credential.0))
    }

    /// The pattern for till scanners, which pass on the scanned text: the digits without a URL.
    pub fn digits(credential: &CredentialNumber) -> Self {
        Self(format!("{CODE_PREFIX}{}{TOTP_PLACEHOLDER}", credential.0))
    }

    /// The pattern in the API's form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text of the QR with this one-time password.
    pub fn render(&self, totp: Totp) -> String {
        self.0.replace(TOTP_PLACEHOLDER, &totp.to_digits())
    }
}
