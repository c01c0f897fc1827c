//! The call of a component.

use leptos::{component::ComponentConstructor, prelude::untrack};

/// Calls a component with its props. The surrounding effect does not subscribe to the signals that the component reads.
pub fn build_component<P, V>(component: impl ComponentConstructor<P, V>, props: P) -> V {
    untrack(|| component.construct(props))
}
