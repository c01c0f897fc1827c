//! What is done when something changes, and what waits.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Waker},
};

use leptos::{
    prelude::{on_cleanup, untrack},
    reactive::graph::{AnySubscriber, Subscriber, ToAnySubscriber},
};

/// Something that is done now, at the end of the current turn, and again whenever what it has read changes.
#[derive(Clone, Copy, Debug)]
pub struct Effect;

impl Effect {
    /// Does it as long as the current owner lives; `run` is given what it returned before.
    #[expect(clippy::new_ret_no_self, reason = "named as in leptos; nothing is to be had of it")]
    pub fn new<T: 'static>(mut run: impl FnMut(Option<T>) -> T + 'static) {
        let mut before = None;
        effect(Box::new(move || before = Some(run(before.take()))));
    }
}

fn effect(mut run: Box<dyn FnMut()>) {
    let who = leptos::prelude::Effect::new(move |_: Option<()>| run()).to_any_subscriber();
    on_cleanup(move || unfollow(&who));
}

/// Has nothing remember who goes. What it has read would do so until it changes next, and much never does: without this each
/// sheet that was opened and closed left three kilobytes behind.
pub(crate) fn unfollow(who: &AnySubscriber) {
    who.clear_sources(who);
}

/// Goes on with something that waits, within the current owner.
pub fn spawn_local(future: impl Future<Output = ()> + 'static) {
    let future: Pin<Box<dyn Future<Output = ()>>> = Box::pin(future);
    leptos::task::spawn_local(future);
}

/// The same, begun at once: what it asks for is on its way before this returns.
pub fn begin_local(future: impl Future<Output = ()> + 'static) {
    let mut future: Pin<Box<dyn Future<Output = ()>>> = Box::pin(future);
    // Nobody need be woken: it is looked at again soon.
    let is_pending = untrack(|| future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    if is_pending {
        leptos::task::spawn_local(future);
    }
}
