//! Registers the service worker that caches the page's files (`service_worker.js`). Some WebViews have none.
//! An open page still works there, because it has loaded everything it needs.

use js_sys::{Function, Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// The worker's address, the same for every page.
const WORKER: &str = "/service-worker.js";

/// Registers the worker. Not in debug builds, whose files change.
pub fn register_worker() {
    if cfg!(debug_assertions) {
        return;
    }
    let registration = register(&window().navigator());
    wasm_bindgen_futures::spawn_local(async move {
        // Private windows, for example, refuse it. The page then needs the network to open.
        let _ = match registration {
            Ok(registration) => wasm_bindgen_futures::JsFuture::from(registration).await.map(drop),
            Err(error) => Err(error),
        };
    });
}

/// Asks the browser to register the worker.
fn register(navigator: &JsValue) -> Result<js_sys::Promise, JsValue> {
    // Undefined outside secure contexts and in some WebViews, although its type says otherwise. The next read
    // fails then.
    let container = Reflect::get(navigator, &"serviceWorker".into())?;
    let register: Function = Reflect::get(&container, &"register".into())?.dyn_into()?;
    register.call1(&container, &address()?)?.dyn_into()
}

/// The worker's address. The page's Content-Security-Policy requires that it comes from the Trusted Types
/// policy `member-page`, which allows only this address. Without Trusted Types a string is enough.
fn address() -> Result<JsValue, JsValue> {
    let factory = Reflect::get(&window(), &"trustedTypes".into())?;
    if !factory.is_object() {
        return Ok(WORKER.into());
    }
    // A policy that returns `undefined` yields an empty address.
    let only_ours = |url: JsValue| if url.as_string().as_deref() == Some(WORKER) { url } else { JsValue::UNDEFINED };
    let rules = Object::new();
    Reflect::set(
        &rules,
        &"createScriptURL".into(),
        &Closure::<dyn FnMut(JsValue) -> JsValue>::new(only_ours).into_js_value(),
    )?;
    let create_policy: Function = Reflect::get(&factory, &"createPolicy".into())?.dyn_into()?;
    let policy = create_policy.call2(&factory, &"member-page".into(), &rules)?;
    let create: Function = Reflect::get(&policy, &"createScriptURL".into())?.dyn_into()?;
    create.call1(&policy, &WORKER.into())
}
