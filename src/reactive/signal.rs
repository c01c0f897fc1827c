//! Values to read, wherever they come from.

use std::{fmt, marker::PhantomData, rc::Rc};

use super::{
    Memo, RwSignal,
    cell::{self, Place, kept},
};

/// A value to read: a signal's, a memo's, or one worked out at every reading.
pub struct Signal<T>(Source<T>);

enum Source<T> {
    Held(RwSignal<T>),
    Made(Memo<T>),
    /// `Rc<dyn Fn() -> T>` in the arena.
    Derived(Place, PhantomData<fn() -> T>),
}

impl<T> Clone for Source<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Source<T> {}

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Signal<T> {}

impl<T> fmt::Debug for Signal<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Signal")
    }
}

type Derive<T> = Box<dyn Fn() -> T>;

impl<T: 'static> Signal<T> {
    /// A value that is worked out whenever it is read.
    pub fn derive(derive: impl Fn() -> T + 'static) -> Self {
        let derive: Derive<T> = Box::new(derive);
        Self(Source::Derived(kept(Rc::new(derive)), PhantomData))
    }

    /// A value that stays.
    pub fn stored(value: T) -> Self {
        RwSignal::new(value).into()
    }

    fn try_read(self, follow: bool, read: &mut dyn FnMut(&T)) -> Option<()> {
        match self.0 {
            Source::Held(signal) if follow => signal.try_with(read),
            Source::Held(signal) => signal.try_with_untracked(read),
            Source::Made(memo) if follow => memo.try_with(read),
            Source::Made(memo) => memo.try_with_untracked(read),
            Source::Derived(place, _) => {
                let held = cell::at(place)?;
                let derive = held.downcast_ref::<Derive<T>>()?;
                read(&if follow { derive() } else { leptos::prelude::untrack(derive) });
                Some(())
            }
        }
    }

    fn reading<U>(self, follow: bool, read: impl FnOnce(&T) -> U) -> Option<U> {
        let (mut read, mut said) = (Some(read), None);
        self.try_read(follow, &mut |value| said = read.take().map(|read| read(value)))?;
        said
    }

    /// Runs `read` with the value, unless the owner is gone.
    pub fn try_with<U>(self, read: impl FnOnce(&T) -> U) -> Option<U> {
        self.reading(true, read)
    }

    /// The same without following it.
    pub fn try_with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> Option<U> {
        self.reading(false, read)
    }

    /// Runs `read` with the value.
    ///
    /// # Panics
    /// If the owner is gone; so do all methods without `try_`.
    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.try_with(read).unwrap_or_else(|| cell::gone())
    }

    /// The same without following it.
    pub fn with_untracked<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.try_with_untracked(read).unwrap_or_else(|| cell::gone())
    }

    /// Follows the value without using it.
    pub fn track(self) {
        self.try_read(true, &mut |_| ());
    }
}

impl<T: Clone + 'static> Signal<T> {
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

impl<T> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self(Source::Held(signal))
    }
}

impl<T> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self(Source::Made(memo))
    }
}

impl<T: Default + 'static> Default for Signal<T> {
    fn default() -> Self {
        Self::stored(T::default())
    }
}
