//! Values that can be set and are followed.

use std::{any::Any, cell::RefCell, fmt, marker::PhantomData, rc::Rc};

use leptos::{
    prelude::{GetValue as _, LocalStorage, Notify as _, StoredValue as Arena, Track as _},
    reactive::signal::ArcTrigger,
};

/// What the arena keeps for a signal, a stored value or a callback: it goes with its owner.
#[derive(Clone)]
pub(super) struct Cell {
    held: Rc<dyn Any>,
    changed: Option<ArcTrigger>,
}

pub(super) type Place = Arena<Cell, LocalStorage>;

pub(super) fn followed(held: Rc<dyn Any>) -> Place {
    Arena::new_local(Cell { held, changed: Some(ArcTrigger::new()) })
}

pub(super) fn kept(held: Rc<dyn Any>) -> Place {
    Arena::new_local(Cell { held, changed: None })
}

/// What is at a place, unless its owner is gone.
pub(super) fn at(place: Place) -> Option<Rc<dyn Any>> {
    place.try_get_value().map(|cell| cell.held)
}

/// The same, and whoever runs now runs again once it changes.
pub(super) fn follow(place: Place) -> Option<Rc<dyn Any>> {
    let cell = place.try_get_value()?;
    if let Some(changed) = cell.changed {
        changed.track();
    }
    Some(cell.held)
}

fn has_changed(place: Place) {
    if let Some(changed) = place.try_get_value().and_then(|cell| cell.changed) {
        changed.notify();
    }
}

pub(super) fn borrowed<T: 'static, U>(held: Option<Rc<dyn Any>>, read: impl FnOnce(&T) -> U) -> Option<U> {
    let held = held?;
    let value = held.downcast_ref::<RefCell<T>>()?.borrow();
    Some(read(&value))
}

pub(super) fn changed<T: 'static, U>(held: Option<Rc<dyn Any>>, change: impl FnOnce(&mut T) -> U) -> Option<U> {
    let held = held?;
    let mut value = held.downcast_ref::<RefCell<T>>()?.borrow_mut();
    Some(change(&mut value))
}

/// The message of every panic about a signal that outlived its owner.
#[cold]
pub(super) fn gone() -> ! {
    panic!("this signal's owner is gone: ask with a `try_` method")
}

/// A value that can be set, and that whoever reads it follows.
pub struct RwSignal<T>(pub(super) Place, PhantomData<fn() -> T>);

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RwSignal<T> {}

impl<T> fmt::Debug for RwSignal<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RwSignal")
    }
}

impl<T: 'static> RwSignal<T> {
    /// A signal that holds `value` until it is set, as long as the current owner lives.
    pub fn new(value: T) -> Self {
        Self(followed(Rc::new(RefCell::new(value))), PhantomData)
    }

    /// Runs `read` with the value, unless the owner is gone.
    pub fn try_with<U>(self, read: impl FnOnce(&T) -> U) -> Option<U> {
        borrowed(follow(self.0), read)
    }

    /// The same without following it.
    pub fn try_with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> Option<U> {
        borrowed(at(self.0), read)
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

    /// Follows the value without reading it.
    pub fn track(self) {
        follow(self.0);
    }

    /// Changes the value and tells whoever follows it, unless the owner is gone.
    pub fn try_update<U>(self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        let done = changed(at(self.0), change)?;
        has_changed(self.0);
        Some(done)
    }

    /// Changes the value and tells whoever follows it.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.try_update(change);
    }

    /// Sets the value; gives it back if the owner is gone.
    pub fn try_set(self, value: T) -> Option<T> {
        let mut value = Some(value);
        self.try_update(|held| {
            if let Some(value) = value.take() {
                *held = value;
            }
        });
        value
    }

    /// Sets the value.
    pub fn set(self, value: T) {
        self.try_set(value);
    }
}

impl<T: Clone + 'static> RwSignal<T> {
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

impl<T: Default + 'static> Default for RwSignal<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}
