//! The card's discount and its terms.

use member_domain::wire::Shop;

use crate::{
    i18n::Language,
    prelude::*,
    ui::{fact, facts, line},
};

/// The discount, or the former one after the programme's end; the saving on an average visit, if its price is known; the terms in the shop's words.
pub(super) fn saving(shop: &Shop, is_over: bool, language: Language) -> AnyView {
    let (text, formats) = (language.text(), language.formats());
    let discount = formats.discount(shop.discount_permille);
    let discount = if is_over {
        line("shop-saving__discount shop-saving__discount--over", (text.former_discount)(&discount))
    } else {
        line("shop-saving__discount", discount)
    };
    let sum = shop.price_per_person_fen.filter(|_| !is_over).map(|price| {
        let saved = shop.discount_permille.apply(price).saved;
        line("shop-saving__sum", (text.saving)(&formats.short_money(price), &formats.money(saved)))
    });
    let term = |label, value: &Option<String>| value.clone().map(|value| fact(label, value.into_any()));
    let terms = [term(text.not_combined, &shop.not_combined_with), term(text.discount_rules, &shop.discount_rules)];
    view! {
        <section class="shop-saving" data-testid="shop-saving">
            {discount}
            {sum}
            {facts(terms.into_iter().flatten().collect())}
        </section>
    }
    .into_any()
}
