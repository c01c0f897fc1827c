//! WebCrypto. Keys are non-extractable: this page can use a key, but no script can read it.

use js_sys::{Array, Object, Reflect, Uint8Array};
use member_domain::{TimeStep, Totp, truncate};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

/// An HMAC-SHA-256 key that can only sign.
#[derive(Clone, Debug)]
pub struct SigningKey(CryptoKey);

/// WebCrypto is missing, because the page was not opened over HTTPS, or it refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CryptoUnavailable;

impl From<JsValue> for CryptoUnavailable {
    fn from(_: JsValue) -> Self {
        Self
    }
}

impl SigningKey {
    /// Imports a JSON Web Key of type `oct` without reading it.
    pub async fn import(jwk: &JsValue) -> Result<Self, CryptoUnavailable> {
        let algorithm = Object::new();
        Reflect::set(&algorithm, &"name".into(), &"HMAC".into())?;
        Reflect::set(&algorithm, &"hash".into(), &"SHA-256".into())?;
        let usages = Array::of1(&"sign".into());
        let jwk = jwk.dyn_ref::<Object>().ok_or(CryptoUnavailable)?;
        let import = subtle()?.import_key_with_object("jwk", jwk, &algorithm, false, &usages)?;
        Ok(Self(JsFuture::from(import).await?.unchecked_into()))
    }

    /// The key as an object for the browser's storage.
    pub fn as_js(&self) -> &JsValue {
        &self.0
    }

    /// The key from an object of the browser's storage. `None` if it is not a key.
    pub fn from_js(value: JsValue) -> Option<Self> {
        value.dyn_into().ok().map(Self)
    }

    /// Computes the one-time password of a time step.
    pub async fn totp(&self, step: TimeStep) -> Result<Totp, CryptoUnavailable> {
        let message = Uint8Array::from(step.message().as_slice());
        let signing = subtle()?.sign_with_str_and_js_u8_array("HMAC", &self.0, &message)?;
        let mac = Uint8Array::new(&JsFuture::from(signing).await?).to_vec();
        Ok(truncate(&mac, Totp::DIGITS))
    }
}

/// 128 random bits in hexadecimal, used as an idempotency key.
pub fn random_key() -> String {
    let mut bytes = [0; 16];
    if let Ok(crypto) = leptos::prelude::window().crypto() {
        // Fails only for larger arrays.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether this browser can make codes. WebCrypto exists only in secure contexts.
pub fn is_available() -> bool {
    subtle().is_ok()
}

fn subtle() -> Result<SubtleCrypto, CryptoUnavailable> {
    let crypto = leptos::prelude::window().crypto()?;
    // Outside secure contexts `crypto.subtle` is undefined, although its type says otherwise.
    let subtle = Reflect::get(&crypto, &"subtle".into())?;
    subtle.dyn_into().map_err(|_| CryptoUnavailable)
}
