//! The events of views: those of leptos, and HTML events that leptos supports only as custom events.

use std::borrow::Cow;

pub use leptos::ev::*;

/// The `cancel` event: a dialog is about to be closed, for example by Escape.
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
