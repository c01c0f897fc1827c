//! Views: elements, texts, closures, lists and components. They are built once, and effects update them.

mod attribute;
mod child;
mod children;
mod component;
mod element;
pub mod events;
mod keyed;
mod node_ref;
mod property;
mod show;
mod subscribe;

use wasm_bindgen::JsCast;
use web_sys::Node;

pub use self::{
    attribute::AttributeValue,
    child::{CollectView, IntoView},
    children::{Children, ChildrenFn, ToChildren, ViewFn},
    component::build_component,
    element::Element,
    keyed::{For, ForProps},
    node_ref::NodeRef,
    property::IntoProperty,
    show::{Show, ShowProps},
};

/// A built view: one node, several in a fragment, or none.
#[derive(Debug, Default)]
pub struct AnyView(Option<Node>);

impl AnyView {
    /// A view without nodes.
    pub(crate) const fn empty() -> Self {
        Self(None)
    }

    /// A view of several views in sequence.
    pub fn of(views: impl IntoIterator<Item = Self>) -> Self {
        let fragment = document().create_document_fragment();
        for view in views {
            view.append_to(&fragment);
        }
        Self(Some(fragment.unchecked_into()))
    }

    pub(crate) fn append_to(self, parent: &Node) {
        if let Some(node) = self.0 {
            let _ = parent.append_child(&node);
        }
    }
}

fn document() -> web_sys::Document {
    leptos::prelude::document()
}
