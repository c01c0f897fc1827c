//! The buttons below the code: turn the sheet to the cashier, or open the PIN form.

use crate::{i18n::use_language, prelude::*, ui::message};

/// The buttons. They face the member even while the sheet is turned.
#[component]
pub(super) fn Tools(
    /// Whether the shop accepts its PIN.
    takes_pin: Memo<bool>,
    /// Whether the sheet faces the cashier.
    turned: Signal<bool>,
    /// Whether the code is not there yet. The buttons then only hold their place.
    waiting: Signal<bool>,
    /// Runs when the member turns the sheet.
    on_turn: Callback<()>,
    /// Runs when staff open the PIN form.
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
        <div class="sheet-foot code-sheet__tools" class:code-sheet__tools--waiting=move || waiting.get()>
            <Show when=move || takes_pin.get() && !turned.get()>{open()}</Show>
            <button class="button" type="button" data-testid="code-turn" on:click=move |_| on_turn.run(())>
                {label}
            </button>
        </div>
    }
}
