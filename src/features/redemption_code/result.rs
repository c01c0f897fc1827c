//! What the member sees once a till has redeemed the code.

use leptos::prelude::*;
use member_domain::wire::LedgerEntry;

use crate::{
    i18n::use_language,
    ui::{Glyph, Icon, message, press, text},
};

/// The redemption: shop, saving, what was paid, when.
#[component]
pub(super) fn RedemptionResult(
    /// The redemption.
    entry: LedgerEntry,
    /// Runs when the member wants another code.
    on_again: Callback<()>,
    /// Runs when the member asks to close the sheet.
    on_close: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let shop = entry.shop_name.clone();
    view! {
        <div class="code-result" data-testid="code-result">
            <span class="code-result__mark">
                <Icon glyph=Glyph::Done />
            </span>
            <p class="code-result__title">{message(|text| text.redeemed)}</p>
            <p class="code-result__saved">
                {text(move || (language.text().redeemed_saved)(&language.formats().money(entry.saved_fen)))}
            </p>
            <p class="code-result__shop" dir="auto">{shop}</p>
            <p class="code-result__facts">
                {text(move || (language.text().redeemed_paid)(&language.formats().money(entry.payable_fen)))} " · "
                <time>{text(move || language.formats().day_and_time(entry.redeemed_at))}</time>
            </p>
            <p class="code-result__receipt">{entry.id.clone()}</p>
            <div class="code-result__actions">
                <button class="button" type="button" on:click=press(move || on_again.run(()))>
                    {message(|text| text.show_another)}
                </button>
                <button class="button button--primary" type="button" on:click=press(move || on_close.run(()))>
                    {message(|text| text.close)}
                </button>
            </div>
        </div>
    }
}
