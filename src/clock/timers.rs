//! Timers, and the moments when a page returns or may leave. All end with their owner.

use std::{rc::Rc, time::Duration};

use leptos::ev;

use super::Alarm;
use crate::prelude::*;

/// Runs `callback` whenever the page returns: visible, restored from the back-forward cache, or online again.
pub fn use_page_resume(callback: impl Fn() + Clone + 'static) {
    let (on_show, on_online, on_visible) = (callback.clone(), callback.clone(), callback);
    let page_show = window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            on_show();
        }
    });
    let online = window_event_listener(ev::online, move |_| on_online());
    let visible = document_listener("visibilitychange", move || {
        if !document().hidden() {
            on_visible();
        }
    });
    on_cleanup(move || {
        page_show.remove();
        online.remove();
        drop(visible);
    });
}

/// Runs `callback` whenever the page may not return: hidden or left.
pub fn use_page_hide(callback: impl Fn() + Clone + 'static) {
    let on_hide = callback.clone();
    let page_hide = window_event_listener(ev::pagehide, move |_| on_hide());
    let hidden = document_listener("visibilitychange", move || {
        if document().hidden() {
            callback();
        }
    });
    on_cleanup(move || {
        page_hide.remove();
        drop(hidden);
    });
}

/// Completes after `length`.
pub async fn pause(length: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(move || drop(resolve.call0(&wasm_bindgen::JsValue::NULL)), length);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// Runs `callback` every `period` while the owner lives.
pub fn use_interval(period: Duration, callback: impl Fn() + 'static) {
    repeat(period, Rc::new(callback), StoredValue::new(None));
}

fn repeat(period: Duration, callback: Rc<dyn Fn()>, alarm: StoredValue<Option<Alarm>>) {
    let next = Alarm::after(period, move || {
        repeat(period, Rc::clone(&callback), alarm);
        callback();
    });
    // `try_set_value` returns the alarm if the owner is disposed. Otherwise the owner holds it.
    drop(alarm.try_set_value(Some(next)));
}

/// A listener on the document that is removed when dropped.
struct DocumentListener {
    name: &'static str,
    listener: send_wrapper::SendWrapper<wasm_bindgen::prelude::Closure<dyn FnMut()>>,
}

fn document_listener(name: &'static str, callback: impl FnMut() + 'static) -> DocumentListener {
    use wasm_bindgen::JsCast;
    let listener = wasm_bindgen::prelude::Closure::new(callback);
    let _ = document().add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    DocumentListener { name, listener: send_wrapper::SendWrapper::new(listener) }
}

impl Drop for DocumentListener {
    fn drop(&mut self) {
        use wasm_bindgen::JsCast;
        let listener = self.listener.as_ref().unchecked_ref();
        let _ = document().remove_event_listener_with_callback(self.name, listener);
    }
}
