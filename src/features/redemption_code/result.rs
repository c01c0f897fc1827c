//! The result after the code is redeemed.

use member_domain::wire::LedgerEntry;
use page_core::redemptions::amount_due;

use crate::{
    i18n::use_language,
    prelude::*,
    ui::{Glyph, Icon, message},
};

/// A separate function. The second wasm file contains its code (`tools/page/split.mjs`), as no result exists
/// before that file loads.
#[inline(never)]
pub(super) fn result_view(entry: LedgerEntry, on_another_code: Callback<()>, on_close: Callback<()>) -> AnyView {
    view! { <RedemptionResult entry on_another_code on_close /> }.into_any()
}

/// The redemption for the till: the amount to pay, then the saving, shop and time.
#[component]
fn RedemptionResult(
    /// The redemption.
    entry: LedgerEntry,
    /// Runs when the member wants another code.
    on_another_code: Callback<()>,
    /// Runs when the member closes the sheet.
    on_close: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let shop = entry.shop_name.clone();
    let due = amount_due(&entry);
    let cancelled = entry.cancelled_at.is_some();
    let title = move || if cancelled { language.text().cancelled } else { language.text().redeemed }.to_owned();
    let saved = move || {
        let messages = language.text();
        if cancelled {
            return messages.cancelled_hint.to_owned();
        }
        (messages.redeemed_saved)(&language.formats().money(entry.saved_fen))
    };
    view! {
        <div class="code-result" class:code-result--cancelled=cancelled data-testid="code-result">
            <span class="code-result__mark">
                <Icon glyph=if cancelled { Glyph::Attention } else { Glyph::Done } />
            </span>
            <p class="code-result__title">{title}</p>
            <p class="code-result__due" translate="no">
                <span class="code-result__label">{message(|text| text.to_pay)}</span>
                " "
                <strong data-testid="result-due">{move || language.formats().money(due)}</strong>
            </p>
            <p class="code-result__saved" data-testid="result-saved" translate="no">{saved}</p>
            <p class="code-result__shop" dir="auto" translate="no">{shop}</p>
            <p class="code-result__facts" translate="no">
                <time>{move || language.formats().day_and_time(entry.redeemed_at)}</time>
            </p>
            <p class="code-result__receipt" translate="no">{entry.id.clone()}</p>
            <div class="code-result__actions">
                <button class="button" type="button" on:click=move |_| on_another_code.run(())>
                    {message(|text| text.show_another)}
                </button>
                <button class="button button--primary" type="button" on:click=move |_| on_close.run(())>
                    {message(|text| text.close)}
                </button>
            </div>
        </div>
    }
}
