//! Effects that update one part of the document.

use leptos::{
    prelude::on_cleanup,
    reactive::{effect::RenderEffect, graph::ToAnySubscriber},
};
use send_wrapper::SendWrapper;

use crate::reactive::unsubscribe;

/// Runs now, and re-runs when a signal that it read changes, until the current owner is disposed.
pub(super) fn render_effect(mut run: Box<dyn FnMut()>) {
    let effect = SendWrapper::new(RenderEffect::new(move |_: Option<()>| run()));
    on_cleanup(move || {
        unsubscribe(&effect.to_any_subscriber());
        drop(effect);
    });
}

/// Reads a value now and when a signal in it changes. Writes the value only if it differs from the last one written. A
/// needless write costs time and disturbs screen readers, selections and observers.
pub(super) fn write_changes<T: PartialEq + 'static>(read: Box<dyn Fn() -> T>, mut write: Box<dyn FnMut(&T)>) {
    let mut last = None;
    render_effect(Box::new(move || {
        let value = read();
        if last.as_ref() != Some(&value) {
            write(&value);
            last = Some(value);
        }
    }));
}
