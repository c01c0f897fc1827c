//! The bridge to the app that the page is embedded in: events out. They say that something happened and carry no secret.

mod place;

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
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    let element = document().get_element_by_id("member-page").or_else(|| document().document_element());
    if let (Ok(event), Some(element)) = (CustomEvent::new_with_event_init_dict(event.name(), &init), element) {
        let _ = element.dispatch_event(&event);
    }
}
