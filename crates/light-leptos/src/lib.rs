#![doc = include_str!("../README.md")]

pub mod mount;
pub mod prelude;
mod reactive;
mod view;

pub use light_leptos_macro::{component, view};

/// The paths that the macros generate. Not for direct use.
#[doc(hidden)]
pub mod macro_support {
    pub use leptos::{component::component_props_builder, html, svg};

    pub use crate::view::{Element, build_component, events as ev};
}
