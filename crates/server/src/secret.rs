//! Random secrets and the hashes under which they are stored.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// 32 random bytes from the operating system.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A bearer token: 256 random bits in base64url. Shown once, stored only as its hash.
pub(crate) struct Token(String);

/// Not derived: a token has no place in a log.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(secret)")
    }
}

impl Token {
    pub(crate) fn generate() -> Self {
        Self(base64url(&random_bytes::<32>()))
    }

    /// The token's text, for handing it over.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

/// SHA-256 of a token. No salt is needed: the token itself has 256 bits of entropy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TokenHash(pub(crate) [u8; 32]);

impl TokenHash {
    pub(crate) fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

/// Base64url without padding (RFC 4648 §5).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A receipt number that staff can read out: 12 characters of Crockford's base 32, 60 random bits.
pub(crate) fn receipt_number() -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    random_bytes::<12>().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// A random credential number: uniform enough over 10 digits (2^64 values onto 10^10).
pub(crate) fn credential_value() -> u64 {
    u64::from_be_bytes(random_bytes()) % 10_u64.pow(10)
}
