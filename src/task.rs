//! Futures that start before the function that begins them returns.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Waker},
};

use wasm_bindgen_futures::spawn_local;

use crate::prelude::*;

/// Polls a future once and spawns the rest of it: a request that it sends is on its way before this returns.
pub fn begin_local(future: impl Future<Output = ()> + 'static) {
    let mut future: Pin<Box<dyn Future<Output = ()>>> = Box::pin(future);
    // The waker does nothing: a pending future is polled again by the executor soon.
    let is_pending = untrack(|| future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    if is_pending {
        spawn_local(future);
    }
}
