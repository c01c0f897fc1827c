//! The code's button at the foot of the page, while the card is out of view.

use crate::{
    prelude::*,
    screen::use_in_view,
    ui::{Glyph, Icon, message},
};

/// The button. Its place at the end of the page is always reserved, so that it covers no end of a list.
#[component]
pub fn CodePill(
    /// The part of the page with the card.
    card: NodeRef<html::Div>,
    /// Whether the card has codes.
    #[prop(into)]
    active: Signal<bool>,
    /// Runs when the member opens the code.
    on_show_code: Callback<()>,
) -> impl IntoView {
    let is_card_in_view = use_in_view(card);
    let button = move || {
        view! {
            <button
                class="code-pill__button"
                type="button"
                data-testid="code-pill"
                on:click=move |_| on_show_code.run(())
            >
                <Icon glyph=Glyph::Qr />
                {message(|text| text.code_title)}
            </button>
        }
    };
    view! {
        <div class="code-pill">
            <Show when=move || active.get() && !is_card_in_view.get()>{button()}</Show>
        </div>
    }
}
