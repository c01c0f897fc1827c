//! Signing up for an event, joining its waiting list, and cancelling either.

use member_domain::{
    UnixMillis,
    wire::{MemberEvent, SignUpState},
};

use super::SignUpStep;
use crate::{
    host::{Host, use_host},
    i18n::{Messages, use_language},
    prelude::*,
    ui::{message, restore_focus},
};

/// The member's current choice for an event.
#[derive(Clone, Copy, PartialEq)]
enum Choice {
    Nothing,
    SignUp,
    JoinWaiting,
    /// Cancels the seat or the place on the waiting list.
    Cancel(SignUpState),
    /// Asks for confirmation before cancelling.
    Confirm(SignUpState),
}

/// The buttons at the foot of an event's sheet, and the outcome of the last request.
#[component]
pub(super) fn Places(
    /// The event.
    event: Memo<Option<MemberEvent>>,
    /// The current instant.
    now: Signal<Option<UnixMillis>>,
    /// State of the last request.
    step: Signal<SignUpStep>,
    /// Runs when the member signs up.
    on_sign_up: Callback<()>,
    /// Runs when the member cancels.
    on_cancel: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let confirming = RwSignal::new(false);
    let has_begun = Memo::new(move |_| {
        event.with(|event| event.as_ref().zip(now.get()).is_some_and(|(e, now)| e.starts_at <= now))
    });
    let choice = Memo::new(move |_| {
        event.with(|event| match event {
            Some(event) if !has_begun.get() => match event.sign_up.state {
                SignUpState::None if event.seats_left > 0 => Choice::SignUp,
                SignUpState::None => Choice::JoinWaiting,
                state if confirming.get() => Choice::Confirm(state),
                state => Choice::Cancel(state),
            },
            _ => Choice::Nothing,
        })
    });
    let host = use_host();
    // The pressed button is replaced by others. The focus moves to the first one, which changes nothing.
    Effect::new(move |before: Option<bool>| {
        let is_confirming = matches!(choice.get(), Choice::Confirm(_));
        if before.is_some_and(|was_confirming| was_confirming != is_confirming) {
            focus_first(host);
        }
        is_confirming
    });
    // A disabled button loses the focus and does not get it back.
    Effect::new(move |before: Option<()>| {
        step.track();
        if before.is_some() {
            restore_focus(host);
        }
    });
    let status_text = move || {
        let text = language.text();
        match step.get() {
            SignUpStep::Failed(error) => (text.event_refused)(error).to_owned(),
            SignUpStep::Pending => text.event_pending.to_owned(),
            SignUpStep::Ready if has_begun.get() => text.event_begun.to_owned(),
            SignUpStep::Ready => match choice.get() {
                Choice::Confirm(state) => text_for_state(text.event_cancel_question, state).to_owned(),
                _ => String::new(),
            },
        }
    };
    // A pending request only disables the buttons. It must not replace them.
    let button = move |test_id: &'static str, class: &'static str, label: Signal<&'static str>, act: Box<dyn Fn()>| {
        view! {
            <button
                class=class
                type="button"
                data-testid=test_id
                disabled=move || step.get() == SignUpStep::Pending
                on:click=move |_| act()
            >
                {label}
            </button>
        }
    };
    let sign_up = move |pick: fn(&'static Messages) -> &'static str| {
        let act = move || {
            confirming.set(false);
            on_sign_up.run(());
        };
        button("event-sign-up", "button button--primary", Signal::derive(message(pick)), Box::new(act))
    };
    let cancel = move |state, class, act: Box<dyn Fn()>| {
        button("event-cancel", class, Signal::derive(move || text_for_state(language.text().event_cancel, state)), act)
    };
    let confirmed = move || {
        confirming.set(false);
        on_cancel.run(());
    };
    let buttons = move || match choice.get() {
        Choice::Nothing => ().into_any(),
        Choice::SignUp => sign_up(|text| text.event_sign_up).into_any(),
        Choice::JoinWaiting => sign_up(|text| text.event_join_waiting).into_any(),
        Choice::Cancel(state) => cancel(state, "button", Box::new(move || confirming.set(true))).into_any(),
        Choice::Confirm(state) => vec![
            button(
                "event-keep",
                "button",
                Signal::derive(message(|text| text.event_keep)),
                Box::new(move || confirming.set(false)),
            ),
            cancel(state, "button button--primary", Box::new(confirmed)),
        ]
        .into_any(),
    };
    view! {
        <div class="sheet-foot">
            <p class="event-sheet__said" role="status">{status_text}</p>
            <div class="event-sheet__buttons">{buttons}</div>
        </div>
    }
}

/// Focuses the first enabled button after the next frame.
fn focus_first(host: Host) {
    request_animation_frame(move || {
        if let Some(first) = host.find(".event-sheet__buttons > :enabled") {
            let _ = first.focus();
        }
    });
}

/// Selects the text for a seat or for a place on the waiting list.
fn text_for_state([seat, waiting]: [&'static str; 2], state: SignUpState) -> &'static str {
    if state == SignUpState::Waiting { waiting } else { seat }
}
