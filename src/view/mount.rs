//! Puts a view into the document, and takes it away.

use any_spawner::Executor;
use leptos::prelude::Owner;
use web_sys::HtmlElement;

use super::{IntoView, View};

/// A view in the document. Dropping it takes it away with everything that it was made of.
#[must_use = "a view goes when its handle is dropped"]
#[derive(Debug)]
pub struct Mounted {
    root: HtmlElement,
    owner: Owner,
}

/// Builds a view as what is within `root`.
pub fn mount<V: IntoView>(root: HtmlElement, build: impl FnOnce() -> V) -> Mounted {
    mount_boxed(root, |owner| owner.with(|| build().into_any()))
}

fn mount_boxed(root: HtmlElement, build: impl FnOnce(&Owner) -> View) -> Mounted {
    // Fails only if that was done before.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    build(&owner).append_to(&root);
    Mounted { root, owner }
}

impl Mounted {
    /// Leaves it there for as long as the document lives.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.owner.cleanup();
        self.root.replace_children_with_node_0();
    }
}
