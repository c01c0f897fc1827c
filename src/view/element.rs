//! An element while it is built.

use leptos::prelude::on_cleanup;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, Node};

use super::{AttributeValue, Condition, IntoView, PropertyValue, View, attribute::write, document};
use crate::reactive::RwSignal;

/// An element that is being built, or one that is: building needs no end.
#[derive(Clone, Debug)]
pub struct Element(web_sys::Element);

impl Element {
    /// An element of HTML.
    ///
    /// # Panics
    /// If `name` is none.
    pub fn new(name: &'static str) -> Self {
        Self(document().create_element(name).expect("views name elements of HTML"))
    }

    /// An element of SVG.
    ///
    /// # Panics
    /// If `name` is none.
    pub fn drawn(name: &'static str) -> Self {
        let element = document().create_element_ns(Some("http://www.w3.org/2000/svg"), name);
        Self(element.expect("views name elements of SVG"))
    }

    /// Sets an attribute, once or whenever what it reads changes.
    pub fn attribute(&self, name: &'static str, value: impl AttributeValue) {
        value.set_on(&self.0, name);
    }

    /// The element has the class while the condition holds.
    pub fn class_while(&self, class: &'static str, condition: impl Condition) {
        condition.set_class(&self.0, class);
    }

    /// Sets a property of the element's style.
    pub fn style(&self, property: &'static str, value: super::Text) {
        let element = self.0.clone();
        write(value, move |value| {
            let element: &web_sys::HtmlElement = element.unchecked_ref();
            let _ = element.style().set_property(property, value);
        });
    }

    /// Sets a property of the element's object, as opposed to an attribute.
    pub fn property(&self, name: &'static str, value: impl PropertyValue) {
        value.set_on(&self.0, name);
    }

    /// Puts a child at the end.
    pub fn child(&self, child: impl IntoView) {
        child.into_any().append_to(&self.0);
    }

    /// Runs the handler at every such event, until the view is gone.
    pub fn on<E: JsCast>(&self, event: &'static str, mut handler: impl FnMut(E) + 'static) {
        self.listen(event, Box::new(move |event: Event| handler(event.unchecked_into())));
    }

    fn listen(&self, name: &'static str, handler: Box<dyn FnMut(Event)>) {
        let listener = Closure::wrap(handler);
        let _ = self.0.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        let listening = SendWrapper::new((self.0.clone(), name, listener));
        // An element on its way out of the document may still have something to say, as `blur`.
        on_cleanup(move || {
            let (element, name, listener) = &*listening;
            let _ = element.remove_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        });
    }

    /// Makes the element known to whoever holds the reference.
    pub fn bind<T: JsCast + Clone + 'static>(&self, reference: NodeRef<T>) {
        reference.set(Some(self.0.clone().unchecked_into()));
    }
}

impl IntoView for Element {
    fn into_any(self) -> View {
        View(Some(Node::from(self.0)))
    }
}

/// A reference to an element: nothing until the view is built.
pub type NodeRef<T> = RwSignal<Option<T>>;

/// Refers to nothing yet.
pub fn node_ref<T: 'static>() -> NodeRef<T> {
    RwSignal::new(None)
}
