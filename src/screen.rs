//! The screen: its wake lock, and what of the page is in view.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
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

/// Whether any part of the element is in view; true until it is known.
pub fn use_in_view(element: NodeRef<html::Div>) -> Signal<bool> {
    let is_in_view = RwSignal::new(true);
    let observe = move |entries: Array| {
        // The latest state is last.
        if let Some(entry) = entries.iter().last().map(JsCast::unchecked_into::<web_sys::IntersectionObserverEntry>) {
            let _ = is_in_view.try_set(entry.is_intersecting());
        }
    };
    let callback = Closure::<dyn FnMut(Array)>::new(observe);
    if let Ok(observer) = web_sys::IntersectionObserver::new(callback.as_ref().unchecked_ref()) {
        let stop = observer.clone();
        use_observer(element, callback, move |element| observer.observe(element), move || stop.disconnect());
    }
    is_in_view.into()
}

/// Runs `on_resize` when the element has its first size and whenever that changes, before the frame is painted.
pub fn use_resize(element: NodeRef<html::Div>, on_resize: impl Fn() + Copy + 'static) {
    let callback = Closure::<dyn FnMut()>::new(on_resize);
    if let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) {
        let stop = observer.clone();
        use_observer(element, callback, move |element| observer.observe(element), move || stop.disconnect());
    }
}

/// Observes the element while the owner lives, and keeps the observer's callback as long.
fn use_observer(
    element: NodeRef<html::Div>,
    callback: impl Sized + 'static,
    observe: impl Fn(&web_sys::Element) + 'static,
    disconnect: impl Fn() + 'static,
) {
    let kept = StoredValue::new_local(Some((disconnect, callback)));
    Effect::new(move |_| {
        if let Some(element) = element.get() {
            observe(&element);
        }
    });
    on_cleanup(move || {
        if let Some((disconnect, _)) = kept.try_update_value(Option::take).flatten() {
            disconnect();
        }
    });
}
