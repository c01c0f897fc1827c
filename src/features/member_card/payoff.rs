//! The card's savings against its price. Counts confirmed redemptions only.

use member_domain::{CivilDate, Fen, wire::MeAnswer};

use crate::{
    features::savings,
    host::use_host,
    i18n::use_language,
    load::Load,
    prelude::*,
    ui::{Glyph, Icon, message},
};

/// The savings on the card, their progress in one sentence and as a meter. A tap opens the savings sheet.
#[component]
pub(super) fn PayoffMeter(
    /// The member's state. The meter shows nothing useful without a card.
    me: Signal<Load<MeAnswer>>,
    /// Today in Shanghai, once it is known.
    today: Signal<Option<CivilDate>>,
    /// Runs when the member opens the savings.
    on_savings: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let amounts = Memo::new(move |_| {
        me.with(|me| {
            let me = me.value()?;
            Some((me.payoff.as_ref()?.saved_fen, me.card.as_ref()?.paid_fen))
        })
        .unwrap_or_default()
    });
    let saved = move || language.formats().money(amounts.get().0);
    let price = move || language.formats().short_money(amounts.get().1);
    let note = move || {
        let today = today.get();
        let note = me.with(|me| {
            let me = me.value()?;
            let today = today.unwrap_or_else(|| CivilDate::in_shanghai(me.server_time));
            Some(savings::note(me, today, language))
        });
        note.unwrap_or_default()
    };
    // A host app may show the savings elsewhere.
    let features = use_host().features;
    let has_savings_sheet = Memo::new(move |_| features.with(|features| features.savings));
    let chevron = move || view! { <Icon glyph=Glyph::Chevron /> };
    let line = move || {
        view! {
            <span class="payoff__saved">
                {message(|text| text.saved)}
                " "
                <strong translate="no">{saved}</strong>
            </span>
            <span class="payoff__note" translate="no">
                {note}
                <Show when=move || has_savings_sheet.get()>{chevron()}</Show>
            </span>
        }
    };
    let more = move || {
        if !has_savings_sheet.get() {
            return view! { <p class="payoff__line">{line()}</p> }.into_any();
        }
        view! {
            <button
                class="payoff__line payoff__more"
                type="button"
                data-testid="savings-open"
                on:click=move |_| on_savings.run(())
            >
                {line()}
                <span class="visually-hidden">{message(|text| text.savings_open)}</span>
            </button>
        }
        .into_any()
    };
    view! {
        <div class="payoff" data-testid="payoff">
            {more}
            <meter
                class="payoff__meter"
                min="0"
                max="100"
                value=move || percent(amounts.get()).to_string()
                aria-label=move || (language.text().payoff_meter)(&saved(), &price())
            ></meter>
        </div>
    }
}

/// The saved share of the price, in whole percent, at most 100. A card without a price has paid off.
fn percent((saved, paid): (Fen, Fen)) -> i64 {
    if paid.0 <= 0 { 100 } else { (saved.0.saturating_mul(100) / paid.0).clamp(0, 100) }
}
