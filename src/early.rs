//! What `index.html` has begun before the page's code was there, and left on the window for it.

use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::JsValue;

/// What was left under this name, or nothing.
pub fn left(name: &str) -> Option<JsValue> {
    Reflect::get(&window(), &name.into()).ok()
}

/// What was left is told once: later it may be another.
pub fn forget(name: &str) {
    let _ = Reflect::delete_property(&window(), &name.into());
}
