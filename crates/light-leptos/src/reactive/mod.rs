//! leptos' signals with one type for the graph. In leptos, each type of value gets its own copy of the reactive
//! system's code, two to eight kilobytes each, and the page has sixty types. Here the graph (leptos' own) has one kind
//! of signal and one kind of memo, and a read downcasts the value.

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
