//! A panel whose data failed to load.

use super::message;
use crate::{api::ApiError, i18n::use_language, prelude::*};

/// States why a panel is empty and offers a retry. Only for a panel that never had data. A panel with data
/// keeps it.
#[component]
pub fn Failure(
    /// The error.
    error: ApiError,
    /// Runs when the member taps the retry button.
    on_retry: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    view! {
        <div class="failure" role="alert">
            <p class="failure__text">{move || (language.text().failure)(error).to_owned()}</p>
            <button class="button" type="button" on:click=move |_| on_retry.run(())>
                {message(|text| text.retry)}
            </button>
        </div>
    }
}
