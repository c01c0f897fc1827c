//! What the card has saved against its price. Counts confirmed redemptions only.

use leptos::prelude::*;
use member_domain::{
    Fen,
    wire::{CardState, MeAnswer},
};

use crate::{
    i18n::use_language,
    load::Load,
    ui::{message, text},
};

/// The meter on the card: saved so far, the yearly fee, and how far it is.
#[component]
pub(super) fn PayoffMeter(
    /// The member's state; shows nothing useful without a card.
    me: Signal<Load<MeAnswer>>,
) -> impl IntoView {
    let language = use_language();
    let amounts = Memo::new(move |_| {
        me.with(|me| {
            let me = me.value()?;
            Some((me.payoff.as_ref()?.saved_fen, me.card.as_ref()?.paid_fen))
        })
        .unwrap_or_default()
    });
    let ended = move || {
        me.with(|me| me.value().and_then(|me| me.card.as_ref()).is_some_and(|card| card.state == CardState::Ended))
    };
    let saved = move || language.formats().money(amounts.get().0);
    let price = move || language.formats().short_money(amounts.get().1);
    let reached = move || {
        let (saved, paid) = amounts.get();
        let difference = Fen((paid.0 - saved.0).abs());
        let amount = language.formats().money(difference);
        // A card that is over saves nothing more: what is missing stays missing.
        if saved < paid && ended() {
            String::new()
        } else if saved < paid {
            (language.text().payoff_missing)(&amount)
        } else {
            (language.text().payoff_reached)(&amount)
        }
    };
    view! {
        <div class="payoff" data-testid="payoff">
            <p class="payoff__saved">
                {message(|text| text.saved)}
                " "
                <strong>{text(saved)}</strong>
            </p>
            <p class="payoff__price">{text(move || (language.text().yearly_price)(&price()))}</p>
            <meter
                class="payoff__meter"
                min="0"
                max="100"
                value=text(move || percent(amounts.get()).to_string())
                aria-label=text(move || (language.text().payoff_meter)(&saved(), &price()))
            ></meter>
            <p class="payoff__note">{text(reached)}</p>
        </div>
    }
}

/// How much of what was paid is saved, in whole percent, 100 at most. A card that cost nothing has paid off.
fn percent((saved, paid): (Fen, Fen)) -> i64 {
    if paid.0 <= 0 { 100 } else { (saved.0.saturating_mul(100) / paid.0).clamp(0, 100) }
}
