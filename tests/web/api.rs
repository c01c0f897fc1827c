//! Which members a backend can identify, and which early answers are used.

use js_sys::{Array, JSON, Promise, Reflect};
use member_domain::wire::ProblemKind;
use member_page::{
    api::{Api, ApiError},
    prelude::*,
};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::member;

#[wasm_bindgen_test]
fn a_cookie_goes_to_the_pages_own_origin_and_to_no_other() {
    let owner = Owner::new();
    let own = window().location().origin().unwrap();
    let known = |base: &str| owner.with(|| Api::at(base)).can_identify_member();
    for base in [String::new(), own.clone(), format!("{own}/"), format!("{own}/card")] {
        assert!(known(&base), "{base}");
    }
    for base in
        ["https://backend.example".to_owned(), format!("{own}.example"), format!("{own}0"), format!("{own}@b.example")]
    {
        assert!(!known(&base), "{base}");
    }
}

/// The early answer of the page's script: `[status, text, asked, wall, answered]`, `ago` milliseconds old.
fn answer(status: u16, text: &str, ago: f64) -> JsValue {
    let now = window().performance().unwrap().now();
    let times = [now - ago - 10.0, js_sys::Date::now() - ago - 10.0, now - ago];
    let list = Array::of2(&status.into(), &text.into());
    for time in times {
        list.push(&time.into());
    }
    list.into()
}

fn leave(found: &JsValue) {
    let start = js_sys::Object::new();
    Reflect::set(&start, &"me".into(), found).unwrap();
    Reflect::set(&window(), &"memberPageStart".into(), &start).unwrap();
}

fn is_left() -> bool {
    let start = Reflect::get(&window(), &"memberPageStart".into()).unwrap();
    Reflect::has(&start, &"me".into()).unwrap()
}

fn json() -> String {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    JSON::stringify(&member().serialize(&serializer).unwrap()).unwrap().into()
}

#[wasm_bindgen_test]
fn an_answer_that_is_there_is_taken_over_once() {
    let owner = Owner::new();
    let api = owner.with(|| Api::at(""));
    leave(&answer(200, &json(), 500.0));
    let (taken, _) = api.early_me().expect("it is there");
    assert_eq!(taken.ok().unwrap().value, member());
    assert!(api.early_me().is_none() && !is_left());
}

#[wasm_bindgen_test]
fn what_the_backend_refuses_is_taken_over_as_well() {
    let owner = Owner::new();
    let api = owner.with(|| Api::at(""));
    leave(&answer(401, "a gateway's own page", 0.0));
    assert_eq!(api.early_me().unwrap().0.err(), Some(ApiError::Problem(ProblemKind::Unauthorized)));
}

/// `trunk serve` answers every request with its page.
#[wasm_bindgen_test]
async fn without_a_backend_designers_see_the_sample() {
    let owner = Owner::new();
    let api = owner.with(|| Api::at(""));
    for (status, text) in [(200, "<!doctype html>".to_owned()), (502, "<html>".to_owned()), (200, "[".repeat(1_000))] {
        leave(&answer(status, &text, 0.0));
        assert!(api.early_me().is_none());
        leave(&Promise::resolve(&answer(status, &text, 0.0)).into());
        assert!(api.me().await.0.is_ok(), "{status} {text}");
    }
}

#[wasm_bindgen_test]
async fn one_on_its_way_is_waited_for() {
    let owner = Owner::new();
    let api = owner.with(|| Api::at(""));
    leave(&Promise::resolve(&answer(200, &json(), 0.0)).into());
    assert!(api.early_me().is_none(), "it is on its way");
    assert_eq!(api.me().await.0.ok().unwrap().value, member());
    assert!(!is_left());
}

/// The test runner has no backend, so debug builds answer with the sample.
#[wasm_bindgen_test]
async fn what_failed_or_is_too_old_is_asked_for_anew() {
    let owner = Owner::new();
    let api = owner.with(|| Api::at(""));
    for left in [
        JsValue::from(0),
        Promise::resolve(&JsValue::from(0)).into(),
        answer(200, &json(), 9_000.0),
        JsValue::UNDEFINED,
    ] {
        leave(&left);
        assert!(api.early_me().is_none());
        assert_ne!(api.me().await.0.ok().map(|answer| answer.value), Some(member()));
    }
}

#[wasm_bindgen_test]
async fn a_backend_that_keeps_silent_is_not_waited_for_twice() {
    let owner = Owner::new();
    let api = owner.with(|| Api::at(""));
    leave(&Promise::resolve(&JsValue::from(1)).into());
    assert_eq!(api.me().await.0.err(), Some(ApiError::Unreachable));
    assert!(!is_left());
}

/// The early answer belongs to the cookie's member. A page with a token or another backend has another
/// member.
#[wasm_bindgen_test]
async fn another_backend_has_an_answer_of_its_own() {
    let owner = Owner::new();
    let elsewhere = owner.with(|| Api::at("http://127.0.0.1:9"));
    leave(&answer(200, &json(), 0.0));
    assert!(elsewhere.early_me().is_none());
    assert_eq!(elsewhere.me().await.0.err(), Some(ApiError::Unreachable));
    assert!(is_left());
    leave(&JsValue::UNDEFINED);
}
