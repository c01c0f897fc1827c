//! The values behind the handles. The graph sees one type of value; a read downcasts it.

use std::{
    any::Any,
    cell::{Ref, RefCell, RefMut},
    rc::Rc,
};

use leptos::{
    prelude::{GetUntracked as _, GetValue as _, LocalStorage, Notify as _, StoredValue as Arena, Track as _, untrack},
    reactive::{computed::ArcMemo, signal::ArcTrigger},
};
use send_wrapper::SendWrapper;

/// A value of any type.
pub(super) type Erased = Rc<RefCell<dyn Any>>;
/// The value of a memo in the graph.
pub(super) type ErasedMemo = SendWrapper<Erased>;
/// The function of a derived signal.
pub(super) struct Derive<T>(pub(super) Box<dyn Fn() -> T>);

/// The content of an arena place. The owner disposes it.
#[derive(Clone)]
pub(super) enum Cell {
    /// A value without subscribers.
    Stored(Erased),
    /// The value of a signal.
    Signal(Erased, ArcTrigger),
    Memo(ArcMemo<ErasedMemo>),
    /// A `Derive<T>`. Only `Signal` reads it.
    Derived(Rc<dyn Any>),
}

pub(super) type Place = Arena<Cell, LocalStorage>;

pub(super) fn erase<T: 'static>(value: T) -> Erased {
    Rc::new(RefCell::new(value))
}

/// Borrows a value of any type. This is one function, so that the wasm contains it once, not once per type.
#[inline(never)]
pub(super) fn borrow(value: &Erased) -> Ref<'_, dyn Any> {
    value.borrow()
}

#[inline(never)]
fn borrow_mut(value: &Erased) -> RefMut<'_, dyn Any> {
    value.borrow_mut()
}

#[inline(never)]
pub(super) fn store(cell: Cell) -> Place {
    Arena::new_local(cell)
}

#[inline(never)]
pub(super) fn store_signal(value: Erased) -> Place {
    store(Cell::Signal(value, ArcTrigger::new()))
}

/// The loaded content of a place.
enum Loaded {
    /// A value.
    Value(Erased),
    /// The function of a derived signal.
    Derived(Rc<dyn Any>),
}

/// Loads the content of a place, unless the owner is disposed. Subscribes the running effect if `subscribe` is set.
#[inline(never)]
fn load(place: Place, subscribe: bool) -> Option<Loaded> {
    match place.try_get_value()? {
        Cell::Stored(value) => Some(Loaded::Value(value)),
        Cell::Signal(value, changed) => {
            if subscribe {
                changed.track();
            }
            Some(Loaded::Value(value))
        }
        Cell::Memo(memo) => {
            if subscribe {
                memo.track();
            }
            memo.try_get_untracked().map(|value| Loaded::Value(value.take()))
        }
        Cell::Derived(function) => Some(Loaded::Derived(function)),
    }
}

/// Loads the value of a place; `None` for a derived signal.
#[inline(never)]
fn load_value(place: Place, subscribe: bool) -> Option<Erased> {
    match load(place, subscribe)? {
        Loaded::Value(value) => Some(value),
        Loaded::Derived(_) => None,
    }
}

#[inline(never)]
fn derive<T: 'static>(function: &dyn Any, subscribe: bool) -> Option<T> {
    let Derive(function) = function.downcast_ref::<Derive<T>>()?;
    Some(if subscribe { function() } else { untrack(function) })
}

#[inline(never)]
fn see<T: 'static>(value: Option<Erased>, see: &mut dyn FnMut(&T)) {
    if let Some(value) = value
        && let Some(value) = borrow(&value).downcast_ref::<T>()
    {
        see(value);
    }
}

#[inline(never)]
fn see_either<T: 'static>(place: Place, subscribe: bool, see: &mut dyn FnMut(&T)) {
    match load(place, subscribe) {
        Some(Loaded::Derived(function)) => {
            if let Some(value) = derive(&*function, subscribe) {
                see(&value);
            }
        }
        Some(Loaded::Value(value)) => self::see(Some(value), see),
        None => {}
    }
}

fn clone<T: Clone + 'static>(value: Option<Erased>) -> Option<T> {
    borrow(&value?).downcast_ref::<T>().cloned()
}

/// The way in which a handle reads its place.
pub(super) trait Read {
    /// Runs `read` with the value, unless the owner is disposed.
    fn read<T: 'static, U>(place: Place, subscribe: bool, read: impl FnOnce(&T) -> U) -> Option<U> {
        let (mut read, mut result) = (Some(read), None);
        see(load_value(place, subscribe), &mut |value| result = read.take().map(|read| read(value)));
        result
    }

    /// A copy of the value, unless the owner is disposed.
    #[inline(never)]
    fn copy<T: Clone + 'static>(place: Place, subscribe: bool) -> Option<T> {
        clone(load_value(place, subscribe))
    }

    /// Subscribes the running effect without using the value.
    fn track<T: 'static>(place: Place) {
        load_value(place, true);
    }
}

/// The way of signals, memos and stored values.
pub(super) struct ByValue;

impl Read for ByValue {}

/// The way of `Signal`, whose value can be derived.
pub(super) struct ByValueOrDerived;

impl Read for ByValueOrDerived {
    fn read<T: 'static, U>(place: Place, subscribe: bool, read: impl FnOnce(&T) -> U) -> Option<U> {
        let (mut read, mut result) = (Some(read), None);
        see_either(place, subscribe, &mut |value| result = read.take().map(|read| read(value)));
        result
    }

    #[inline(never)]
    fn copy<T: Clone + 'static>(place: Place, subscribe: bool) -> Option<T> {
        match load(place, subscribe)? {
            Loaded::Derived(function) => derive(&*function, subscribe),
            Loaded::Value(value) => clone(Some(value)),
        }
    }

    fn track<T: 'static>(place: Place) {
        if let Some(Loaded::Derived(function)) = load(place, true) {
            derive::<T>(&*function, true);
        }
    }
}

#[inline(never)]
pub(super) fn notify(place: Place) {
    if let Some(Cell::Signal(_, changed)) = place.try_get_value() {
        changed.notify();
    }
}

#[inline(never)]
fn change<T: 'static>(place: Place, change: &mut dyn FnMut(&mut T)) {
    let Some(value) = load_value(place, false) else { return };
    let mut borrowed = borrow_mut(&value);
    if let Some(value) = borrowed.downcast_mut::<T>() {
        change(value);
        drop(borrowed);
        notify(place);
    }
}

/// Changes the value and notifies the subscribers, unless the owner is disposed.
pub(super) fn update<T: 'static, U>(place: Place, update: impl FnOnce(&mut T) -> U) -> Option<U> {
    let (mut update, mut result) = (Some(update), None);
    change(place, &mut |value| result = update.take().map(|update| update(value)));
    result
}

/// Replaces the value and notifies the subscribers. Returns the new value if the owner is disposed.
#[inline(never)]
pub(super) fn replace<T: 'static>(place: Place, value: T) -> Option<T> {
    let Some(cell) = load_value(place, false) else { return Some(value) };
    let mut borrowed = borrow_mut(&cell);
    let Some(known) = borrowed.downcast_mut::<T>() else { return Some(value) };
    // Dropped after the borrow has ended, because the drop can read signals.
    let previous = std::mem::replace(known, value);
    drop(borrowed);
    drop(previous);
    notify(place);
    None
}

/// Panics after a read of a disposed value. The panic gives the location of the read.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn disposed() -> ! {
    panic!("this value's owner is disposed: read it with a `try_` method")
}

/// Declares a handle, with the methods that do not depend on the type of the value. As in leptos, `S` says whether the
/// value may be sent to other threads. Nothing else depends on `S`.
macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name<T, S = leptos::prelude::SyncStorage>(
            pub(super) $crate::reactive::cell::Place,
            std::marker::PhantomData<fn() -> (T, S)>,
        );

        impl<T, S> $name<T, S> {
            pub(super) const fn at(place: $crate::reactive::cell::Place) -> Self {
                Self(place, std::marker::PhantomData)
            }
        }

        impl<T, S> Clone for $name<T, S> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T, S> Copy for $name<T, S> {}

        impl<T, S> PartialEq for $name<T, S> {
            /// Whether both handles refer to the same value.
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }

        impl<T, S> Eq for $name<T, S> {}

        impl<T, S> std::fmt::Debug for $name<T, S> {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(stringify!($name))
            }
        }
    };
}

/// Implements the read methods of signals, memos and derived signals.
macro_rules! readable {
    ($name:ident by $read:ident) => {
        impl<T: 'static, S> $name<T, S> {
            /// Runs `read` with the value, unless the owner is disposed.
            pub fn try_with<U>(&self, read: impl FnOnce(&T) -> U) -> Option<U> {
                <$crate::reactive::cell::$read as $crate::reactive::cell::Read>::read(self.0, true, read)
            }

            /// Runs `read` with the value without subscribing to it, unless the owner is disposed.
            pub fn try_with_untracked<U>(&self, read: impl FnOnce(&T) -> U) -> Option<U> {
                <$crate::reactive::cell::$read as $crate::reactive::cell::Read>::read(self.0, false, read)
            }

            /// Runs `read` with the value.
            ///
            /// # Panics
            /// If the owner is disposed. This applies to all methods without `try_`.
            #[track_caller]
            pub fn with<U>(&self, read: impl FnOnce(&T) -> U) -> U {
                match self.try_with(read) {
                    Some(result) => result,
                    None => $crate::reactive::cell::disposed(),
                }
            }

            /// Runs `read` with the value without subscribing to it.
            #[track_caller]
            pub fn with_untracked<U>(&self, read: impl FnOnce(&T) -> U) -> U {
                match self.try_with_untracked(read) {
                    Some(result) => result,
                    None => $crate::reactive::cell::disposed(),
                }
            }

            /// Subscribes to the value without using it.
            pub fn track(&self) {
                <$crate::reactive::cell::$read as $crate::reactive::cell::Read>::track::<T>(self.0);
            }
        }

        impl<T: Clone + 'static, S> $name<T, S> {
            /// The value, unless the owner is disposed.
            pub fn try_get(&self) -> Option<T> {
                <$crate::reactive::cell::$read as $crate::reactive::cell::Read>::copy(self.0, true)
            }

            /// The value without subscribing to it, unless the owner is disposed.
            pub fn try_get_untracked(&self) -> Option<T> {
                <$crate::reactive::cell::$read as $crate::reactive::cell::Read>::copy(self.0, false)
            }

            /// The value.
            #[track_caller]
            pub fn get(&self) -> T {
                match self.try_get() {
                    Some(value) => value,
                    None => $crate::reactive::cell::disposed(),
                }
            }

            /// The value without subscribing to it.
            #[track_caller]
            pub fn get_untracked(&self) -> T {
                match self.try_get_untracked() {
                    Some(value) => value,
                    None => $crate::reactive::cell::disposed(),
                }
            }
        }
    };
}

/// Implements the write methods of signals.
macro_rules! writable {
    ($name:ident) => {
        impl<T: 'static, S> $name<T, S> {
            /// Changes the value and notifies the subscribers, unless the owner is disposed.
            pub fn try_update<U>(&self, update: impl FnOnce(&mut T) -> U) -> Option<U> {
                $crate::reactive::cell::update(self.0, update)
            }

            /// Changes the value and notifies the subscribers.
            pub fn update(&self, update: impl FnOnce(&mut T)) {
                self.try_update(update);
            }

            /// Replaces the value and notifies the subscribers. Returns the value if the owner is disposed.
            pub fn try_set(&self, value: T) -> Option<T> {
                $crate::reactive::cell::replace(self.0, value)
            }

            /// Replaces the value and notifies the subscribers.
            pub fn set(&self, value: T) {
                self.try_set(value);
            }

            /// Notifies the subscribers without changing the value.
            pub fn notify(&self) {
                $crate::reactive::cell::notify(self.0);
            }
        }
    };
}

pub(super) use {handle, readable, writable};
