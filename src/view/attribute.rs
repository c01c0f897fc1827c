//! What an attribute or a property can be given.

use leptos::prelude::on_cleanup;
use leptos::reactive::{effect::RenderEffect, graph::ToAnySubscriber};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::{Flag, MaybeText, Text};
use crate::reactive::unfollow;

/// Runs now, and again whenever what it has read changes, until the view is gone.
pub(super) fn follow(run: impl FnMut() + 'static) {
    follow_boxed(Box::new(run));
}

fn follow_boxed(mut run: Box<dyn FnMut()>) {
    let effect = SendWrapper::new(RenderEffect::new(move |_: Option<()>| run()));
    on_cleanup(move || {
        unfollow(&effect.to_any_subscriber());
        drop(effect);
    });
}

/// Writes a text now, and again whenever it has become another: what is written anew without need is work, and interrupts whoever
/// watches, types or selects.
pub(super) fn write(read: Text, write: impl Fn(&str) + 'static) {
    let mut last = None;
    follow(move || {
        let now = read();
        if last.as_ref() != Some(&now) {
            write(&now);
            last = Some(now);
        }
    });
}

/// A text, a text that may be absent, or one that follows what it reads.
pub trait AttributeValue {
    /// Sets it on an element.
    fn set_on(self, element: &Element, name: &'static str);
}

impl AttributeValue for &str {
    fn set_on(self, element: &Element, name: &'static str) {
        let _ = element.set_attribute(name, self);
    }
}

impl AttributeValue for String {
    fn set_on(self, element: &Element, name: &'static str) {
        self.as_str().set_on(element, name);
    }
}

impl<T: AttributeValue> AttributeValue for Option<T> {
    fn set_on(self, element: &Element, name: &'static str) {
        if let Some(value) = self {
            value.set_on(element, name);
        }
    }
}

impl AttributeValue for Text {
    fn set_on(self, element: &Element, name: &'static str) {
        let element = element.clone();
        write(self, move |value| {
            let _ = element.set_attribute(name, value);
        });
    }
}

impl AttributeValue for MaybeText {
    fn set_on(self, element: &Element, name: &'static str) {
        let element = element.clone();
        let mut last = None;
        follow(move || {
            let now = self();
            if last.as_ref() == Some(&now) {
                return;
            }
            let _ = match &now {
                Some(value) => element.set_attribute(name, value),
                None => element.remove_attribute(name),
            };
            last = Some(now);
        });
    }
}

impl AttributeValue for Flag {
    fn set_on(self, element: &Element, name: &'static str) {
        let element = element.clone();
        follow(move || {
            let _ = element.toggle_attribute_with_force(name, self());
        });
    }
}

impl AttributeValue for bool {
    fn set_on(self, element: &Element, name: &'static str) {
        let _ = element.toggle_attribute_with_force(name, self);
    }
}

/// What a property of an element's object can be given.
pub trait PropertyValue {
    /// Sets it on an element.
    fn set_on(self, element: &Element, name: &'static str);
}

fn set(element: &Element, name: &str, value: &JsValue) {
    // Setting a property that an element has cannot fail.
    let _ = js_sys::Reflect::set(element, &name.into(), value);
}

impl PropertyValue for bool {
    fn set_on(self, element: &Element, name: &'static str) {
        set(element, name, &self.into());
    }
}

impl PropertyValue for Text {
    fn set_on(self, element: &Element, name: &'static str) {
        let element = element.clone();
        write(self, move |value| set(&element, name, &value.into()));
    }
}

/// What a class can depend on.
pub trait Condition {
    /// Gives the element the class while it holds.
    fn set_class(self, element: &Element, class: &'static str);
}

impl Condition for bool {
    fn set_class(self, element: &Element, class: &'static str) {
        let _ = element.class_list().toggle_with_force(class, self);
    }
}

impl Condition for Flag {
    fn set_class(self, element: &Element, class: &'static str) {
        let element = element.clone();
        follow(move || self().set_class(&element, class));
    }
}
