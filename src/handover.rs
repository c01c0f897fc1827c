//! What the page hands over to the device: a text to the clipboard, a link to the share sheet. Neither is there in every
//! browser, WebView and context, so both are looked for by name: a binding to something absent would throw.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Puts a text on the clipboard; `false` where the browser has none or refuses.
pub async fn copy(text: &str) -> bool {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    call(&clipboard, "writeText", &text.into()).await.is_ok()
}

/// Opens the device's share sheet; `false` where there is none. Closing it without choosing anything is no failure.
pub async fn share(title: &str, url: &str) -> bool {
    let data = Object::new();
    for (name, value) in [("title", title), ("url", url)] {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&data, &name.into(), &value.into());
    }
    match call(&window().navigator(), "share", &data).await {
        Ok(()) => true,
        Err(error) => Reflect::get(&error, &"name".into()).is_ok_and(|name| name == "AbortError"),
    }
}

/// Marks a text on the page, so that the member can copy it by hand.
pub fn select(selector: &str) {
    let element = document().query_selector(selector).ok().flatten();
    if let (Some(element), Ok(Some(selection))) = (element, window().get_selection()) {
        let _ = selection.select_all_children(&element);
    }
}

/// Calls a method that answers with a promise, and waits for it.
async fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<(), JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let answer = method.call1(object, argument)?;
    JsFuture::from(Promise::resolve(&answer)).await.map(drop)
}
