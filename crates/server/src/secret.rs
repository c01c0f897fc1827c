//! Random secrets, and the hashes that are stored of them.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use member_domain::{CODE_PREFIX, RedemptionCode, TEST_CREDENTIAL, TokenHash, UnixMillis, ascii_digit};
use sha2::{Digest, Sha256};

/// Returns `N` random bytes from the operating system.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A bearer token: 256 random bits in base64url. Shown once, stored only as its hash.
pub(crate) struct Token(String);

/// Not derived, so that no log shows a token.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(secret)")
    }
}

impl Token {
    pub(crate) fn generate() -> Self {
        Self(base64url(&random_bytes::<32>()))
    }

    /// Returns the token's text, to hand it over.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> TokenHash {
        hash_token(&self.0)
    }
}

/// Returns the SHA-256 of a token. No salt is needed: the token itself has 256 bits of entropy.
pub(crate) fn hash_token(token: &str) -> TokenHash {
    TokenHash(Sha256::digest(token.as_bytes()).into())
}

/// A code that pairs one phone with a shop: 8 digits, valid for minutes. Its hash only hides the code and
/// does not resist a brute-force search. The code is safe because it expires soon and tries are counted.
pub(crate) struct PairingCode(String);

/// Not derived, so that no log shows a pairing code.
impl fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairingCode(secret)")
    }
}

impl PairingCode {
    const DIGITS: usize = 8;

    pub(crate) fn generate() -> Self {
        Self(format!("{:08}", u64::from_be_bytes(random_bytes()) % 100_000_000))
    }

    /// Parses a code as people type it. Spaces, hyphens and full-width digits are allowed.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut digits = String::with_capacity(Self::DIGITS);
        for character in text.chars().filter(|character| !character.is_whitespace() && *character != '-') {
            digits.push(ascii_digit(character)?);
            if digits.len() > Self::DIGITS {
                return None;
            }
        }
        (digits.len() == Self::DIGITS).then_some(Self(digits))
    }

    /// Returns the code in the form in which it is read aloud: `1234 5678`.
    pub(crate) fn reveal(&self) -> String {
        let (first, second) = self.0.split_at(Self::DIGITS / 2);
        format!("{first} {second}")
    }

    pub(crate) fn hash(&self) -> TokenHash {
        hash_token(&self.0)
    }
}

/// Encodes as base64url without padding (RFC 4648 §5).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Returns a receipt number that staff can read aloud: 12 characters of Crockford's base 32, 60 random bits.
pub(crate) fn receipt_number() -> String {
    crockford::<12>()
}

/// The digits of Crockford's base 32, in the order of their values and of ASCII.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn crockford<const N: usize>() -> String {
    random_bytes::<N>().iter().map(|byte| char::from(CROCKFORD[usize::from(byte % 32)])).collect()
}

/// Returns a refund's number: RF and 16 characters of Crockford's base 32, 80 random bits.
pub(crate) fn refund_number() -> String {
    format!("RF{}", crockford::<16>())
}

/// Returns a refund's number for a batch: RF, six characters that encode the second, and ten random
/// characters (50 bits). Numbers of one batch are adjacent in the indexes of a database, so that a million of
/// them do not touch every page a thousand times.
pub(crate) fn refund_number_at(at: UnixMillis) -> String {
    let seconds = at.0.div_euclid(1_000);
    let digit = |place: i64| char::from(CROCKFORD[usize::try_from((seconds >> (5 * place)) & 31).unwrap_or_default()]);
    let second: String = (0..6).rev().map(digit).collect();
    format!("RF{second}{}", crockford::<10>())
}

/// Returns a random credential number of 10 digits. The bias of 2^64 values modulo 10^10 - 1 is negligible.
pub(crate) fn credential_value() -> u64 {
    credential_value_of(u64::from_be_bytes(random_bytes()))
}

/// Returns a number from 1 on, because 0 is [`TEST_CREDENTIAL`].
fn credential_value_of(random: u64) -> u64 {
    1 + random % (10_u64.pow(10) - 1)
}

/// Returns a new test code: the reserved credential number and eight random digits.
pub(crate) fn test_code() -> RedemptionCode {
    let random = u64::from_be_bytes(random_bytes()) % 100_000_000;
    format!("{CODE_PREFIX}{TEST_CREDENTIAL}{random:08}").parse().expect("prefix, number and password make 20 digits")
}

#[cfg(test)]
mod tests {
    use member_domain::{CredentialNumber, TEST_CREDENTIAL, UnixMillis};

    use super::{CROCKFORD, PairingCode, credential_value_of, refund_number, refund_number_at, test_code};

    #[test]
    fn no_device_gets_the_number_of_test_codes() {
        for random in [0, 1, 9_999_999_998, 9_999_999_999, 10_000_000_000, u64::MAX] {
            let number = CredentialNumber::from_value(credential_value_of(random)).expect("ten digits");
            assert_ne!(number.as_str(), TEST_CREDENTIAL, "{random}");
        }
        assert!(test_code().is_test());
    }

    #[test]
    fn refund_numbers_stand_in_the_order_of_their_seconds() {
        let at = |seconds: i64| refund_number_at(UnixMillis(seconds * 1_000));
        let (first, second, later) = (at(1_795_104_000), at(1_795_104_001), at(1_795_104_032));
        assert!(first < second && second < later, "{first} {second} {later}");
        assert_eq!(first.len(), refund_number().len());
        assert_ne!(at(1), at(1));
        assert!(first[2..].bytes().all(|byte| CROCKFORD.contains(&byte)), "{first}");
    }

    #[test]
    fn a_pairing_code_is_read_as_people_type_it() {
        for typed in ["12345678", " 1234 5678 ", "1234-5678", "１２３４　５６７８", "1 2 3 4 5 6 7 8"] {
            assert_eq!(PairingCode::read(typed).map(|code| code.reveal()).as_deref(), Some("1234 5678"), "{typed}");
        }
        for typed in ["", "1234567", "123456789", "1234567a", "12345678 9", "一二三四五六七八"] {
            assert!(PairingCode::read(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn a_pairing_code_is_eight_digits_and_stays_out_of_logs() {
        let code = PairingCode::generate();
        assert!(PairingCode::read(&code.reveal()).is_some());
        assert_eq!(format!("{code:?}"), "PairingCode(secret)");
    }
}
