//! Values that nobody follows.

use std::{cell::RefCell, fmt, marker::PhantomData, rc::Rc};

use super::cell::{Place, at, borrowed, changed, gone, kept};

/// A value that lives as long as its owner, and that nobody follows.
pub struct StoredValue<T>(Place, PhantomData<fn() -> T>);

impl<T> Clone for StoredValue<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for StoredValue<T> {}

impl<T> fmt::Debug for StoredValue<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("StoredValue")
    }
}

impl<T: 'static> StoredValue<T> {
    /// Keeps a value.
    pub fn new(value: T) -> Self {
        Self(kept(Rc::new(RefCell::new(value))), PhantomData)
    }

    /// Runs `read` with the value, unless the owner is gone.
    pub fn try_with_value<U>(self, read: impl FnOnce(&T) -> U) -> Option<U> {
        borrowed(at(self.0), read)
    }

    /// Runs `read` with the value.
    pub fn with_value<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.try_with_value(read).unwrap_or_else(|| gone())
    }

    /// Changes the value, unless the owner is gone.
    pub fn try_update_value<U>(self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        changed(at(self.0), change)
    }

    /// Changes the value.
    pub fn update_value(self, change: impl FnOnce(&mut T)) {
        self.try_update_value(change);
    }

    /// Sets the value; gives it back if the owner is gone.
    pub fn try_set_value(self, value: T) -> Option<T> {
        let mut value = Some(value);
        self.try_update_value(|held| {
            if let Some(value) = value.take() {
                *held = value;
            }
        });
        value
    }

    /// Sets the value.
    pub fn set_value(self, value: T) {
        self.try_set_value(value);
    }
}

impl<T: Clone + 'static> StoredValue<T> {
    /// The value, unless the owner is gone.
    pub fn try_get_value(self) -> Option<T> {
        self.try_with_value(T::clone)
    }

    /// The value.
    pub fn get_value(self) -> T {
        self.with_value(T::clone)
    }
}
