//! The prelude of all views: leptos' views and signals, or the smaller subset `light-leptos`. The feature
//! `stock-leptos` selects between them.

#[cfg(feature = "stock-leptos")]
pub use leptos::{ev, html, prelude::*};
#[cfg(not(feature = "stock-leptos"))]
pub use light_leptos::prelude::*;
