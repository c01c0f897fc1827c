//! The construction of an element.

use leptos::{
    ev::EventDescriptor,
    html::{ElementType, HtmlElement},
    prelude::on_cleanup,
};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, Node};

use super::{
    AnyView, AttributeValue, IntoProperty, IntoView, NodeRef, document,
    property::{ClassCondition, StyleValue},
};

/// An element during or after its construction. The macro has checked its name.
#[derive(Clone, Debug)]
pub struct Element(web_sys::Element);

impl Element {
    /// Creates an HTML element.
    ///
    /// # Panics
    /// Never for names that the macro accepts.
    #[inline(never)]
    pub fn html(name: &'static str) -> Self {
        Self(document().create_element(name).expect("the macro takes names of HTML elements only"))
    }

    /// Creates an SVG element.
    ///
    /// # Panics
    /// Never for names that the macro accepts.
    #[inline(never)]
    pub fn svg(name: &'static str) -> Self {
        let element = document().create_element_ns(Some("http://www.w3.org/2000/svg"), name);
        Self(element.expect("the macro takes names of SVG elements only"))
    }

    /// Sets an attribute.
    pub fn attribute(&self, name: &'static str, value: impl AttributeValue) {
        value.set_on(&self.0, name);
    }

    /// Adds a class while a condition is true.
    pub fn class(&self, class: &'static str, condition: impl ClassCondition) {
        condition.set_class(&self.0, class);
    }

    /// Sets a style property.
    pub fn style(&self, property: &'static str, value: impl StyleValue) {
        value.set_style(&self.0, property);
    }

    /// Sets a property of the DOM object.
    pub fn property(&self, name: &'static str, value: impl IntoProperty) {
        value.set_property(&self.0, name);
    }

    /// Appends a child.
    pub fn child(&self, child: impl IntoView) {
        child.into_any().append_to(&self.0);
    }

    /// Adds an event listener. It is removed when the current owner is disposed.
    pub fn on<E>(&self, event: E, mut handler: impl FnMut(E::EventType) + 'static)
    where
        E: EventDescriptor,
        E::EventType: JsCast,
    {
        // The descriptor gives the type of the browser's event object.
        self.listen(&event.name(), Box::new(move |event: Event| handler(event.unchecked_into())));
    }

    #[inline(never)]
    fn listen(&self, name: &str, handler: Box<dyn FnMut(Event)>) {
        let listener = Closure::wrap(handler);
        let _ = self.0.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        let listening = SendWrapper::new((self.0.clone(), name.to_owned(), listener));
        // An element can still fire events, such as `blur`, during its removal.
        on_cleanup(move || {
            let (element, name, listener) = &*listening;
            let _ = element.remove_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        });
    }

    /// Sets a node reference to this element. `_element` is leptos' function for the element's type.
    pub fn node_ref<E: ElementType>(&self, _element: fn() -> HtmlElement<E, (), ()>, reference: NodeRef<E>)
    where
        E::Output: JsCast,
    {
        reference.load(&self.0);
    }
}

impl IntoView for Element {
    fn into_any(self) -> AnyView {
        AnyView(Some(Node::from(self.0)))
    }
}
