//! What the arena keeps: the one place where values are found by their type.

use std::{any::Any, cell::RefCell, rc::Rc};

use leptos::{
    prelude::{GetUntracked as _, GetValue as _, LocalStorage, Notify as _, StoredValue as Arena, Track as _},
    reactive::{computed::ArcMemo, signal::ArcTrigger},
};
use send_wrapper::SendWrapper;

/// A value of any type; a `RefCell` of it.
pub(super) type Held = Rc<dyn Any>;
/// What every memo of the graph holds.
pub(super) type Made = SendWrapper<Held>;

/// What the arena keeps for a signal, a memo, a stored value or a callback: it goes with its owner.
#[derive(Clone)]
pub(super) enum Cell {
    Kept(Held),
    Followed(Held, ArcTrigger),
    Made(ArcMemo<Made>),
    Derived(Rc<dyn Fn() -> Held>),
}

pub(super) type Place = Arena<Cell, LocalStorage>;

pub(super) fn held<T: 'static>(value: T) -> Held {
    Rc::new(RefCell::new(value))
}

#[inline(never)]
pub(super) fn placed(cell: Cell) -> Place {
    Arena::new_local(cell)
}

#[inline(never)]
pub(super) fn followed(held: Held) -> Place {
    placed(Cell::Followed(held, ArcTrigger::new()))
}

/// What is at a place, unless its owner is gone. If it is followed, whoever runs now runs again once it changes.
#[inline(never)]
pub(super) fn at(place: Place, follow: bool) -> Option<Held> {
    match place.try_get_value()? {
        Cell::Kept(held) => Some(held),
        Cell::Followed(held, changed) => {
            if follow {
                changed.track();
            }
            Some(held)
        }
        Cell::Made(memo) => {
            if follow {
                memo.track();
            }
            memo.try_get_untracked().map(SendWrapper::take)
        }
        Cell::Derived(derive) if follow => Some(derive()),
        Cell::Derived(derive) => Some(leptos::prelude::untrack(|| derive())),
    }
}

#[inline(never)]
fn has_changed(place: Place) {
    if let Some(Cell::Followed(_, changed)) = place.try_get_value() {
        changed.notify();
    }
}

/// Lets `see` see the value; whether there is one.
#[inline(never)]
fn seen<T: 'static>(place: Place, follow: bool, see: &mut dyn FnMut(&T)) {
    if let Some(held) = at(place, follow)
        && let Some(value) = held.downcast_ref::<RefCell<T>>()
    {
        see(&value.borrow());
    }
}

pub(super) fn read<T: 'static, U>(place: Place, follow: bool, mut read: impl FnMut(&T) -> U) -> Option<U> {
    let mut said = None;
    seen(place, follow, &mut |value| said = Some(read(value)));
    said
}

/// A copy of the value.
#[inline(never)]
pub(super) fn copied<T: Clone + 'static>(place: Place, follow: bool) -> Option<T> {
    Some(at(place, follow)?.downcast_ref::<RefCell<T>>()?.borrow().clone())
}

#[inline(never)]
fn touched<T: 'static>(place: Place, change: &mut dyn FnMut(&mut T)) {
    if let Some(held) = at(place, false)
        && let Some(value) = held.downcast_ref::<RefCell<T>>()
    {
        change(&mut value.borrow_mut());
        // Whoever follows may look at once.
        has_changed(place);
    }
}

pub(super) fn changed<T: 'static, U>(place: Place, change: impl FnOnce(&mut T) -> U) -> Option<U> {
    let (mut change, mut said) = (Some(change), None);
    touched(place, &mut |value| said = change.take().map(|change| change(value)));
    said
}

/// Puts another value in place; gives it back if the owner is gone.
#[inline(never)]
pub(super) fn replaced<T: 'static>(place: Place, value: T) -> Option<T> {
    let Some(held) = at(place, false) else { return Some(value) };
    let Some(cell) = held.downcast_ref::<RefCell<T>>() else { return Some(value) };
    drop(cell.replace(value));
    has_changed(place);
    None
}

/// The end of every call that must not outlive its signal's owner and does.
#[cold]
#[inline(never)]
pub(super) fn gone() -> ! {
    panic!("this signal's owner is gone: ask with a `try_` method")
}

/// The handle on a place that is known to hold a `T`: `Copy` and `Debug`, whatever `T` is.
macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name<T>(pub(super) $crate::reactive::cell::Place, std::marker::PhantomData<fn() -> T>);

        impl<T> $name<T> {
            pub(super) const fn at(place: $crate::reactive::cell::Place) -> Self {
                Self(place, std::marker::PhantomData)
            }
        }

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T> Copy for $name<T> {}

        impl<T> std::fmt::Debug for $name<T> {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(stringify!($name))
            }
        }
    };
}

/// How a signal, a memo or a derived value is read.
macro_rules! readable {
    ($name:ident) => {
        impl<T: 'static> $name<T> {
            /// Runs `read` with the value, unless the owner is gone.
            pub fn try_with<U>(self, read: impl FnMut(&T) -> U) -> Option<U> {
                $crate::reactive::cell::read(self.0, true, read)
            }

            /// The same without following it.
            pub fn try_with_untracked<U>(self, read: impl FnMut(&T) -> U) -> Option<U> {
                $crate::reactive::cell::read(self.0, false, read)
            }

            /// Runs `read` with the value.
            ///
            /// # Panics
            /// If the owner is gone; so do all methods without `try_`.
            pub fn with<U>(self, read: impl FnMut(&T) -> U) -> U {
                self.try_with(read).unwrap_or_else(|| $crate::reactive::cell::gone())
            }

            /// The same without following it.
            pub fn with_untracked<U>(self, read: impl FnMut(&T) -> U) -> U {
                self.try_with_untracked(read).unwrap_or_else(|| $crate::reactive::cell::gone())
            }

            /// Follows the value without using it.
            pub fn track(self) {
                $crate::reactive::cell::at(self.0, true);
            }
        }

        impl<T: Clone + 'static> $name<T> {
            /// The value, unless the owner is gone.
            pub fn try_get(self) -> Option<T> {
                $crate::reactive::cell::copied(self.0, true)
            }

            /// The same without following it.
            pub fn try_get_untracked(self) -> Option<T> {
                $crate::reactive::cell::copied(self.0, false)
            }

            /// The value.
            pub fn get(self) -> T {
                self.try_get().unwrap_or_else(|| $crate::reactive::cell::gone())
            }

            /// The value, without following it.
            pub fn get_untracked(self) -> T {
                self.try_get_untracked().unwrap_or_else(|| $crate::reactive::cell::gone())
            }
        }
    };
}

pub(super) use {handle, readable};
