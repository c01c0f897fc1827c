//! The screen wake lock: keeps the screen awake while a code is shown.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::{clock::use_page_resume, prelude::*};

/// Keeps the screen awake while the owner lives, if the browser supports it. The browser releases the lock
/// when the page is hidden, so the lock is requested again on return.
pub fn use_wake_lock() {
    let current_lock = StoredValue::new(None::<JsValue>);
    let acquire = move || {
        let Some(request) = request() else { return };
        spawn_local(async move {
            // The browser may refuse, for example when the battery is low. The screen then turns off as
            // usual.
            let Ok(lock) = JsFuture::from(request).await else { return };
            let previous = current_lock.try_update_value(|current_lock| current_lock.replace(lock.clone()));
            match previous {
                Some(previous) => release(previous),
                // The sheet closed meanwhile.
                None => release(Some(lock)),
            }
        });
    };
    acquire();
    use_page_resume(acquire);
    on_cleanup(move || release(current_lock.try_update_value(Option::take).flatten()));
}

/// `navigator.wakeLock.request("screen")`, which some browsers lack.
fn request() -> Option<Promise> {
    let locks = Reflect::get(&window().navigator(), &"wakeLock".into()).ok().filter(JsValue::is_object)?;
    let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into::<Function>().ok()?;
    request.call1(&locks, &"screen".into()).ok()?.dyn_into().ok()
}

fn release(lock: Option<JsValue>) {
    let Some(lock) = lock else { return };
    let release = Reflect::get(&lock, &"release".into()).ok().and_then(|release| release.dyn_into::<Function>().ok());
    if let Some(promise) = release.and_then(|release| release.call0(&lock).ok()?.dyn_into::<Promise>().ok()) {
        spawn_local(async move { drop(JsFuture::from(promise).await) });
    }
}
