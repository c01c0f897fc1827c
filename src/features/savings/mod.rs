//! The card's savings: whether it pays for itself, the months, and each redemption with its receipt. They
//! remain readable after the card ends.

mod card;
mod ledger;
mod months;
mod words;

use member_domain::{
    CivilDate,
    wire::{LedgerPage, MeAnswer},
};

pub(crate) use self::words::note;
use self::{
    card::{about_card, about_refund},
    ledger::ledger,
    months::months,
    words::{headline, outlook},
};
use crate::{
    features::refund_banner::RefundChanges,
    i18n::use_language,
    load::Load,
    prelude::*,
    ui::{Failure, Model, SheetFrame, Stale, line, message},
};

/// The savings sheet. Mounting it opens it. The totals come from the member's state and the redemptions from
/// the ledger. Each part appears when its data has loaded.
#[component]
pub fn SavingsSheet(
    /// The member's state.
    #[prop(into)]
    me: Signal<Load<MeAnswer>>,
    /// The ledger, newest first, as far as it is loaded.
    #[prop(into)]
    pages: Signal<Load<LedgerPage>>,
    /// State of the last request for older entries.
    #[prop(into)]
    earlier: Signal<Load<()>>,
    /// Today in Shanghai, once it is known.
    #[prop(into)]
    today: Signal<Option<CivilDate>>,
    /// Runs when the member requests older entries.
    on_earlier: Callback<()>,
    /// Runs with the id of the shop the member opens.
    on_shop: Callback<String>,
    /// Runs when the member taps the retry button.
    on_retry: Callback<()>,
    /// Runs when the member closes the sheet.
    on_close: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let known = Memo::new(move |_| me.with(|me| me.value().cloned()));
    // If the time is unknown, the answer's date is used.
    let day = Memo::new(move |_| {
        today.get().or_else(|| known.with(|me| me.as_ref().map(|me| CivilDate::in_shanghai(me.server_time))))
    });
    let value = move || match (known.get(), day.get()) {
        (Some(me), Some(today)) => {
            vec![headline(&me, language), outlook(&me, today, language), months(&me, today, language)].into_any()
        }
        _ => ().into_any(),
    };
    let opened = Model::new(Vec::new());
    let entries = move || match pages.get() {
        Load::Ready { value, .. } => ledger(value, earlier, on_earlier, on_shop, opened, language),
        Load::Failed(error) => view! { <Failure error on_retry /> }.into_any(),
        Load::Loading => view! {
            <div class="savings-skeleton" role="status" aria-busy="true" aria-label=message(|text| text.loading)>
                <i></i>
                <i></i>
                <i></i>
            </div>
        }
        .into_any(),
    };
    let card = move || known.get().map(|me| vec![about_refund(&me, language), about_card(&me, language)]).into_any();
    let no_card = move || known.with(|me| me.as_ref().is_some_and(|me| me.card.is_none()));
    view! {
        <SheetFrame test_id="savings-sheet" label=Signal::derive(move || language.text().savings_title.to_owned()) on_close>
            <div class="sheet-page savings">
                <RefundChanges me />
                <Stale when=Signal::derive(move || pages.with(Load::is_stale)) on_retry />
                <header class="sheet-head">
                    <h2 class="savings__title">{message(|text| text.savings_title)}</h2>
                </header>
                {value}
                <Show when=no_card>{line("sheet-section__quiet", language.text().no_card.to_owned())}</Show>
                <section class="sheet-section" data-testid="ledger">
                    <h3 class="sheet-section__title">{message(|text| text.ledger_heading)}</h3>
                    {entries}
                </section>
                {card}
            </div>
        </SheetFrame>
    }
}
