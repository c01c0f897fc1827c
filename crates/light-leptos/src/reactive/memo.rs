//! Memos: values derived from signals and kept until those change.

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
    /// A value derived from signals. It is recomputed when they change, and subscribers are notified if it differs.
    Memo
}
readable!(Memo by ByValue);

/// Computes the value, given the previous one; returns the previous one itself if they count as equal.
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
    /// A memo of what `compute` returns. It is given the previous value.
    pub fn new(compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self
    where
        T: PartialEq,
    {
        Self::new_with_compare(compute, |previous, value| previous != value)
    }

    /// A memo whose subscribers are notified if `changed` says so of the previous value and the new one.
    pub fn new_with_compare(
        compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
        changed: fn(Option<&T>, Option<&T>) -> bool,
    ) -> Self {
        Self::at(store_memo(Box::new(move |previous| recompute(previous, &compute, changed))))
    }
}

/// Computes the value; returns the previous one itself where the new one does not differ.
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
