//! The values of DOM properties, classes and styles.

use std::borrow::Cow;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::subscribe::write_changes;

/// The value of a DOM property (`prop:value`), or a closure that returns one.
pub trait IntoProperty: Sized {
    /// The value in JavaScript.
    fn into_property(self) -> JsValue;

    /// Sets the property. If the value is a closure, also updates it.
    fn set_property(self, element: &Element, name: &'static str) {
        set_property(element, name, &self.into_property());
    }
}

#[inline(never)]
fn set_property(element: &Element, name: &str, value: &JsValue) {
    // Setting an existing property of an element cannot fail.
    let _ = js_sys::Reflect::set(element, &name.into(), value);
}

#[inline(never)]
fn set_reactive_property(element: &Element, name: &'static str, read: Box<dyn Fn() -> JsValue>) {
    let element = element.clone();
    write_changes(read, Box::new(move |value: &JsValue| set_property(&element, name, value)));
}

impl<F, R> IntoProperty for F
where
    F: Fn() -> R + Send + 'static,
    R: IntoProperty,
{
    fn into_property(self) -> JsValue {
        self().into_property()
    }

    fn set_property(self, element: &Element, name: &'static str) {
        set_reactive_property(element, name, Box::new(move || self().into_property()));
    }
}

impl IntoProperty for bool {
    fn into_property(self) -> JsValue {
        self.into()
    }
}

impl IntoProperty for String {
    fn into_property(self) -> JsValue {
        self.into()
    }
}

impl IntoProperty for &'static str {
    fn into_property(self) -> JsValue {
        self.into()
    }
}

/// The condition of a class (`class:name`): a constant, or a closure that returns it.
pub trait ClassCondition: Sized {
    /// Adds or removes the class. If the condition is a closure, also updates it.
    fn set_class(self, element: &Element, class: &'static str);
}

#[inline(never)]
fn toggle_class(element: &Element, class: &str, is_set: bool) {
    let _ = element.class_list().toggle_with_force(class, is_set);
}

#[inline(never)]
fn toggle_class_reactive(element: &Element, class: &'static str, read: Box<dyn Fn() -> bool>) {
    let element = element.clone();
    write_changes(read, Box::new(move |is_set: &bool| toggle_class(&element, class, *is_set)));
}

impl ClassCondition for bool {
    fn set_class(self, element: &Element, class: &'static str) {
        toggle_class(element, class, self);
    }
}

impl<F: Fn() -> bool + Send + 'static> ClassCondition for F {
    fn set_class(self, element: &Element, class: &'static str) {
        toggle_class_reactive(element, class, Box::new(self));
    }
}

/// The value of a style property (`style:name`), or a closure that returns one.
pub trait StyleValue: Sized {
    /// The text of the style property.
    fn into_style(self) -> Cow<'static, str>;

    /// Sets the style property. If the value is a closure, also updates it.
    fn set_style(self, element: &Element, property: &'static str) {
        set_style(element, property, &self.into_style());
    }
}

#[inline(never)]
fn set_style(element: &Element, property: &str, value: &str) {
    let element: &HtmlElement = element.unchecked_ref();
    let _ = element.style().set_property(property, value);
}

#[inline(never)]
fn set_reactive_style(element: &Element, property: &'static str, read: Box<dyn Fn() -> Cow<'static, str>>) {
    let element = element.clone();
    write_changes(read, Box::new(move |value: &Cow<'static, str>| set_style(&element, property, value)));
}

impl StyleValue for &'static str {
    fn into_style(self) -> Cow<'static, str> {
        Cow::Borrowed(self)
    }
}

impl StyleValue for String {
    fn into_style(self) -> Cow<'static, str> {
        Cow::Owned(self)
    }
}

impl<F, R> StyleValue for F
where
    F: Fn() -> R + Send + 'static,
    R: StyleValue,
{
    fn into_style(self) -> Cow<'static, str> {
        self().into_style()
    }

    fn set_style(self, element: &Element, property: &'static str) {
        set_reactive_style(element, property, Box::new(move || self().into_style()));
    }
}
