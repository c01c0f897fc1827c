//! Values that are made of others.

use std::{any::Any, fmt, marker::PhantomData, rc::Rc};

use leptos::{
    prelude::{Memo as AnyMemo, With as _, WithUntracked as _},
    reactive::owner::SyncStorage,
};
use send_wrapper::SendWrapper;

use super::cell::gone;

/// What every memo of the graph holds.
type Made = SendWrapper<Rc<dyn Any>>;

/// A value made of others, made anew when they change; whoever follows it hears of it only if it differs.
pub struct Memo<T>(AnyMemo<Made, SyncStorage>, PhantomData<fn() -> T>);

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

impl<T> fmt::Debug for Memo<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Memo")
    }
}

type Make = dyn Fn(Option<Rc<dyn Any>>) -> (Rc<dyn Any>, bool);

fn memo(make: Box<Make>) -> AnyMemo<Made, SyncStorage> {
    let make = SendWrapper::new(make);
    AnyMemo::new_owning(move |before: Option<Made>| {
        let (value, is_new) = make(before.map(SendWrapper::take));
        (SendWrapper::new(value), is_new)
    })
}

fn follow(memo: AnyMemo<Made, SyncStorage>) -> Option<Rc<dyn Any>> {
    memo.try_with(|made| Rc::clone(made))
}

fn at(memo: AnyMemo<Made, SyncStorage>) -> Option<Rc<dyn Any>> {
    memo.try_with_untracked(|made| Rc::clone(made))
}

impl<T: 'static> Memo<T> {
    /// A memo of what is not worth comparing: whoever follows it hears each time that it is made.
    pub fn always(make: impl Fn() -> T + 'static) -> Self {
        Self(memo(Box::new(move |_| (Rc::new(make()), true))), PhantomData)
    }
}

impl<T: PartialEq + 'static> Memo<T> {
    /// A memo; `make` is given what it made before.
    pub fn new(make: impl Fn(Option<&T>) -> T + 'static) -> Self {
        let memo = memo(Box::new(move |before| {
            let old = before.as_ref().and_then(|before| before.downcast_ref::<T>());
            let new = make(old);
            let is_new = old != Some(&new);
            match before {
                Some(before) if !is_new => (before, false),
                _ => (Rc::new(new), true),
            }
        }));
        Self(memo, PhantomData)
    }
}

impl<T: 'static> Memo<T> {
    /// Runs `read` with the value, unless the owner is gone.
    pub fn try_with<U>(self, read: impl FnOnce(&T) -> U) -> Option<U> {
        follow(self.0)?.downcast_ref().map(read)
    }

    /// The same without following it.
    pub fn try_with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> Option<U> {
        at(self.0)?.downcast_ref().map(read)
    }

    /// Runs `read` with the value.
    ///
    /// # Panics
    /// If the owner is gone; so do all methods without `try_`.
    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.try_with(read).unwrap_or_else(|| gone())
    }

    /// The same without following it.
    pub fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.try_with_untracked(read).unwrap_or_else(|| gone())
    }

    /// Follows the value. Makes it, if that has not been done: a memo that was never made hears of no change.
    pub fn track(self) {
        follow(self.0);
    }
}

impl<T: Clone + 'static> Memo<T> {
    /// The value, unless the owner is gone.
    pub fn try_get(self) -> Option<T> {
        self.try_with(T::clone)
    }

    /// The same without following it.
    pub fn try_get_untracked(self) -> Option<T> {
        self.try_with_untracked(T::clone)
    }

    /// The value.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value, without following it.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}
