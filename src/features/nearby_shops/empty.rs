//! The empty list: names the filters that removed shops and offers to drop them.

use member_domain::{
    FilterKind, ShopFilter, Wgs84,
    wire::{FilterEffect, Shop},
};

use super::{Place, ShopList};
use crate::{
    api::{ListOrder, ShopQuery},
    i18n::{Language, use_language},
    load::Load,
    prelude::*,
    ui::{Model, message},
};

/// The backend's highest count.
const MAX_COUNT: u32 = 1_000;

/// Replaces the list if no shop matches.
#[component]
pub(super) fn Empty(
    /// The empty list and its reasons.
    list: Signal<Load<ShopList>>,
    /// The query.
    query: Model<ShopQuery>,
    /// The known position of the member.
    place: Signal<Place>,
    /// Runs with the tapped shop.
    on_choose: Callback<Shop>,
) -> impl IntoView {
    let clear = move || query.update(|query| query.filter = ShopFilter::default());
    let reasons = Memo::new(move |_| list.with(|list| list.value().map(|list| list.nothing_because.clone())));
    let reasons = move || {
        let here = place.get().position();
        let reasons = reasons.get().unwrap_or_default();
        // Dropping a filter that removed no shop by itself would not help.
        let helpful: Vec<_> = reasons.into_iter().filter(|effect| effect.removed > 0).collect();
        if helpful.is_empty() {
            return view! { <p>{message(|text| text.no_shops_hint)}</p> }.into_any();
        }
        let reasons = helpful.into_iter().map(|effect| reason(effect, here, query, on_choose)).collect_view();
        view! { <ul class="shop-empty__reasons">{reasons}</ul> }.into_any()
    };
    view! {
        <div class="nearby-shops__empty" data-testid="shop-empty">
            <p class="nearby-shops__empty-title">{message(|text| text.no_shops)}</p>
            {reasons}
            <button class="button" type="button" on:click=move |_| clear()>
                {message(|text| text.clear_filters)}
            </button>
        </div>
    }
    .into_any()
}

/// One filter: the number of removed shops, a button that drops the filter, and the first shop without it.
fn reason(effect: FilterEffect, here: Option<Wgs84>, query: Model<ShopQuery>, on_choose: Callback<Shop>) -> AnyView {
    let language = use_language();
    let FilterEffect { filter, removed, nearest } = effect;
    let name = move || query.with(|query| filter_value(filter, &query.filter, language));
    let sentence = move || {
        let count = language.formats().count(removed.min(MAX_COUNT));
        (language.text().removed_by)(&name(), &count, removed >= MAX_COUNT)
    };
    let drop = move || query.update(|query| query.filter = query.filter.without(filter));
    let nearest = nearest.map(|shop| {
        let away = here.map(|here| here.distance_to(shop.place.to_wgs84()));
        let shop_name = shop.name.clone();
        let sentence = move || {
            let distance = away.map(|away| language.formats().distance(away)).unwrap_or_default();
            let by_distance = query.with(|query| query.order == ListOrder::Nearest);
            (language.text().first_without)(&shop_name, &distance, by_distance)
        };
        view! {
            <button
                class="shop-empty__nearest"
                type="button"
                data-testid="shop-nearest"
                data-shop-id=shop.id.clone()
                dir="auto"
                on:click=move |_| on_choose.run(shop.clone())
            >
                {sentence}
            </button>
        }
    });
    view! {
        <li class="shop-empty__reason" data-filter=filter.as_str()>
            <span class="shop-empty__said" dir="auto">{sentence}</span>
            <button class="shop-empty__drop" type="button" data-testid="shop-drop" on:click=move |_| drop()>
                {message(|text| text.drop_filter)}
            </button>
            {nearest}
        </li>
    }
    .into_any()
}

/// A filter's value as the member knows it.
fn filter_value(kind: FilterKind, filter: &ShopFilter, language: Language) -> String {
    let text = language.text();
    match kind {
        FilterKind::Text => filter.text.trim().to_owned(),
        FilterKind::Category => filter.category.map(text.category).unwrap_or_default().to_owned(),
        FilterKind::District => filter.district.clone().unwrap_or_default(),
        FilterKind::OpenNow => text.open_now.to_owned(),
        FilterKind::Price => filter.price.map(|band| language.price_band(band)).unwrap_or_default(),
        FilterKind::Method => filter.method.map(text.method).unwrap_or_default().to_owned(),
        FilterKind::Favourites => text.favourites.to_owned(),
    }
}
