//! What `view!` writes and what `member_page::view` makes of it, and the signals beneath.

mod attributes;
mod elements;
mod list;
mod list_random;
mod memos;
mod parts;
mod signals;

use std::{cell::Cell, rc::Rc};

use member_page::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Element;

use crate::support::Mounted;

/// How often something was done.
#[derive(Clone, Default)]
struct Count(Rc<Cell<u32>>);

impl Count {
    fn one_more(&self) {
        self.0.set(self.0.get() + 1);
    }

    fn get(&self) -> u32 {
        self.0.get()
    }
}

impl Mounted {
    /// The first element that the selector finds.
    fn first(&self, selector: &str) -> Element {
        self.root.query_selector(selector).unwrap().unwrap_or_else(|| panic!("no {selector}"))
    }

    /// What is within the mounted view, as HTML.
    fn html(&self) -> String {
        self.root.inner_html()
    }
}

/// Waits until all that follows what was changed has run: that is done in microtasks, and a timeout comes after them.
async fn settled() {
    let turn = js_sys::Promise::new(&mut |resolve, _| {
        window().set_timeout_with_callback(&resolve).unwrap();
    });
    wasm_bindgen_futures::JsFuture::from(turn).await.unwrap();
}

/// A signal that no owner ends, as a view's own would be.
fn outside<T: 'static>(value: T) -> RwSignal<T> {
    // Whoever runs tests has no owner; if one was left over the signal would go with it.
    assert!(Owner::current().is_none(), "made within a view");
    RwSignal::new(value)
}

fn event(name: &str) -> web_sys::Event {
    web_sys::Event::new(name).unwrap().unchecked_into()
}

/// How many handlers fail while this is done: one that is called after its view is gone does, and the browser says so to the
/// window alone.
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
