//! One shop: what, how far and open, what it saves, why it is here.

use leptos::prelude::*;
use member_domain::wire::{OpenState, Shop};

use super::Row;
use crate::{
    i18n::{Language, use_language},
    ui::{flag, message, part_if, press, text},
};

/// A row of the list. Follows its shop: what changes under the same id changes on screen.
#[component]
pub(super) fn ShopRow(
    /// The shop's id.
    id: String,
    /// All rows.
    rows: Memo<Vec<Row>>,
    /// Runs with the shop when the member taps it.
    on_choose: Callback<Shop>,
) -> impl IntoView {
    let language = use_language();
    let key = id.clone();
    let row = Memo::new(move |_| rows.with(|rows| rows.iter().find(|(shop, _)| shop.id == key).cloned()));
    // Every text of the row reads the shop as it is now.
    let of_row = move |read: fn(&Row, Language) -> String| {
        text(move || row.with(|row| row.as_ref().map(|row| read(row, language)).unwrap_or_default()))
    };
    let is_open =
        move || row.with(|row| row.as_ref().is_some_and(|(shop, _)| matches!(shop.open, OpenState::Open { .. })));
    let curated = move || row.with(|row| row.as_ref().is_some_and(|(shop, _)| shop.curation.is_some()));
    let choose = move || {
        if let Some((shop, _)) = row.get_untracked() {
            on_choose.run(shop);
        }
    };
    let reason = move || {
        view! {
            <span class="shop-row__reason">
                <span class="badge">{message(|text| text.curated)}</span>
                <span class="shop-row__evidence" dir="auto">{of_row(evidence)}</span>
                <span class="shop-row__checked">{of_row(checked)}</span>
            </span>
        }
        .into_any()
    };
    view! {
        <li class="shop-row" data-testid="shop-row" data-shop-id=id>
            <button class="shop-row__button" type="button" on:click=press(choose)>
                <span class="shop-row__name" dir="auto">{of_row(|(shop, _), _| shop.name.clone())}</span>
                <span class="shop-row__discount">{of_row(discount)}</span>
                <span class="shop-row__about">
                    <span>{of_row(about)}</span>
                    <span class="shop-row__open" class:shop-row__open--yes=flag(is_open)>{of_row(open)}</span>
                </span>
                <span class="shop-row__distance">{of_row(distance)}</span>
                {part_if(curated, reason)}
            </button>
        </li>
    }
}

fn discount((shop, _): &Row, language: Language) -> String {
    language.formats().discount(shop.discount_permille)
}

fn distance((_, distance): &Row, language: Language) -> String {
    distance.map(|distance| language.formats().distance(distance)).unwrap_or_default()
}

fn evidence((shop, _): &Row, _: Language) -> String {
    shop.curation.as_ref().map(|curation| curation.reason.clone()).unwrap_or_default()
}

fn checked((shop, _): &Row, language: Language) -> String {
    let checked_on = |day| (language.text().checked_on)(&language.formats().day(day));
    shop.curation.as_ref().map(|curation| checked_on(curation.on)).unwrap_or_default()
}

/// `咖啡 · 徐汇区 · ¥42/人 · `, or without the last sign where no opening time follows.
fn about((shop, _): &Row, language: Language) -> String {
    let text = language.text();
    let price = shop.price_per_person_fen.map(|price| (text.per_person)(&language.formats().short_money(price)));
    let parts = [Some((text.category)(shop.category).to_owned()), shop.district.clone(), price];
    let about = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    // The opening time stands in an element of its own; the sign between stays on this line if that one wraps.
    if shop.open == OpenState::Unknown { about } else { about + " · " }
}

/// `营业至 22:00`, `11:00 开门`, `周二 11:00 开门`; nothing where it is not known.
fn open((shop, _): &Row, language: Language) -> String {
    let (text, formats) = (language.text(), language.formats());
    match shop.open {
        OpenState::Open { until: Some(at) } => (text.open_until)(&formats.soon(at)),
        OpenState::Open { until: None } => text.always_open.to_owned(),
        OpenState::Closed { until: Some(at) } => (text.opens_at)(&formats.soon(at)),
        OpenState::Closed { until: None } => text.closed.to_owned(),
        OpenState::Unknown => String::new(),
    }
}
