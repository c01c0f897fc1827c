//! Views and signals in headless Chromium: their content, their updates, and that nothing outlives its owner.

#![cfg(target_arch = "wasm32")]
// The lint step does not compile for wasm, so these tests deny warnings themselves.
#![deny(warnings)]
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod attributes;
mod elements;
mod list;
mod list_random;
mod memos;
mod parts;
mod signals;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use light_leptos::{
    mount::{UnmountHandle, mount_to},
    prelude::*,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, HtmlElement};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// A view mounted into its own element. Dropping it removes both.
struct Mounted {
    root: HtmlElement,
    handle: Option<UnmountHandle>,
}

impl Mounted {
    fn new<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> Self {
        let root: HtmlElement = document().create_element("section").unwrap().unchecked_into();
        document().body().unwrap().append_child(&root).unwrap();
        let handle = Some(mount_to(root.clone(), view));
        Self { root, handle }
    }

    fn count(&self, selector: &str) -> u32 {
        self.root.query_selector_all(selector).unwrap().length()
    }

    fn text(&self) -> String {
        self.root.text_content().unwrap_or_default()
    }

    fn click(&self, selector: &str) {
        self.first(selector).unchecked_into::<HtmlElement>().click();
    }

    fn unmount(mut self) -> HtmlElement {
        drop(self.handle.take());
        self.root.clone()
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        drop(self.handle.take());
        self.root.remove();
    }
}

#[derive(Clone, Default)]
struct Count(Arc<AtomicU32>);

impl Count {
    fn one_more(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn get(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Mounted {
    fn first(&self, selector: &str) -> Element {
        self.root.query_selector(selector).unwrap().unwrap_or_else(|| panic!("no {selector}"))
    }

    fn html(&self) -> String {
        self.root.inner_html()
    }
}

/// Waits until all updates have run. They run in microtasks, and a timeout fires after those.
async fn settled() {
    let turn = js_sys::Promise::new(&mut |resolve, _| {
        window().set_timeout_with_callback(&resolve).unwrap();
    });
    wasm_bindgen_futures::JsFuture::from(turn).await.unwrap();
}

/// A signal without an owner, so that it outlives the view.
fn outside<T: Send + Sync + 'static>(value: T) -> RwSignal<T> {
    // A leftover owner would dispose the signal.
    assert!(Owner::current().is_none(), "made within a view");
    RwSignal::new(value)
}

fn event(name: &str) -> web_sys::Event {
    web_sys::Event::new(name).unwrap().unchecked_into()
}

/// The number of handlers that fail during `act`. A handler that is called after its view is disposed fails, and the
/// browser reports that to the window only.
fn failures(act: impl FnOnce()) -> u32 {
    let count = Count::default();
    let counted = count.clone();
    let listener = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        event.prevent_default();
        counted.one_more();
    });
    let heard: &js_sys::Function = listener.as_ref().unchecked_ref();
    window().add_event_listener_with_callback("error", heard).unwrap();
    act();
    window().remove_event_listener_with_callback("error", heard).unwrap();
    count.get()
}
