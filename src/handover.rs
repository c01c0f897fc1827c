//! Copies text to the clipboard and opens the share sheet. Some browsers, WebViews and contexts lack them, so
//! both are looked up by name: a binding to a missing function would throw.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Element, HtmlElement, Url};

/// Copies a text to the clipboard. Returns `false` if the browser has no clipboard or refuses.
pub async fn copy(text: &str) -> bool {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    call(&clipboard, "writeText", &text.into()).await.is_ok()
}

/// Opens the device's share sheet. Returns `false` if the browser has none. Closing it without a choice is
/// not a failure.
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

/// Selects the text of an element, so that the member can copy it by hand.
pub fn select(element: &Element) {
    if let Ok(Some(selection)) = window().get_selection() {
        let _ = selection.select_all_children(element);
    }
}

/// Saves a text as a file through a link with `download`.
pub fn save(name: &str, media_type: &str, text: &str) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlElement = document().create_element("a").ok()?.unchecked_into();
    let _ = link.set_attribute("href", &url);
    let _ = link.set_attribute("download", name);
    link.click();
    // The browser has copied the text when the click returns.
    let _ = Url::revoke_object_url(&url);
    Some(())
}

/// Calls a method that returns a promise, and waits for it.
async fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<(), JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let answer = method.call1(object, argument)?;
    JsFuture::from(Promise::resolve(&answer)).await.map(drop)
}
