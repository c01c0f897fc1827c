//! A panel that could not get its data.

use super::message;
use crate::{api::ApiError, i18n::use_language, prelude::*};

/// Says why a panel is empty and offers to try again. For a panel that never had data; one that had keeps it.
#[component]
pub fn Failure(
    /// What went wrong.
    error: ApiError,
    /// Runs when the member asks to try again.
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
