//! Effects that keep one thing of the document up to date.

use leptos::{
    prelude::on_cleanup,
    reactive::{effect::RenderEffect, graph::ToAnySubscriber},
};
use send_wrapper::SendWrapper;

use crate::reactive::unsubscribe;

/// Runs now and again whenever a signal that it read changes, until the current owner is disposed.
pub(super) fn render_effect(mut run: Box<dyn FnMut()>) {
    let effect = SendWrapper::new(RenderEffect::new(move |_: Option<()>| run()));
    on_cleanup(move || {
        unsubscribe(&effect.to_any_subscriber());
        drop(effect);
    });
}

/// Reads a value now and whenever a signal in it changes, and writes it if it differs from the one written last: a needless
/// write is work, and disturbs screen readers, selections and observers.
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
