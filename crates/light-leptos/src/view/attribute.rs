//! The values of attributes.

use std::borrow::Cow;

use web_sys::Element;

use super::subscribe::write_changes;
use crate::reactive::{Memo, ReadSignal, RwSignal, Signal};

/// The text of an attribute; `None` if the attribute is absent.
type Text = Option<Cow<'static, str>>;

/// The value of an attribute, or a closure that returns one. The closure re-runs when a signal that it read changes.
pub trait AttributeValue: Sized {
    /// The attribute's text; `None` if the attribute is absent.
    fn into_attribute(self) -> Text;

    /// Sets the attribute. If the value is a closure, also updates it.
    fn set_on(self, element: &Element, name: &'static str) {
        set(element, name, self.into_attribute().as_deref());
    }
}

#[inline(never)]
fn set(element: &Element, name: &str, value: Option<&str>) {
    // Setting an attribute fails only for an invalid name, and the macro accepts no such name.
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

#[inline(never)]
fn set_reactive(element: &Element, name: &'static str, read: Box<dyn Fn() -> Text>) {
    let element = element.clone();
    write_changes(read, Box::new(move |value: &Text| set(&element, name, value.as_deref())));
}

impl<F, R> AttributeValue for F
where
    F: Fn() -> R + Send + 'static,
    R: AttributeValue,
{
    fn into_attribute(self) -> Text {
        self().into_attribute()
    }

    fn set_on(self, element: &Element, name: &'static str) {
        set_reactive(element, name, Box::new(move || self().into_attribute()));
    }
}

macro_rules! signals {
    ($($signal:ident),*) => {
        $(impl<V: AttributeValue + Clone + 'static, S: 'static> AttributeValue for $signal<V, S> {
            fn into_attribute(self) -> Text {
                self.get().into_attribute()
            }

            fn set_on(self, element: &Element, name: &'static str) {
                (move || self.get()).set_on(element, name);
            }
        })*
    };
}
signals!(RwSignal, ReadSignal, Signal, Memo);

impl AttributeValue for &'static str {
    fn into_attribute(self) -> Text {
        Some(Cow::Borrowed(self))
    }
}

impl AttributeValue for String {
    fn into_attribute(self) -> Text {
        Some(Cow::Owned(self))
    }
}

impl AttributeValue for bool {
    /// `true` gives an empty attribute, `false` gives none.
    fn into_attribute(self) -> Text {
        self.then_some(Cow::Borrowed(""))
    }
}

impl<T: AttributeValue> AttributeValue for Option<T> {
    fn into_attribute(self) -> Text {
        self.and_then(T::into_attribute)
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl AttributeValue for $number {
            fn into_attribute(self) -> Text {
                Some(Cow::Owned(self.to_string()))
            }
        })*
    };
}
numbers!(u8, u16, u32, u64, usize, i32, i64, f64);
