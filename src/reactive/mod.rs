//! leptos' signals behind one type each. A signal of leptos brings its own copy of the reactive system for every type that it
//! holds, two to eight kilobytes each, and the page holds sixty types. Here the graph sees one kind of cell and one kind of
//! memo; what they hold is found by its type when it is read. Names and behaviour are those of leptos, but for `Memo::new`, whose
//! function takes nothing.

mod callback;
mod cell;
mod effect;
mod memo;
mod signal;
mod stored;

pub(crate) use self::effect::unfollow;
pub use self::{
    callback::Callback,
    effect::{Effect, begin_local, spawn_local},
    memo::Memo,
    signal::{RwSignal, Signal},
    stored::StoredValue,
};
