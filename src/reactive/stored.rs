//! Values that nobody follows.

use super::cell::{Cell, changed, copied, gone, handle, held, placed, read, replaced};

handle! {
    /// A value that lives as long as its owner, and that nobody follows.
    StoredValue
}

impl<T: 'static> StoredValue<T> {
    /// Keeps a value.
    pub fn new(value: T) -> Self {
        Self::at(placed(Cell::Kept(held(value))))
    }

    /// Runs `see` with the value, unless the owner is gone.
    pub fn try_with_value<U>(self, see: impl FnMut(&T) -> U) -> Option<U> {
        read(self.0, false, see)
    }

    /// Runs `see` with the value.
    ///
    /// # Panics
    /// If the owner is gone; so do all methods without `try_`.
    pub fn with_value<U>(self, see: impl FnMut(&T) -> U) -> U {
        self.try_with_value(see).unwrap_or_else(|| gone())
    }

    /// Changes the value, unless the owner is gone.
    pub fn try_update_value<U>(self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        changed(self.0, change)
    }

    /// Changes the value.
    pub fn update_value(self, change: impl FnOnce(&mut T)) {
        self.try_update_value(change);
    }

    /// Sets the value; gives it back if the owner is gone.
    pub fn try_set_value(self, value: T) -> Option<T> {
        replaced(self.0, value)
    }

    /// Sets the value.
    pub fn set_value(self, value: T) {
        self.try_set_value(value);
    }
}

impl<T: Clone + 'static> StoredValue<T> {
    /// The value, unless the owner is gone.
    pub fn try_get_value(self) -> Option<T> {
        copied(self.0, false)
    }

    /// The value.
    pub fn get_value(self) -> T {
        self.try_get_value().unwrap_or_else(|| gone())
    }
}
