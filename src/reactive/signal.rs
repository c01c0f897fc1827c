//! Values that can be set and are followed, and values to read, wherever they come from.

use super::{
    Memo,
    cell::{Cell, changed, followed, handle, held, placed, readable, replaced},
};
use std::rc::Rc;

handle! {
    /// A value that can be set, and that whoever reads it follows.
    RwSignal
}
readable!(RwSignal);

impl<T: 'static> RwSignal<T> {
    /// A signal that holds `value` until it is set, as long as the current owner lives.
    pub fn new(value: T) -> Self {
        Self::at(followed(held(value)))
    }

    /// Changes the value and tells whoever follows it, unless the owner is gone.
    pub fn try_update<U>(self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        changed(self.0, change)
    }

    /// Changes the value and tells whoever follows it.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.try_update(change);
    }

    /// Sets the value; gives it back if the owner is gone.
    pub fn try_set(self, value: T) -> Option<T> {
        replaced(self.0, value)
    }

    /// Sets the value.
    pub fn set(self, value: T) {
        self.try_set(value);
    }
}

impl<T: Default + 'static> Default for RwSignal<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

handle! {
    /// A value to read: a signal's, a memo's, or one worked out at every reading.
    Signal
}
readable!(Signal);

impl<T: 'static> Signal<T> {
    /// A value that is worked out whenever it is read.
    pub fn derive(derive: impl Fn() -> T + 'static) -> Self {
        Self::at(placed(Cell::Derived(Rc::new(move || held(derive())))))
    }

    /// A value that stays.
    pub fn stored(value: T) -> Self {
        Self::at(placed(Cell::Kept(held(value))))
    }
}

impl<T> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self::at(signal.0)
    }
}

impl<T> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::at(memo.0)
    }
}

impl<T: Default + 'static> Default for Signal<T> {
    fn default() -> Self {
        Self::stored(T::default())
    }
}
