//! `POST /v1/credentials`

use gloo_net::http::Method;
use js_sys::Reflect;
use member_domain::{CredentialNumber, UnixMillis, ValuePattern, wire::TotpDetails};
use serde::Deserialize;

use super::{Api, ApiError, decode};
use crate::{crypto::SigningKey, store::DeviceCredential};

/// The answer without its key. The key never enters wasm memory.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeylessAnswer {
    number: CredentialNumber,
    value_pattern: ValuePattern,
    totp_details: TotpDetails,
    expires_at: UnixMillis,
}

impl Api {
    /// Enrols this device for the card with this masked number. The key goes from the answer straight into
    /// WebCrypto, which makes it non-extractable.
    pub async fn enrol(self, card: String) -> Result<DeviceCredential, ApiError> {
        let json = self.request_secret(Method::POST, "/v1/credentials").await?;
        let jwk = Reflect::get(&json, &"key".into()).map_err(|_| ApiError::Unreadable)?;
        let key = SigningKey::import(&jwk).await.map_err(|_| ApiError::Unreadable)?;
        let answer: KeylessAnswer = decode(json)?;
        Ok(DeviceCredential {
            number: answer.number,
            card,
            pattern: answer.value_pattern,
            period: answer.totp_details.period_millis,
            expires_at: answer.expires_at,
            key,
        })
    }
}
