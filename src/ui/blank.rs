//! Elements that say nothing and never change. Functions and not literals in a view: of a literal leptos would make HTML text
//! for the browser to parse, and the page's policy (`require-trusted-types-for 'script'`) lets no text become HTML.

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
