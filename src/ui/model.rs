//! Two-way binding under one name.

use crate::prelude::*;

/// A value that a component both shows and changes, in the hands of whoever made it. Props go one way: a signal in, a callback out.
/// This is for the few values that would need both at every level, such as what the member asks of a list.
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
    /// With this value at first, for as long as the owner lives.
    pub fn new(value: T) -> Self {
        Self(RwSignal::new(value))
    }

    /// The value. Reactive.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.0.get()
    }

    /// Looks at the value. Reactive.
    pub fn with<U>(self, see: impl FnOnce(&T) -> U) -> U {
        self.0.with(see)
    }

    /// Looks at the value once.
    pub fn with_untracked<U>(self, see: impl FnOnce(&T) -> U) -> U {
        self.0.with_untracked(see)
    }

    /// Puts another in its place, unless its owner is gone.
    pub fn set(self, value: T) {
        let _ = self.0.try_set(value);
    }

    /// Changes the value, unless its owner is gone.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        let _ = self.0.try_update(change);
    }
}
