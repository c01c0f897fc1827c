//! The bridge to the app that the page is embedded in: events out. They say that something happened and carry no secret.

mod place;

use js_sys::{Object, Reflect};
use leptos::prelude::document;
use web_sys::{CustomEvent, CustomEventInit};

pub use self::place::use_place;

/// What a host app may want to know. Dispatched as a bubbling DOM `CustomEvent` on the page's element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostEvent {
    /// A code is on screen: turn the screen bright.
    CodeShown,
    /// It no longer is.
    CodeHidden,
}

impl HostEvent {
    const fn name(self) -> &'static str {
        match self {
            Self::CodeShown => "code-shown",
            Self::CodeHidden => "code-hidden",
        }
    }
}

/// Tells the host app.
pub fn announce(event: HostEvent) {
    dispatch(event.name(), &CustomEventInit::new());
}

/// Offers the host app an address that leads out of the page: the event `open-link` with `{url}`. Whether it takes over,
/// which it says by `preventDefault()`.
pub fn takes_over(url: &str) -> bool {
    let detail = Object::new();
    // Setting a property of a fresh plain object cannot fail.
    let _ = Reflect::set(&detail, &"url".into(), &url.into());
    let init = CustomEventInit::new();
    init.set_cancelable(true);
    init.set_detail(&detail);
    !dispatch("open-link", &init)
}

/// Whether nobody has prevented what usually follows.
fn dispatch(name: &str, init: &CustomEventInit) -> bool {
    init.set_bubbles(true);
    init.set_composed(true);
    let element = document().get_element_by_id("member-page").or_else(|| document().document_element());
    match (CustomEvent::new_with_event_init_dict(name, init), element) {
        (Ok(event), Some(element)) => element.dispatch_event(&event).unwrap_or(true),
        _ => true,
    }
}
