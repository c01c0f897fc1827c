//! Sample answers for designers, in debug builds only: where `trunk serve` runs without a backend, the page shows these
//! instead of failures. `/?persona=NAME` chooses among the reference backend's demo personas.

use gloo_net::http::Method;
use js_sys::{Date, JSON, Reflect};
use leptos::prelude::window;
use wasm_bindgen::JsValue;

const DEFAULT_PERSONA: &str = "active";

/// Recorded from the reference backend in demo mode.
const PERSONAS: [(&str, &str); 8] = [
    (DEFAULT_PERSONA, include_str!("preview/me-active.json")),
    ("ending", include_str!("preview/me-ending.json")),
    ("refund-scheduled", include_str!("preview/me-refund-scheduled.json")),
    ("refund-processing", include_str!("preview/me-refund-processing.json")),
    ("refund-succeeded", include_str!("preview/me-refund-succeeded.json")),
    ("refund-abnormal", include_str!("preview/me-refund-abnormal.json")),
    ("refund-closed", include_str!("preview/me-refund-closed.json")),
    ("none", include_str!("preview/me-none.json")),
];

/// The sample for a request, if there is one. Its time is the device's: there is no server to take it from.
pub(super) fn sample(method: &Method, path: &str) -> Option<JsValue> {
    let text = match (method, path.split('?').next()?) {
        (&Method::GET, "/v1/me") => me(),
        (&Method::GET, "/v1/shops") => include_str!("preview/shops.json"),
        (&Method::POST, "/v1/credentials") => include_str!("preview/credential.json"),
        _ => return None,
    };
    let json = JSON::parse(text).ok()?;
    Reflect::set(&json, &"serverTime".into(), &Date::now().into()).ok()?;
    Some(json)
}

fn me() -> &'static str {
    let search = window().location().search().unwrap_or_default();
    let asked = search.split(['?', '&']).find_map(|pair| pair.strip_prefix("persona=")).unwrap_or(DEFAULT_PERSONA);
    let found = PERSONAS.iter().find(|(name, _)| *name == asked);
    found.map_or(PERSONAS[0].1, |(_, answer)| answer)
}
