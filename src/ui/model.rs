//! Two-way binding under one name.

use crate::prelude::*;

/// A value that a component both shows and changes; its creator owns it. Props are otherwise one-way: a
/// signal in, a callback out. A model is for the few values that would need both at every level, such as the
/// list's query.
pub struct Model<T: 'static>(RwSignal<T>);

impl<T> Clone for Model<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Model<T> {}

impl<T> From<RwSignal<T>> for Model<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self(signal)
    }
}

impl<T: Send + Sync + 'static> Model<T> {
    /// A model with this initial value. It lives as long as the owner.
    pub fn new(value: T) -> Self {
        Self(RwSignal::new(value))
    }

    /// The value; reactive.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.0.get()
    }

    /// Reads the value by reference; reactive.
    pub fn with<U>(self, see: impl FnOnce(&T) -> U) -> U {
        self.0.with(see)
    }

    /// Reads the value by reference; not reactive.
    pub fn with_untracked<U>(self, see: impl FnOnce(&T) -> U) -> U {
        self.0.with_untracked(see)
    }

    /// Replaces the value, unless its owner is disposed.
    pub fn set(self, value: T) {
        let _ = self.0.try_set(value);
    }

    /// Changes the value, unless its owner is disposed.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        let _ = self.0.try_update(change);
    }
}
