//! WebCrypto computes the codes of the standard from unreadable keys.

use js_sys::{Array, Object, Reflect, Uint8Array};
use member_domain::{TimeStep, TotpPeriod, UnixMillis, truncate};
use member_page::crypto::SigningKey;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
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

/// Computes one HMAC with WebCrypto for any hash: the standards' vectors need SHA-1 and SHA-512 besides the
/// page's SHA-256.
async fn hmac(hash: &str, key: &[u8], message: &[u8]) -> Vec<u8> {
    let subtle = leptos::prelude::window().crypto().unwrap().subtle();
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"HMAC".into()).unwrap();
    Reflect::set(&algorithm, &"hash".into(), &hash.into()).unwrap();
    let raw = Uint8Array::from(key);
    let usages = Array::of1(&"sign".into());
    let import = subtle.import_key_with_object("raw", &raw, &algorithm, false, &usages).unwrap();
    let key: CryptoKey = JsFuture::from(import).await.unwrap().unchecked_into();
    let message = Uint8Array::from(message);
    let signing = subtle.sign_with_str_and_js_u8_array("HMAC", &key, &message).unwrap();
    Uint8Array::new(&JsFuture::from(signing).await.unwrap()).to_vec()
}

#[wasm_bindgen_test]
async fn webcrypto_makes_all_codes_of_rfc_6238_appendix_b() {
    let vectors = include_str!("../../crates/domain/tests/vectors/rfc6238-appendix-b.csv");
    let mut checked = 0;
    for row in vectors.lines().filter(|row| row.starts_with("SHA")) {
        let fields: Vec<&str> = row.split(',').collect();
        let hash = match fields[0] {
            "SHA1" => "SHA-1",
            "SHA256" => "SHA-256",
            "SHA512" => "SHA-512",
            other => panic!("{other}"),
        };
        let step = TimeStep::at(UnixMillis(fields[2].parse::<i64>().unwrap() * 1_000), TotpPeriod::DEFAULT);
        let mac = hmac(hash, fields[1].as_bytes(), &step.message()).await;
        assert_eq!(truncate(&mac, 8).to_digits(), fields[5], "{row}");
        if hash == "SHA-256" {
            assert_eq!(rfc_key().await.totp(step).await.unwrap().to_digits(), fields[5], "the page's own way: {row}");
        }
        checked += 1;
    }
    assert_eq!(checked, 18);
}

#[wasm_bindgen_test]
async fn webcrypto_makes_all_codes_of_rfc_4226_appendix_d() {
    let vectors = include_str!("../../crates/domain/tests/vectors/rfc4226-appendix-d.csv");
    let mut checked = 0;
    for row in vectors.lines().filter(|row| row.starts_with("SHA1")) {
        let fields: Vec<&str> = row.split(',').collect();
        let counter: i64 = fields[2].parse().unwrap();
        let mac = hmac("SHA-1", fields[1].as_bytes(), &counter.to_be_bytes()).await;
        assert_eq!(truncate(&mac, 6).to_digits(), *fields.last().unwrap(), "{row}");
        checked += 1;
    }
    assert_eq!(checked, 10);
}

#[wasm_bindgen_test]
async fn the_key_cannot_be_read_back() {
    let key = rfc_key().await;
    let key: CryptoKey = key.as_js().clone().unchecked_into();
    assert!(!key.extractable());
    let subtle = leptos::prelude::window().crypto().unwrap().subtle();
    let export = JsFuture::from(subtle.export_key("raw", &key).unwrap()).await;
    assert!(export.is_err());
}

#[wasm_bindgen_test]
async fn a_malformed_key_is_refused() {
    assert!(SigningKey::import(&JsValue::from_str("no key")).await.is_err());
    assert!(SigningKey::import(&Object::new()).await.is_err());
}
