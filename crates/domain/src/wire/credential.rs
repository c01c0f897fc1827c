//! `POST /v1/credentials`: the rotating-code credential of one device, after Google Wallet's `RotatingBarcode`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{CredentialNumber, TotpPeriod, UnixMillis, ValuePattern};

/// A fresh credential. The only answer that ever carries the key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialAnswer {
    /// The credential's public number.
    pub number: CredentialNumber,
    /// What the QR holds, with a place for the one-time password.
    pub value_pattern: ValuePattern,
    /// How the one-time password is made.
    pub totp_details: TotpDetails,
    /// The HMAC key. The page hands it to `WebCrypto` unread and keeps no copy.
    pub key: Jwk,
    /// When the server wrote this answer.
    pub server_time: UnixMillis,
    /// From when on the server refuses codes of this credential.
    pub expires_at: UnixMillis,
}

/// How the one-time password is made from key and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TotpDetails {
    /// The hash under the HMAC.
    pub algorithm: TotpAlgorithm,
    /// How long one code is valid.
    pub period_millis: TotpPeriod,
    /// How many digits the one-time password has; always 8 today.
    pub value_length: u8,
}

/// The hash under the HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TotpAlgorithm {
    /// SHA-256, the only one in use.
    #[serde(rename = "TOTP_SHA256")]
    Sha256,
}

/// A symmetric key as a JSON Web Key (RFC 7517, RFC 7518 §6.4), the form `WebCrypto` imports directly.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Key type: `oct`.
    pub kty: String,
    /// Algorithm: `HS256`.
    pub alg: String,
    /// The key, base64url without padding (RFC 4648 §5).
    pub k: String,
}

/// Not derived: a key has no place in a log.
impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jwk(secret)")
    }
}
