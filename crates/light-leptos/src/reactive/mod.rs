//! leptos' signals behind one type each. A signal of leptos has its own copy of the reactive system's code for every type that it
//! holds, two to eight kilobytes each, and the page holds sixty types. Here the graph (leptos' own) sees one kind of signal and one
//! kind of memo, and the value is downcast when it is read.

mod callback;
mod cell;
mod effect;
mod memo;
mod signal;
mod stored;

pub(crate) use self::effect::unsubscribe;
pub use self::{
    callback::Callback,
    effect::Effect,
    memo::Memo,
    signal::{ReadSignal, RwSignal, Signal, WriteSignal, signal},
    stored::StoredValue,
};
