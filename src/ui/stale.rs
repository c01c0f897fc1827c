//! A sheet whose content may be out of date.

use super::message;
use crate::prelude::*;

/// States that the backend is unreachable and the shown data is older, and offers a retry.
#[component]
pub fn Stale(
    /// Runs when the member taps the retry button.
    on_retry: Callback<()>,
) -> impl IntoView {
    view! {
        <p class="offline-note" role="status">
            {message(|text| text.offline)}
            <button class="offline-note__retry" type="button" on:click=move |_| on_retry.run(())>
                {message(|text| text.retry)}
            </button>
        </p>
    }
}
