//! The buttons beneath the code: turn the sheet towards the cashier, or have staff type the shop's PIN.

use crate::{i18n::use_language, prelude::*, ui::message};

/// The buttons. They stay as the member sees them while the sheet is turned.
#[component]
pub(super) fn Tools(
    /// Whether the shop takes its PIN.
    takes_pin: Memo<bool>,
    /// Whether the sheet faces the cashier.
    turned: Signal<bool>,
    /// Runs when it is to be turned.
    on_turn: Callback<()>,
    /// Runs when staff want the form for the PIN.
    on_pin: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let label = move || {
        let messages = language.text();
        if turned.get() { messages.turn_back } else { messages.turn_to_staff }.to_owned()
    };
    let open = move || {
        view! {
            <button class="button" type="button" data-testid="pin-open" on:click=move |_| on_pin.run(())>
                {message(|text| text.pin_open)}
            </button>
        }
    };
    view! {
        <div class="code-sheet__tools">
            <Show when=move || takes_pin.get() && !turned.get()>{open()}</Show>
            <button class="button" type="button" data-testid="code-turn" on:click=move |_| on_turn.run(())>
                {label}
            </button>
        </div>
    }
}
