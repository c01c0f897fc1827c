//! What every part of the page is written with: leptos' views and signals, or the subset of them that weighs less. The feature
//! `stock-leptos` is the one line between the two.

#[cfg(feature = "stock-leptos")]
pub use leptos::{ev, html, prelude::*};
#[cfg(not(feature = "stock-leptos"))]
pub use light_leptos::prelude::*;
