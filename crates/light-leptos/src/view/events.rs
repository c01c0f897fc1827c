//! The events that a view can listen to: leptos', and those of HTML that it names only as custom ones.

use std::borrow::Cow;

pub use leptos::ev::*;

/// A dialog is about to be closed, by Escape for example.
#[derive(Clone, Debug)]
#[expect(non_camel_case_types, reason = "named as the event is, like leptos' descriptors")]
pub struct cancel;

impl EventDescriptor for cancel {
    type EventType = Event;
    const BUBBLES: bool = false;

    fn name(&self) -> Cow<'static, str> {
        "cancel".into()
    }

    fn event_delegation_key(&self) -> Cow<'static, str> {
        "$$$cancel".into()
    }
}
