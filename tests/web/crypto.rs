//! WebCrypto makes the codes the standard says, from keys nobody can read.

use js_sys::{Object, Reflect};
use member_domain::{TimeStep, TotpPeriod, UnixMillis};
use member_page::crypto::SigningKey;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::CryptoKey;

/// The key of RFC 6238 Appendix B for SHA-256, "12345678901234567890123456789012", in base64url.
const RFC_KEY: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI";

pub async fn rfc_key() -> SigningKey {
    let jwk = Object::new();
    for (name, value) in [("kty", "oct"), ("alg", "HS256"), ("k", RFC_KEY)] {
        Reflect::set(&jwk, &name.into(), &value.into()).unwrap();
    }
    SigningKey::import(&jwk).await.unwrap()
}

#[wasm_bindgen_test]
async fn makes_the_codes_of_rfc_6238_appendix_b() {
    let key = rfc_key().await;
    let vectors = include_str!("../../crates/domain/tests/vectors/rfc6238-appendix-b.csv");
    let mut checked = 0;
    for row in vectors.lines().filter(|row| row.starts_with("SHA256")) {
        let fields: Vec<&str> = row.split(',').collect();
        let at = UnixMillis(fields[2].parse::<i64>().unwrap() * 1_000);
        let totp = key.totp(TimeStep::at(at, TotpPeriod::DEFAULT)).await.unwrap();
        assert_eq!(totp.to_digits(), fields[5], "{row}");
        checked += 1;
    }
    assert_eq!(checked, 6);
}

#[wasm_bindgen_test]
async fn the_key_cannot_be_read_back() {
    let key = rfc_key().await;
    let key: CryptoKey = key.as_js().clone().unchecked_into();
    assert!(!key.extractable());
    let subtle = leptos::prelude::window().crypto().unwrap().subtle();
    let export = wasm_bindgen_futures::JsFuture::from(subtle.export_key("raw", &key).unwrap()).await;
    assert!(export.is_err());
}

#[wasm_bindgen_test]
async fn a_malformed_key_is_refused() {
    assert!(SigningKey::import(&JsValue::from_str("no key")).await.is_err());
    assert!(SigningKey::import(&Object::new()).await.is_err());
}
