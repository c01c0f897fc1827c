//! `<Show>`.

use super::{AnyView, ChildrenFn, IntoView, ViewFn};
use crate::{component, reactive::Memo};

/// Shows its children while a condition holds, and a fallback otherwise. Neither is rebuilt while the condition stays the same.
#[component]
pub fn Show<W>(
    /// What is shown while the condition holds.
    children: ChildrenFn,
    /// The condition.
    when: W,
    /// What is shown otherwise.
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
