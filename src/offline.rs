//! The service worker that keeps the page's files on the device (`service_worker.js`). Where a browser has none, as some
//! WebViews do, an open page goes on all the same: everything it needs was loaded with it.

use leptos::prelude::window;

/// Registers the worker. Not in the designers' preview, whose files change under it.
pub fn keep_page() {
    if cfg!(debug_assertions) {
        return;
    }
    let navigator = window().navigator();
    // Undefined outside secure contexts and in some WebViews, whatever its type says.
    let available = js_sys::Reflect::get(&navigator, &"serviceWorker".into()).is_ok_and(|worker| worker.is_object());
    if available {
        let registered = navigator.service_worker().register("/service-worker.js");
        wasm_bindgen_futures::spawn_local(async move {
            // Refused in private windows, for instance: the page then needs the network to open.
            let _ = wasm_bindgen_futures::JsFuture::from(registered).await;
        });
    }
}
