//! `POST /v1/credentials`: the credential of one device. It follows Google Wallet's `RotatingBarcode`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{CredentialNumber, TotpPeriod, UnixMillis, ValuePattern};

/// The rotating-code credential of one device, after Google Wallet's `RotatingBarcode`. No other answer
/// contains the key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Credential))]
pub struct CredentialAnswer {
    /// The credential's public number.
    pub number: CredentialNumber,
    /// The text of the QR code, with a placeholder for the one-time password.
    pub value_pattern: ValuePattern,
    /// The parameters of the one-time password.
    pub totp_details: TotpDetails,
    /// The HMAC key. The page passes it to WebCrypto without reading it and keeps no copy.
    pub key: Jwk,
    /// The server's time when it wrote this answer.
    pub server_time: UnixMillis,
    /// The time from which the server refuses codes of this credential, unless it is replaced before. The
    /// reference backend sets it to the midnight in Asia/Shanghai after the card's last day.
    pub expires_at: UnixMillis,
}

/// The parameters of the one-time password (RFC 6238).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpDetails {
    /// The hash function of the HMAC.
    pub algorithm: TotpAlgorithm,
    /// The period of one code, in milliseconds.
    pub period_millis: TotpPeriod,
    /// The number of digits of the one-time password; always 8 today.
    #[cfg_attr(feature = "openapi", schema(extensions(("x-const" = json!(8)))))]
    pub value_length: u8,
}

/// The hash function of the HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TotpAlgorithm {
    /// SHA-256, the only one in use.
    #[serde(rename = "TOTP_SHA256")]
    Sha256,
}

/// The HMAC key as a JSON Web Key (RFC 7517; symmetric keys in RFC 7518 §6.4). WebCrypto's `importKey` takes
/// this form. The key is secret: import it as not extractable, and store or log no readable copy.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Jwk {
    /// The key type: a sequence of octets.
    #[cfg_attr(feature = "openapi", schema(extensions(("x-const" = json!("oct")))))]
    pub kty: String,
    /// The algorithm: HMAC with SHA-256 (RFC 7518 §3.2).
    #[cfg_attr(feature = "openapi", schema(extensions(("x-const" = json!("HS256")))))]
    pub alg: String,
    /// The 32 bytes of the key, in base64url without padding (RFC 4648 §5).
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub k: String,
}

/// Not derived: a key must not be logged.
impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jwk(secret)")
    }
}
