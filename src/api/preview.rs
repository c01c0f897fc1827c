//! Sample answers for designers, in debug builds only. If `trunk serve` runs without a backend, the page
//! shows these instead of failures. `/?persona=NAME` selects one of the reference backend's demo personas.

use std::cell::Cell;

use gloo_net::http::Method;
use js_sys::{Array, Date, JSON, Object, Reflect};
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

const SHOPS: &str = include_str!("preview/shops.json");
const SHOP: &str = include_str!("preview/shop.json");
const EVENTS: &str = include_str!("preview/member_events.json");
const CREDENTIAL: &str = include_str!("preview/credential.json");

thread_local! {
    /// Whether this document has enrolled.
    static ENROLLED: Cell<bool> = const { Cell::new(false) };
}

/// Returns the sample for a request, if there is one. It uses the device's time, because there is no server
/// time.
pub(super) fn sample(method: &Method, path: &str) -> Option<JsValue> {
    let path = path.split('?').next()?;
    if let Some(id) = path.strip_prefix("/v1/shops/").filter(|_| method == Method::GET) {
        return shop(id);
    }
    if let Some(id) = path.strip_prefix("/v1/member-events/").and_then(|rest| rest.strip_suffix("/sign-up")) {
        return event_with_sign_up(id, method == Method::PUT);
    }
    let text = match (method, path) {
        (&Method::GET, "/v1/me") => me(),
        (&Method::GET, "/v1/shops") => SHOPS,
        (&Method::GET, "/v1/member-events") => EVENTS,
        (&Method::GET, "/v1/redemptions") => include_str!("preview/ledger.json"),
        (&Method::POST, "/v1/credentials") => CREDENTIAL,
        _ => return None,
    };
    let json = JSON::parse(text).ok()?;
    Reflect::set(&json, &"serverTime".into(), &Date::now().into()).ok()?;
    if path == "/v1/credentials" {
        ENROLLED.set(true);
    } else if path == "/v1/me" && ENROLLED.get() {
        // The sample must show the new credential. Otherwise the device would enrol again and again.
        let number = Reflect::get(&JSON::parse(CREDENTIAL).ok()?, &"number".into()).ok()?;
        let status = Object::new();
        Reflect::set(&status, &"status".into(), &"active".into()).ok()?;
        Reflect::set(&status, &"number".into(), &number).ok()?;
        Reflect::set(&json, &"credential".into(), &status).ok()?;
    }
    Some(json)
}

/// Returns the item with this id from a sample's list.
fn find_item(text: &str, list: &str, id: &str) -> Option<JsValue> {
    let list = Reflect::get(&JSON::parse(text).ok()?, &list.into()).ok()?;
    Array::from(&list).iter().find(|item| Reflect::get(item, &"id".into()).is_ok_and(|found| found == id))
}

/// Returns a shop of the list, completed with the fields of the full answer.
fn shop(id: &str) -> Option<JsValue> {
    let full = JSON::parse(SHOP).ok()?;
    if Reflect::get(&full, &"id".into()).is_ok_and(|found| found == id) {
        return Some(full);
    }
    Some(Object::assign(&full.into(), &find_item(SHOPS, "shops", id)?.into()).into())
}

/// Returns an event after signing up or cancelling. The sample list itself does not change.
fn event_with_sign_up(id: &str, is_sign_up: bool) -> Option<JsValue> {
    let event = find_item(EVENTS, "events", id)?;
    let sign_up = JSON::parse(if is_sign_up { r#"{"state":"seat"}"# } else { r#"{"state":"none"}"# }).ok()?;
    Reflect::set(&event, &"signUp".into(), &sign_up).ok()?;
    Some(event)
}

fn me() -> &'static str {
    let search = window().location().search().unwrap_or_default();
    let persona = search.split(['?', '&']).find_map(|pair| pair.strip_prefix("persona=")).unwrap_or(DEFAULT_PERSONA);
    let found = PERSONAS.iter().find(|(name, _)| *name == persona);
    found.map_or(PERSONAS[0].1, |(_, answer)| answer)
}
