//! Effects: code that acts outside the reactive system when signals change.

use leptos::{
    prelude::on_cleanup,
    reactive::graph::{AnySubscriber, Subscriber, ToAnySubscriber},
};

/// A function that runs at the end of the current turn. It re-runs when a signal that it read changes.
#[derive(Clone, Copy, Debug)]
pub struct Effect(());

impl Effect {
    /// Runs the function until the current owner is disposed. The function receives its previous result.
    pub fn new<T: 'static>(mut run: impl FnMut(Option<T>) -> T + 'static) -> Self {
        let mut last = None;
        start(Box::new(move || last = Some(run(last.take()))));
        Self(())
    }
}

#[inline(never)]
fn start(mut run: Box<dyn FnMut()>) {
    let subscriber = leptos::prelude::Effect::new(move |_: Option<()>| run()).to_any_subscriber();
    on_cleanup(move || unsubscribe(&subscriber));
}

/// Removes a subscriber from the signals that it read. leptos keeps a disposed subscriber until the signal changes, and
/// many signals never change. Each opened and closed sheet then leaked three kilobytes.
pub(crate) fn unsubscribe(subscriber: &AnySubscriber) {
    subscriber.clear_sources(subscriber);
}
