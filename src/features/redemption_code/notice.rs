//! The reason for a missing code, and the actions that restore it.

use std::time::Duration;

use leptos::ev;
use member_domain::UnixMillis;

use crate::{
    clock::use_interval,
    i18n::{Messages, use_language},
    prelude::*,
    ui::message,
};

/// The period for updating the time in the question.
const UPDATE_PERIOD: Duration = Duration::from_secs(5);
/// The period for requesting a code again while the backend is unreachable.
const RETRY_PERIOD: Duration = Duration::from_secs(5);

/// One reason and one action.
#[component]
pub(super) fn Notice(
    /// The reason.
    #[prop(into)]
    why: Signal<String>,
    /// The button's label.
    action: fn(&'static Messages) -> &'static str,
    /// The button's action.
    on_action: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="failure" role="alert">
            <p class="failure__text">{why}</p>
            <button class="button button--primary" type="button" on:click=move |_| on_action.run(())>
                {message(action)}
            </button>
        </div>
    }
}

/// Offline, and this device has no code yet. It tries again by itself, at once when the device is online again.
#[component]
pub(super) fn NeedsNetwork(
    /// Requests a code again.
    on_retry: Callback<()>,
) -> impl IntoView {
    use_interval(RETRY_PERIOD, move || on_retry.run(()));
    let online = window_event_listener(ev::online, move |_| on_retry.run(()));
    on_cleanup(move || online.remove());
    view! {
        <div class="failure code-sheet__alone" role="alert" data-testid="code-needs-network">
            <p class="failure__text">{message(|text| text.code_needs_network)}</p>
            <button class="button" type="button" on:click=move |_| on_retry.run(())>
                {message(|text| text.retry)}
            </button>
        </div>
    }
}

/// A reason without an action, because retrying is useless.
#[component]
pub(super) fn PlainNotice(
    /// The reason.
    why: fn(&'static Messages) -> &'static str,
) -> impl IntoView {
    view! {
        <div class="failure" role="alert">
            <p class="failure__text">{message(why)}</p>
        </div>
    }
}

/// The time is in doubt: the member compares it with another clock, or the backend supplies it.
#[component]
pub(super) fn TimeInDoubt(
    /// The time, if the phone's clock was not set.
    guess: Signal<Option<UnixMillis>>,
    /// Runs when the member confirms the time.
    on_confirm_time: Callback<()>,
    /// Runs when the member requests the time from the backend.
    on_check: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let minute = Trigger::new();
    use_interval(UPDATE_PERIOD, move || minute.notify());
    let question = move || {
        minute.track();
        let guess = guess.get();
        guess.map(|guess| (language.text().time_guess)(&language.formats().day_and_time(guess))).unwrap_or_default()
    };
    view! {
        <div class="failure" role="alert" data-testid="time-in-doubt">
            <p class="failure__text">{message(|text| text.time_doubtful)}</p>
            <p class="failure__question">{question}</p>
            <button class="button button--primary" type="button" on:click=move |_| on_confirm_time.run(())>
                {message(|text| text.time_is_right)}
            </button>
            <button class="button" type="button" on:click=move |_| on_check.run(())>
                {message(|text| text.time_check)}
            </button>
        </div>
    }
}
