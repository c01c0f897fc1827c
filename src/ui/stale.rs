//! A sheet whose content may be out of date.

use super::message;
use crate::prelude::*;

/// Says that the backend is out of reach and what is shown is of before, and offers to try again.
#[component]
pub fn Stale(
    /// Runs when the member asks to try again.
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
