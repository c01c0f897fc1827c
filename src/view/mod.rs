//! How views become elements of the document. `view!` reads like leptos', and leptos' signals drive it, but all elements,
//! texts and parts are of one type each: leptos' own rendering makes code for every element, which with that for every signal
//! was half of the wasm (`docs/architecture.md`, Size).
//!
//! A view is built once. What changes afterwards is bound to what it reads: a text, an attribute, or a part between two
//! marks in the document.

mod attribute;
mod child;
mod element;
mod keyed;
mod mount;
mod parts;

use leptos::{component::ComponentConstructor, prelude::untrack};
pub use member_view_macro::{component, view};
use wasm_bindgen::JsCast;
use web_sys::Node;

pub use self::{
    attribute::{AttributeValue, Condition, PropertyValue},
    child::{CollectView, IntoView},
    element::{Element, NodeRef, node_ref},
    keyed::{For, ForProps},
    mount::{Mounted, mount},
    parts::{Flag, MaybeText, Part, Press, Text, flag, maybe_text, part, part_if, press, text},
};

/// A built piece of the page: a node, several in a fragment, or nothing.
#[derive(Debug, Default)]
pub struct View(Option<Node>);

impl View {
    /// No node at all.
    pub const fn nothing() -> Self {
        Self(None)
    }

    /// Several beside each other.
    pub fn of(views: impl IntoIterator<Item = Self>) -> Self {
        let fragment = document().create_document_fragment();
        for view in views {
            view.append_to(&fragment);
        }
        Self(Some(fragment.unchecked_into()))
    }

    /// What stands within an element of the document now; it leaves that.
    pub fn taken_from(element: &Node) -> Self {
        let fragment = document().create_document_fragment();
        while let Some(node) = element.first_child() {
            let _ = fragment.append_child(&node);
        }
        Self(Some(fragment.unchecked_into()))
    }

    fn append_to(self, parent: &Node) {
        if let Some(node) = self.0 {
            let _ = parent.append_child(&node);
        }
    }
}

fn document() -> web_sys::Document {
    leptos::prelude::document()
}

/// What a component builds from its properties. Whatever builds it does not follow what it reads meanwhile.
pub fn built<P, V>(component: impl ComponentConstructor<P, V>, properties: P) -> V {
    untrack(|| component.construct(properties))
}
