//! Views as arguments of components.

use std::sync::Arc;

use super::{AnyView, IntoView};

/// The children of a component that builds them at most once.
pub type Children = Box<dyn FnOnce() -> AnyView + Send>;

/// The children of a component that can build them several times.
pub type ChildrenFn = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// The conversion of the nodes between a component's tags. The macro calls it.
pub trait ToChildren<F> {
    /// Boxes the function that builds the children.
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

/// A view as a prop. It is built at every use; the default is empty.
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
