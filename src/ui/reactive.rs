//! Reactive pieces of a view behind one type each. Every closure type that stands in a view brings its own copy of the
//! rendering code with it, a kilobyte or so; boxed, all texts share one copy. On the whole page that is a tenth of
//! the wasm (`docs/architecture.md`, Size).

use std::sync::{Arc, Mutex};

use leptos::{ev::MouseEvent, prelude::*, tachys::reactive_graph::SharedReactiveFunction};

use crate::i18n::Messages;

/// Text or an attribute that follows what it reads.
pub type Text = SharedReactiveFunction<String>;
/// An attribute that may be absent.
pub type MaybeText = SharedReactiveFunction<Option<String>>;
/// A condition that follows what it reads.
pub type Flag = SharedReactiveFunction<bool>;
/// A part of a view that is built anew whenever what it reads changes.
pub type Part = SharedReactiveFunction<AnyView>;
/// What a button does.
pub type Press = Box<dyn FnMut(MouseEvent)>;

/// Text or an attribute.
pub fn text(read: impl Fn() -> String + Send + 'static) -> Text {
    Arc::new(Mutex::new(read))
}

/// An attribute that may be absent.
pub fn maybe_text(read: impl Fn() -> Option<String> + Send + 'static) -> MaybeText {
    Arc::new(Mutex::new(read))
}

/// A message of the page's language.
pub fn message(pick: fn(&'static Messages) -> &'static str) -> Text {
    let language = crate::i18n::use_language();
    text(move || pick(language.text()).to_owned())
}

/// A condition.
pub fn flag(read: impl Fn() -> bool + Send + 'static) -> Flag {
    Arc::new(Mutex::new(read))
}

/// A part of a view. Reads should go through a memo, or everything in it is built anew at every change.
pub fn part(build: impl Fn() -> AnyView + Send + 'static) -> Part {
    Arc::new(Mutex::new(build))
}

/// A part of a view that is there while `condition` holds.
pub fn part_if(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    build: impl Fn() -> AnyView + Send + 'static,
) -> Part {
    let condition = Memo::new(move |_| condition());
    part(move || if condition.get() { build() } else { ().into_any() })
}

/// What a button does.
pub fn press(act: impl Fn() + 'static) -> Press {
    Box::new(move |_| act())
}
