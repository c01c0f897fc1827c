//! Why there is no code right now, and the one or two things that bring it back.

use std::time::Duration;

use member_domain::UnixMillis;

use crate::{
    clock::use_interval,
    i18n::{Messages, use_language},
    prelude::*,
    ui::message,
};

/// How often the minute in the question is brought up to date.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// One reason and one way on.
#[component]
pub(super) fn Notice(
    /// What is the matter.
    #[prop(into)]
    why: Signal<String>,
    /// What the button says.
    action: fn(&'static Messages) -> &'static str,
    /// What the button does.
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

/// There is no code and no use in trying again.
#[component]
pub(super) fn Hopeless(
    /// What is the matter.
    why: fn(&'static Messages) -> &'static str,
) -> impl IntoView {
    view! {
        <div class="failure" role="alert">
            <p class="failure__text">{message(why)}</p>
        </div>
    }
}

/// The time is not certain: the member compares it with another clock, or the backend tells it.
#[component]
pub(super) fn TimeInDoubt(
    /// What time it is if the phone's clock has not been set.
    guess: Signal<Option<UnixMillis>>,
    /// Runs when the member says that it is right.
    on_vouch: Callback<()>,
    /// Runs when the member wants the backend asked.
    on_check: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let minute = Trigger::new();
    use_interval(LOOK_AGAIN, move || minute.notify());
    let question = move || {
        minute.track();
        let guess = guess.get();
        guess.map(|guess| (language.text().time_guess)(&language.formats().day_and_time(guess))).unwrap_or_default()
    };
    view! {
        <div class="failure" role="alert" data-testid="time-in-doubt">
            <p class="failure__text">{message(|text| text.time_doubtful)}</p>
            <p class="failure__question">{question}</p>
            <button class="button button--primary" type="button" on:click=move |_| on_vouch.run(())>
                {message(|text| text.time_is_right)}
            </button>
            <button class="button" type="button" on:click=move |_| on_check.run(())>
                {message(|text| text.time_check)}
            </button>
        </div>
    }
}
