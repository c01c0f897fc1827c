//! Values without subscribers.

use leptos::prelude::LocalStorage;

use super::cell::{ByValue, Cell, Read as _, disposed, erase, handle, replace, store, update};

handle! {
    /// A value that is disposed with its owner. Reads do not subscribe.
    StoredValue
}

impl<T: Send + Sync + 'static> StoredValue<T> {
    /// Stores a value.
    pub fn new(value: T) -> Self {
        Self::at(store(Cell::Stored(erase(value))))
    }
}

impl<T: 'static> StoredValue<T, LocalStorage> {
    /// Stores a value that stays on this thread.
    pub fn new_local(value: T) -> Self {
        Self::at(store(Cell::Stored(erase(value))))
    }
}

impl<T: 'static, S> StoredValue<T, S> {
    /// Runs `see` with the value, unless the owner is disposed.
    pub fn try_with_value<U>(&self, see: impl FnOnce(&T) -> U) -> Option<U> {
        ByValue::read(self.0, false, see)
    }

    /// Runs `see` with the value.
    ///
    /// # Panics
    /// If the owner is disposed. This applies to all methods without `try_`.
    #[track_caller]
    pub fn with_value<U>(&self, see: impl FnOnce(&T) -> U) -> U {
        match self.try_with_value(see) {
            Some(result) => result,
            None => disposed(),
        }
    }

    /// Changes the value, unless the owner is disposed.
    pub fn try_update_value<U>(&self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        update(self.0, change)
    }

    /// Changes the value.
    pub fn update_value(&self, change: impl FnOnce(&mut T)) {
        self.try_update_value(change);
    }

    /// Replaces the value. Returns the new value if the owner is disposed.
    pub fn try_set_value(&self, value: T) -> Option<T> {
        replace(self.0, value)
    }

    /// Replaces the value.
    pub fn set_value(&self, value: T) {
        self.try_set_value(value);
    }
}

impl<T: Clone + 'static, S> StoredValue<T, S> {
    /// The value, unless the owner is disposed.
    pub fn try_get_value(&self) -> Option<T> {
        ByValue::copy(self.0, false)
    }

    /// The value.
    #[track_caller]
    pub fn get_value(&self) -> T {
        match self.try_get_value() {
            Some(value) => value,
            None => disposed(),
        }
    }
}
