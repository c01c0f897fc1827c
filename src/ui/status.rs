//! A region whose changes screen readers announce.

use crate::prelude::*;

/// Announces its children when they appear. Screen readers announce changes only in an existing region, so the region
/// is always in the document, and its children come and go. While empty, it takes no space.
#[component]
pub fn StatusRegion(
    /// The content, which appears later.
    children: Children,
) -> impl IntoView {
    view! { <div class="status-region" role="status">{children()}</div> }
}
