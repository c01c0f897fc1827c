//! `<Show>`.

use super::{AnyView, ChildrenFn, IntoView, ViewFn};
use crate::{component, reactive::Memo};

/// Shows its children while a condition is true, and a fallback otherwise. Rebuilds them only when the condition
/// changes.
#[component]
pub fn Show<W>(
    /// The view while the condition is true.
    children: ChildrenFn,
    /// The condition.
    when: W,
    /// The view otherwise.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView
where
    W: Fn() -> bool + Send + Sync + 'static,
{
    show(Box::new(when), children, fallback)
}

#[inline(never)]
fn show(when: Box<dyn Fn() -> bool + Send + Sync>, children: ChildrenFn, fallback: ViewFn) -> AnyView {
    let when = Memo::new(move |_| when());
    (move || if when.get() { children() } else { fallback.run() }).into_any()
}
