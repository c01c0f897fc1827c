//! The buttons beneath the code: turn the sheet towards the cashier, or have staff type the shop's PIN.

use crate::{
    i18n::use_language,
    prelude::*,
    ui::{message, part_if, press, text},
};

/// The buttons. They stay as the member sees them while the sheet is turned.
#[component]
pub(super) fn Tools(
    /// Whether the shop takes its PIN.
    takes_pin: Memo<bool>,
    /// Whether the sheet faces the cashier.
    turned: RwSignal<bool>,
    /// Whether the form for the PIN is open.
    pin_open: RwSignal<bool>,
) -> impl IntoView {
    let language = use_language();
    let label = text(move || {
        let messages = language.text();
        if turned.get() { messages.turn_back } else { messages.turn_to_staff }.to_owned()
    });
    let open = move || {
        view! {
            <button class="button" type="button" data-testid="pin-open" on:click=press(move || pin_open.set(true))>
                {message(|text| text.pin_open)}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="code-sheet__tools">
            {part_if(move || takes_pin.get() && !turned.get(), open)}
            <button
                class="button"
                type="button"
                data-testid="code-turn"
                on:click=press(move || turned.update(|turned| *turned = !*turned))
            >
                {label}
            </button>
        </div>
    }
}
