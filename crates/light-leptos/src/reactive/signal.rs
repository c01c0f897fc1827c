//! Signals that can be read and set, and read-only signals of any source.

use std::rc::Rc;

use leptos::prelude::{LocalStorage, SyncStorage};

use super::{
    Memo,
    cell::{Cell, Derive, erase, handle, readable, store, store_signal, writable},
};

handle! {
    /// A signal that can be read and set. Effects and views that read it subscribe to it.
    RwSignal
}
readable!(RwSignal by ByValue);
writable!(RwSignal);

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal that is disposed with the current owner.
    pub fn new(value: T) -> Self {
        Self::at(store_signal(erase(value)))
    }
}

impl<T: 'static> RwSignal<T, LocalStorage> {
    /// A signal whose value stays on this thread, such as a browser object.
    pub fn new_local(value: T) -> Self {
        Self::at(store_signal(erase(value)))
    }
}

impl<T: Default + Send + Sync + 'static> Default for RwSignal<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T, S> RwSignal<T, S> {
    /// The read half of the signal.
    pub const fn read_only(&self) -> ReadSignal<T, S> {
        ReadSignal::at(self.0)
    }

    /// The write half of the signal.
    pub const fn write_only(&self) -> WriteSignal<T, S> {
        WriteSignal::at(self.0)
    }
}

handle! {
    /// The read half of a signal.
    ReadSignal
}
readable!(ReadSignal by ByValue);

handle! {
    /// The write half of a signal.
    WriteSignal
}
writable!(WriteSignal);

/// Creates a signal and returns its read half and its write half.
pub fn signal<T: Send + Sync + 'static>(value: T) -> (ReadSignal<T>, WriteSignal<T>) {
    let signal = RwSignal::new(value);
    (signal.read_only(), signal.write_only())
}

handle! {
    /// A read-only value: of a signal, of a memo, derived, or constant.
    Signal
}
readable!(Signal by ByValueOrDerived);

fn derived<T: 'static, S>(derive: impl Fn() -> T + 'static) -> Signal<T, S> {
    Signal::at(store(Cell::Derived(Rc::new(Derive(Box::new(derive))))))
}

impl<T: Send + Sync + 'static> Signal<T> {
    /// A value that is recomputed at every read.
    pub fn derive(derive: impl Fn() -> T + Send + Sync + 'static) -> Self {
        derived(derive)
    }

    /// A constant value.
    pub fn stored(value: T) -> Self {
        Self::at(store(Cell::Stored(erase(value))))
    }
}

impl<T: 'static> Signal<T, LocalStorage> {
    /// A value that is recomputed at every read and stays on this thread.
    pub fn derive_local(derive: impl Fn() -> T + 'static) -> Self {
        derived(derive)
    }
}

impl<T, S> From<RwSignal<T, S>> for Signal<T, S> {
    fn from(signal: RwSignal<T, S>) -> Self {
        Self::at(signal.0)
    }
}

impl<T, S> From<ReadSignal<T, S>> for Signal<T, S> {
    fn from(signal: ReadSignal<T, S>) -> Self {
        Self::at(signal.0)
    }
}

impl<T> From<Memo<T>> for Signal<T, SyncStorage> {
    fn from(memo: Memo<T>) -> Self {
        Self::at(memo.0)
    }
}

impl<T: Default + Send + Sync + 'static> Default for Signal<T> {
    fn default() -> Self {
        Self::stored(T::default())
    }
}
