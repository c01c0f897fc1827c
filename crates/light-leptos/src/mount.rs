//! Mounts a view into the document and unmounts it.

use any_spawner::Executor;
use leptos::prelude::Owner;
use web_sys::HtmlElement;

use crate::view::{AnyView, IntoView};

/// A mounted view. Dropping the handle disposes the view's owner and removes the view.
#[must_use = "the view is removed when its handle is dropped"]
#[derive(Debug)]
pub struct UnmountHandle {
    parent: HtmlElement,
    owner: Owner,
}

/// Builds a view with its own owner and appends it to `parent`. `parent` must contain nothing else.
pub fn mount_to<V: IntoView>(parent: HtmlElement, view: impl FnOnce() -> V + 'static) -> UnmountHandle {
    mount_built(parent, |owner| owner.with(|| view().into_any()))
}

fn mount_built(parent: HtmlElement, build: impl FnOnce(&Owner) -> AnyView) -> UnmountHandle {
    // An error means that the executor is already set.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    build(&owner).append_to(&parent);
    UnmountHandle { parent, owner }
}

impl UnmountHandle {
    /// Keeps the view mounted for as long as the document lives.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for UnmountHandle {
    fn drop(&mut self) {
        self.owner.cleanup();
        self.parent.replace_children_with_node_0();
    }
}
