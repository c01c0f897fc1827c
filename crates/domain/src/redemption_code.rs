//! The redemption code: what it consists of, how it is written into a QR and read back from a scan or a keyboard.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Totp, ascii_digit};

/// The first two digits of every code. Outside the ranges payment wallets use (10-15, 25-30), so a till can route it.
pub const CODE_PREFIX: &str = "66";

/// The credential number that no device ever has. Codes of it are test codes: staff scan one to see that scanning works,
/// and it redeems nothing.
pub const TEST_CREDENTIAL: &str = "0000000000";

const CREDENTIAL_DIGITS: usize = 10;
const TOTP_DIGITS: usize = Totp::DIGITS as usize;
const CODE_DIGITS: usize = CODE_PREFIX.len() + CREDENTIAL_DIGITS + TOTP_DIGITS;

/// Longest input worth reading: a URL with a long host, typed with spaces. More is refused unread.
const MAX_INPUT_CHARS: usize = 512;

/// The public number of a credential: 10 decimal digits.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CredentialNumber(String);

impl CredentialNumber {
    /// The credential number with this value, zero-padded; `None` if it has more than 10 digits.
    pub fn from_value(value: u64) -> Option<Self> {
        (value < 10_u64.pow(10)).then(|| Self(format!("{value:010}")))
    }

    /// The ten digits.
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

/// One code: a credential and its one-time password. 20 digits: prefix `66`, 10 of the credential, 8 of the password.
#[derive(Clone, PartialEq, Eq)]
pub struct RedemptionCode {
    credential: CredentialNumber,
    totp: String,
}

/// Not derived: a live one-time password has no place in a log.
impl fmt::Debug for RedemptionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedemptionCode({CODE_PREFIX}{}········)", self.credential.as_str())
    }
}

/// Why an input is no redemption code. Every variant tells the person at the till what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// Nothing was entered.
    Empty,
    /// Far longer than any code.
    TooLong,
    /// Contains something other than digits, spaces and hyphens.
    NotDigits,
    /// The right characters but not 20 digits; holds how many there were.
    WrongLength(usize),
    /// As long as a payment code and not starting with `66`: somebody else's.
    ForeignPrefix,
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the code is empty: scan the QR code or type its 20 digits"),
            Self::TooLong => f.write_str("this is too long for a member code: scan again or type the 20 digits"),
            Self::NotDigits => f.write_str("a member code consists of digits only: scan again or type the 20 digits"),
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

    /// The credential that the code claims to be of.
    pub fn credential(&self) -> &CredentialNumber {
        &self.credential
    }

    /// Whether it is a test code, of [`TEST_CREDENTIAL`].
    pub fn is_test(&self) -> bool {
        self.credential.0 == TEST_CREDENTIAL
    }

    /// The one-time password's 8 digits.
    pub fn totp(&self) -> &str {
        &self.totp
    }

    /// The 20 digits.
    pub fn to_digits(&self) -> String {
        format!("{CODE_PREFIX}{}{}", self.credential.0, self.totp)
    }
}

/// Reads a code as a scanner or a person enters it: the QR's URL in any case, or its digits with spaces, hyphens or
/// full-width digits.
impl FromStr for RedemptionCode {
    type Err = CodeError;

    fn from_str(input: &str) -> Result<Self, CodeError> {
        if input.chars().nth(MAX_INPUT_CHARS).is_some() {
            return Err(CodeError::TooLong);
        }
        let digits = normalise(digits_part(input.trim_matches(is_blank)))?;
        match digits.len() {
            0 => Err(CodeError::Empty),
            // Wallets' payment codes have 16 to 24 digits.
            16..=24 if !digits.starts_with(CODE_PREFIX) => Err(CodeError::ForeignPrefix),
            CODE_DIGITS => {
                let (credential, totp) = digits[CODE_PREFIX.len()..].split_at(CREDENTIAL_DIGITS);
                Ok(Self { credential: CredentialNumber(credential.to_owned()), totp: totp.to_owned() })
            }
            other => Err(CodeError::WrongLength(other)),
        }
    }
}

/// The digits behind `/R/` of a code's URL; anything that is not such a URL is taken whole.
fn digits_part(input: &str) -> &str {
    let is_url = input
        .split_once("://")
        .is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"));
    if !is_url {
        return input;
    }
    let path_end = input.find(['?', '#']).unwrap_or(input.len());
    let url = &input[..path_end];
    let marker = url.as_bytes().windows(3).rposition(|window| window.eq_ignore_ascii_case(b"/r/"));
    marker.map_or(input, |at| url[at + 3..].trim_end_matches('/'))
}

/// White space, and the zero-width characters that copying leaves behind.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200b}' | '\u{feff}')
}

/// Half-width digits only; separators people type are dropped.
fn normalise(input: &str) -> Result<String, CodeError> {
    let mut digits = String::with_capacity(CODE_DIGITS);
    for character in input.chars() {
        if let Some(digit) = ascii_digit(character) {
            digits.push(digit);
            continue;
        }
        match character {
            '-' | '_' | '·' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' => {}
            _ if is_blank(character) => {}
            _ => return Err(CodeError::NotDigits),
        }
    }
    Ok(digits)
}

/// How a credential's code is written into the QR: text with `{totp_value_0}` where the one-time password goes, after
/// Google Wallet's `RotatingBarcode.valuePattern`. The credential's number stands in the pattern as plain digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ValuePattern(String);

const TOTP_PLACEHOLDER: &str = "{totp_value_0}";

impl ValuePattern {
    /// The pattern any phone camera understands: the address of the shop's redemption page on `origin`
    /// (`https://host[:port]`). In capitals, so that the QR stays in its dense alphanumeric mode (ISO/IEC 18004 §7.4.4).
    pub fn url(origin: &str, credential: &CredentialNumber) -> Self {
        let origin = origin.trim_end_matches('/').to_ascii_uppercase();
        Self(format!("{origin}/R/{CODE_PREFIX}{}{TOTP_PLACEHOLDER}", credential.0))
    }

    /// The pattern for till scanners that pass on what they read: the bare digits.
    pub fn digits(credential: &CredentialNumber) -> Self {
        Self(format!("{CODE_PREFIX}{}{TOTP_PLACEHOLDER}", credential.0))
    }

    /// The pattern as the API sends it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The QR's payload for this one-time password.
    pub fn render(&self, totp: Totp) -> String {
        self.0.replace(TOTP_PLACEHOLDER, &totp.to_digits())
    }
}
