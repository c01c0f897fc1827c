//! The service worker that keeps the page's files on the device (`service_worker.js`). Where a browser has none, as some
//! WebViews do, an open page goes on all the same: everything it needs was loaded with it.

use js_sys::{Function, Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// Where the worker is served, whatever page asks.
const WORKER: &str = "/service-worker.js";

/// Registers the worker. Not in the designers' preview, whose files change under it.
pub fn keep_page() {
    if cfg!(debug_assertions) {
        return;
    }
    let registered = register(&window().navigator());
    wasm_bindgen_futures::spawn_local(async move {
        // Refused in private windows, for instance: the page then needs the network to open.
        let _ = match registered {
            Ok(registered) => wasm_bindgen_futures::JsFuture::from(registered).await.map(drop),
            Err(error) => Err(error),
        };
    });
}

/// Asks the browser to register the worker.
fn register(navigator: &JsValue) -> Result<js_sys::Promise, JsValue> {
    // Undefined outside secure contexts and in some WebViews, whatever its type says: reading on fails then.
    let container = Reflect::get(navigator, &"serviceWorker".into())?;
    let register: Function = Reflect::get(&container, &"register".into())?.dyn_into()?;
    register.call1(&container, &address()?)?.dyn_into()
}

/// The worker's address, which under the page's Content-Security-Policy must come from the policy `member-page`: it lets this
/// address through and no other. Where there are no Trusted Types the text will do.
fn address() -> Result<JsValue, JsValue> {
    let factory = Reflect::get(&window(), &"trustedTypes".into())?;
    if !factory.is_object() {
        return Ok(WORKER.into());
    }
    // Nothing comes of `undefined` but an empty address.
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
