//! Elements without text: shapes, and placeholder rows for loading content.

use crate::prelude::*;

/// A decorative element.
pub fn blank(class: &'static str) -> AnyView {
    view! { <i class=class></i> }.into_any()
}

/// Placeholder rows.
pub fn blank_rows(class: &'static str, rows: usize) -> AnyView {
    let rows: Vec<AnyView> = (0..rows).map(|_| view! { <i></i> }.into_any()).collect();
    view! { <div class=class>{rows}</div> }.into_any()
}
