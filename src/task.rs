//! Futures whose first step runs before the function that starts them returns.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Waker},
};

use wasm_bindgen_futures::spawn_local;

use crate::prelude::*;

/// Polls a future once and spawns the rest. A request in its first step is sent before this function returns.
pub fn begin_local(future: impl Future<Output = ()> + 'static) {
    let mut future: Pin<Box<dyn Future<Output = ()>>> = Box::pin(future);
    // The waker does nothing, because the executor polls a pending future again soon.
    let is_pending = untrack(|| future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    if is_pending {
        spawn_local(future);
    }
}
