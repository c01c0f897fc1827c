//! Memos: values that are derived from signals and cached.

use std::rc::Rc;

use leptos::{
    prelude::on_cleanup,
    reactive::{computed::ArcMemo, graph::ToAnySubscriber},
};
use send_wrapper::SendWrapper;

use super::{
    cell::{Cell, Erased, ErasedMemo, Place, borrow, erase, handle, readable, store},
    effect::unsubscribe,
};

handle! {
    /// A value that is derived from signals. It is recomputed when they change. Subscribers are notified if the value
    /// differs.
    Memo
}
readable!(Memo by ByValue);

/// Computes the value from the previous one. Returns the same `Rc` if the two count as equal.
type Compute = dyn Fn(Option<Erased>) -> Erased;

#[inline(never)]
fn store_memo(compute: Box<Compute>) -> Place {
    let compute = SendWrapper::new(compute);
    let memo = ArcMemo::new_owning(move |previous: Option<ErasedMemo>| {
        let previous = previous.map(SendWrapper::take);
        let value = compute(previous.clone());
        let differs = previous.is_none_or(|previous| !Rc::ptr_eq(&previous, &value));
        (SendWrapper::new(value), differs)
    });
    let subscriber = memo.to_any_subscriber();
    on_cleanup(move || unsubscribe(&subscriber));
    store(Cell::Memo(memo))
}

impl<T: Send + Sync + 'static> Memo<T> {
    /// A memo with the result of `compute`, which receives the previous value.
    pub fn new(compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self
    where
        T: PartialEq,
    {
        Self::new_with_compare(compute, |previous, value| previous != value)
    }

    /// A memo that notifies its subscribers if `changed` returns true for the previous and the new value.
    pub fn new_with_compare(
        compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
        changed: fn(Option<&T>, Option<&T>) -> bool,
    ) -> Self {
        Self::at(store_memo(Box::new(move |previous| recompute(previous, &compute, changed))))
    }
}

/// Computes the value. Returns the previous `Rc` if the new value does not differ.
#[inline(never)]
fn recompute<T: 'static>(
    previous: Option<Erased>,
    compute: &dyn Fn(Option<&T>) -> T,
    changed: fn(Option<&T>, Option<&T>) -> bool,
) -> Erased {
    let borrowed = previous.as_ref().map(borrow);
    let known = borrowed.as_deref().and_then(|known| known.downcast_ref::<T>());
    let value = compute(known);
    let differs = changed(known, Some(&value));
    drop(borrowed);
    match previous {
        Some(previous) if !differs => previous,
        _ => erase(value),
    }
}
