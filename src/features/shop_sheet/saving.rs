//! The card's discount and its terms.

use member_domain::wire::Shop;

use crate::{
    i18n::Language,
    prelude::*,
    ui::{fact, facts, line},
};

/// The discount; the saving on an average visit, if its price is known; the terms in the shop's words.
pub(super) fn saving(shop: &Shop, language: Language) -> AnyView {
    let (text, formats) = (language.text(), language.formats());
    let sum = shop.price_per_person_fen.map(|price| {
        let saved = shop.discount_permille.apply(price).saved;
        line("shop-saving__sum", (text.saving)(&formats.short_money(price), &formats.money(saved)))
    });
    let term = |label, value: &Option<String>| value.clone().map(|value| fact(label, value.into_any()));
    let terms = [term(text.not_combined, &shop.not_combined_with), term(text.discount_rules, &shop.discount_rules)];
    view! {
        <section class="shop-saving" data-testid="shop-saving">
            {line("shop-saving__discount", formats.discount(shop.discount_permille))}
            {sum}
            {facts(terms.into_iter().flatten().collect())}
        </section>
    }
    .into_any()
}
