//! Details of the card, current or ended, and the state of its refund.

use member_domain::wire::MeAnswer;

use crate::{
    features::refund_banner::refund_facts,
    i18n::Language,
    prelude::*,
    ui::{fact, facts, section},
};

/// All facts about the refund, if there is one. The member may have dismissed the banner.
pub(super) fn about_refund(me: &MeAnswer, language: Language) -> AnyView {
    let Some(refund) = &me.refund else { return ().into_any() };
    section("savings-refund", language.text().timeline, vec![refund_facts(refund, language)])
}

/// Number, dates, cities and price. Empty without a card.
pub(super) fn about_card(me: &MeAnswer, language: Language) -> AnyView {
    let (Some(card), Some(last_day)) = (&me.card, me.last_day()) else { return ().into_any() };
    let (text, formats) = (language.text(), language.formats());
    let [of_number, of_days, of_cities, of_paid] = text.card_labels;
    let days = (text.from_to)(&formats.date(card.valid_from), &formats.date(last_day));
    let cities: Vec<&str> = card.cities.iter().map(|city| (text.city)(*city)).collect();
    let entries = vec![
        fact(of_number, card.number_masked.clone().into_any()),
        fact(of_days, days.into_any()),
        fact(of_cities, cities.join(" ").into_any()),
        fact(of_paid, formats.money(card.paid_fen).into_any()),
    ];
    section("savings-card", text.this_card, vec![facts(entries)])
}
