//! Sentences about whether the card pays for itself.

use member_domain::{
    Average, CivilDate, Fen, PayoffOutlook, RefundState,
    wire::{CardState, MeAnswer},
};

use crate::{i18n::Language, prelude::*, ui::line};

/// The sentence on the card, for example `再省 ¥41.60 就回本`.
pub(crate) fn note(me: &MeAnswer, today: CivilDate, language: Language) -> String {
    sentences(me, today, language).into_iter().next().unwrap_or_default()
}

/// The savings against the price.
pub(super) fn headline(me: &MeAnswer, language: Language) -> AnyView {
    let Some(terms) = me.payoff_terms() else { return ().into_any() };
    let (text, formats) = (language.text(), language.formats());
    let count = (text.savings_count)(&formats.count(terms.redemptions));
    view! {
        <p class="savings__sum">
            <span class="savings__label">{text.saved}</span>
            <strong class="savings__amount">{formats.money(terms.saved)}</strong>
            <span class="savings__label">
                {count} " · " {(text.yearly_price)(&formats.short_money(terms.paid))}
            </span>
        </p>
    }
    .into_any()
}

/// All sentences about the savings.
pub(super) fn outlook(me: &MeAnswer, today: CivilDate, language: Language) -> AnyView {
    let sentences = sentences(me, today, language);
    let lines: Vec<AnyView> = sentences.into_iter().map(|sentence| line("savings__words", sentence)).collect();
    view! { <div data-testid="payoff-words">{lines}</div> }.into_any()
}

/// The sentences, most important first.
fn sentences(me: &MeAnswer, today: CivilDate, language: Language) -> Vec<String> {
    let Some(terms) = me.payoff_terms() else { return Vec::new() };
    let (text, formats) = (language.text(), language.formats());
    // A card that the backend calls ended is over, whatever its dates.
    let is_over = me.card.as_ref().is_some_and(|card| card.state == CardState::Ended);
    let today = if is_over { today.max(terms.last_day.plus_days(1)) } else { today };
    let money = |amount: Fen| formats.money(amount);
    let refund = terms.refund.filter(|(_, state)| *state != RefundState::Closed);
    let with_refund = |amount: Fen, state: RefundState| {
        let beyond = Fen(terms.saved.0 - terms.cost().0);
        let arrived = state == RefundState::Succeeded;
        if beyond.0 < 0 {
            (text.payoff_short_with_refund)(&money(amount), &money(Fen(-beyond.0)), arrived)
        } else {
            let ahead = (beyond.0 > 0).then(|| money(beyond));
            (text.payoff_with_refund)(&money(amount), ahead.as_deref(), arrived)
        }
    };
    match (terms.outlook_on(today), refund) {
        (_, Some((amount, state))) => vec![with_refund(amount, state)],
        (PayoffOutlook::Reached { beyond }, None) => {
            vec![(text.payoff_reached)((beyond.0 > 0).then(|| money(beyond)).as_deref())]
        }
        // The banner says that the money was not refunded. That is enough bad news.
        (PayoffOutlook::FellShort { .. }, None) if terms.refund.is_some() => Vec::new(),
        (PayoffOutlook::FellShort { missing }, None) => vec![(text.payoff_fell_short)(&money(missing))],
        (PayoffOutlook::Missing { missing, average, falls_short_at }, None) => {
            let missing = (text.payoff_missing)(&money(missing));
            let falls_short = falls_short_at.map(|projected| {
                (text.payoff_falls_short)(&formats.day_from(terms.last_day, Some(today)), &money(projected))
            });
            let average =
                average.map(|Average { each, more }| (text.payoff_average)(&money(each), &formats.count(more)));
            // Bad news comes first, for honesty.
            [falls_short, Some(missing), average].into_iter().flatten().collect()
        }
    }
}
