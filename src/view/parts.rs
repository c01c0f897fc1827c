//! What in a view follows what it reads, behind one type each.

use std::rc::Rc;

use leptos::ev::MouseEvent;

use super::View;
use crate::reactive::Memo;

/// Text or an attribute that follows what it reads.
pub type Text = Rc<dyn Fn() -> String>;
/// An attribute that may be absent.
pub type MaybeText = Rc<dyn Fn() -> Option<String>>;
/// A condition that follows what it reads.
pub type Flag = Rc<dyn Fn() -> bool>;
/// A part of a view that is built anew whenever what it reads changes.
pub type Part = Rc<dyn Fn() -> View>;
/// What a button does.
pub type Press = Box<dyn FnMut(MouseEvent)>;

/// Text or an attribute.
pub fn text(read: impl Fn() -> String + 'static) -> Text {
    Rc::new(read)
}

/// An attribute that may be absent.
pub fn maybe_text(read: impl Fn() -> Option<String> + 'static) -> MaybeText {
    Rc::new(read)
}

/// A condition.
pub fn flag(read: impl Fn() -> bool + 'static) -> Flag {
    Rc::new(read)
}

/// A part of a view. Reads should go through a memo, or everything in it is built anew at every change.
pub fn part(build: impl Fn() -> View + 'static) -> Part {
    Rc::new(build)
}

/// A part of a view that is there while `condition` holds.
pub fn part_if(condition: impl Fn() -> bool + 'static, build: impl Fn() -> View + 'static) -> Part {
    let condition = Memo::new(condition);
    let build: Part = Rc::new(build);
    part(move || if condition.get() { build() } else { View::nothing() })
}

/// What a button does.
pub fn press(act: impl Fn() + 'static) -> Press {
    Box::new(move |_| act())
}
