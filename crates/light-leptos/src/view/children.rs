//! Views that are passed to a component.

use std::sync::Arc;

use super::{AnyView, IntoView};

/// The children of a component that builds them once.
pub type Children = Box<dyn FnOnce() -> AnyView + Send>;

/// The children of a component that may build them several times.
pub type ChildrenFn = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// How the macro passes the nodes between a component's tags.
pub trait ToChildren<F> {
    /// Boxes the function that builds them.
    fn to_children(build: F) -> Self;
}

impl<F: FnOnce() -> V + Send + 'static, V: IntoView> ToChildren<F> for Children {
    fn to_children(build: F) -> Self {
        Box::new(move || build().into_any())
    }
}

impl<F: Fn() -> V + Send + Sync + 'static, V: IntoView> ToChildren<F> for ChildrenFn {
    fn to_children(build: F) -> Self {
        Arc::new(move || build().into_any())
    }
}

/// A view as a prop, built whenever it is needed; empty by default.
pub struct ViewFn(ChildrenFn);

impl ViewFn {
    /// Builds the view.
    pub fn run(&self) -> AnyView {
        (self.0)()
    }
}

impl Default for ViewFn {
    fn default() -> Self {
        Self(Arc::new(AnyView::empty))
    }
}

impl<F: Fn() -> V + Send + Sync + 'static, V: IntoView> From<F> for ViewFn {
    fn from(build: F) -> Self {
        Self(Arc::new(move || build().into_any()))
    }
}
