//! `POST /v1/credentials`: the credential of one device. It follows Google Wallet's `RotatingBarcode`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{CredentialNumber, TotpPeriod, UnixMillis, ValuePattern};

/// A new credential. No other answer contains the key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CredentialAnswer {
    /// The credential's public number.
    pub number: CredentialNumber,
    /// The text of the QR, with a placeholder for the one-time password.
    pub value_pattern: ValuePattern,
    /// The parameters of the one-time password.
    pub totp_details: TotpDetails,
    /// The HMAC key. The page passes it to `WebCrypto` without reading it and keeps no copy.
    pub key: Jwk,
    /// The server's time when it wrote this answer.
    pub server_time: UnixMillis,
    /// The time from which the server refuses codes of this credential.
    pub expires_at: UnixMillis,
}

/// The parameters of the one-time password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TotpDetails {
    /// The hash function of the HMAC.
    pub algorithm: TotpAlgorithm,
    /// The period of one code.
    pub period_millis: TotpPeriod,
    /// The number of digits of the one-time password; always 8 today.
    pub value_length: u8,
}

/// The hash function of the HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TotpAlgorithm {
    /// SHA-256, the only one in use.
    #[serde(rename = "TOTP_SHA256")]
    Sha256,
}

/// A symmetric key as a JSON Web Key (RFC 7517, RFC 7518 §6.4). `WebCrypto` imports this form directly.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Key type: `oct`.
    pub kty: String,
    /// Algorithm: `HS256`.
    pub alg: String,
    /// The key, base64url without padding (RFC 4648 §5).
    pub k: String,
}

/// Not derived: a key must not be logged.
impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jwk(secret)")
    }
}
