//! A sheet whose content may be out of date.

use super::{StatusRegion, message};
use crate::prelude::*;

/// While the data shown is stale, states that the backend is unreachable and offers a retry.
#[component]
pub fn Stale(
    /// Whether the data shown is stale.
    #[prop(into)]
    when: Signal<bool>,
    /// Runs when the member taps the retry button.
    on_retry: Callback<()>,
) -> impl IntoView {
    view! {
        <StatusRegion>
            <Show when=move || when.get()>
                <p class="offline-note">
                    {message(|text| text.offline)}
                    <button class="offline-note__retry" type="button" on:click=move |_| on_retry.run(())>
                        {message(|text| text.retry)}
                    </button>
                </p>
            </Show>
        </StatusRegion>
    }
}
