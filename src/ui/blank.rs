//! Elements that say nothing and never change: what draws a shape, and rows that hold the place of what is still loading.

use crate::prelude::*;

/// An element for its look alone.
pub fn blank(class: &'static str) -> AnyView {
    view! { <i class=class></i> }.into_any()
}

/// Empty rows that hold a place.
pub fn blank_rows(class: &'static str, rows: usize) -> AnyView {
    let rows: Vec<AnyView> = (0..rows).map(|_| view! { <i></i> }.into_any()).collect();
    view! { <div class=class>{rows}</div> }.into_any()
}
