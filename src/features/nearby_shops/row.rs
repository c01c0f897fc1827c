//! One shop: a glyph of its category, name, discount, street, distance, opening state, saving, and one line of why.

use member_domain::{Distance, DistanceBand, UnixMillis, wire::OpenState};
use page_core::street_of;

use super::{Row, RowContext, Section};
use crate::{
    i18n::{Language, joined, use_language},
    prelude::*,
};

/// Up to this distance the street says more than the district, in metres.
const NEAR_METRES: f64 = 3_000.0;

/// The values that the texts of a row depend on.
#[derive(Clone, Copy)]
struct Reader {
    language: Language,
    now: Option<UnixMillis>,
    /// Whether the programme has ended, so that the discounts no longer apply.
    is_over: bool,
}

/// A row of the list. Updates on screen when the shop with its id changes.
#[component]
pub(super) fn ShopRow(
    /// The shop's id.
    id: String,
    /// The rows of the block.
    rows: Memo<Vec<Row>>,
    /// Data and callback shared by all rows.
    actions: RowContext,
) -> impl IntoView {
    let language = use_language();
    let RowContext { now, over, on_choose, size } = actions;
    let key = id.clone();
    let row = Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.listed.shop.id == key).cloned()));
    // Every text of the row derives from the current shop.
    let of_row = move |read: fn(&Row, Reader) -> String| {
        move || {
            let reader = Reader { language, now: now.get(), is_over: over.get() };
            row.with(|row| row.as_ref().map(|row| read(row, reader)).unwrap_or_default())
        }
    };
    let is = move |holds: fn(&Row, Option<UnixMillis>) -> bool| {
        move || row.with(|row| row.as_ref().is_some_and(|row| holds(row, now.get())))
    };
    let choose = move || {
        if let Some(row) = row.get_untracked() {
            on_choose.run(row.listed.shop.clone());
        }
    };
    let category = move || row.with(|row| row.as_ref().map_or("", |row| row.listed.shop.category.as_str()));
    let heading = move || view! { <h3 class="nearby-shops__section">{of_row(heading)}</h3> };
    view! {
        <div
            role="listitem"
            aria-setsize=move || size.get()
            aria-posinset=move || row.with(|row| row.as_ref().map_or(0, |row| row.index + 1)).to_string()
        >
            <Show when=is(|row, _| row.head.is_some())>{heading()}</Show>
            <div class="shop-row" data-testid="shop-row" data-shop-id=id>
                <button class="shop-row__button" type="button" on:click=move |_| choose()>
                    <span class="shop-row__glyph" data-category=category aria-hidden="true"></span>
                    <span class="shop-row__line">
                        <span class="shop-row__name" dir="auto">{of_row(|row, _| row.listed.shop.name.clone())}</span>
                        " "
                        <span class="shop-row__discount" class:shop-row__discount--over=move || over.get()>
                            {of_row(discount)}
                        </span>
                    </span>
                    " "
                    <span class="shop-row__line">
                        <span class="shop-row__about">{of_row(about)}</span>
                        " "
                        <span class="shop-row__distance">{of_row(distance)}</span>
                    </span>
                    " "
                    <span class="shop-row__line">
                        <span class="shop-row__open" class:shop-row__open--yes=is(is_open)>{of_row(open)}</span>
                        " "
                        <span class="shop-row__saving">{of_row(saving)}</span>
                    </span>
                    " "
                    <span
                        class="shop-row__why"
                        class:shop-row__why--poor=is(|row, _| row.listed.shop.trust.fails_often)
                        dir="auto"
                    >
                        {of_row(why)}
                    </span>
                </button>
            </div>
        </div>
    }
}

fn heading(row: &Row, Reader { language, .. }: Reader) -> String {
    let text = language.text();
    let content = match row.head {
        Some(Section::Distance(DistanceBand::Within500)) => text.section_within[0],
        Some(Section::Distance(DistanceBand::Within1000)) => text.section_within[1],
        Some(Section::Distance(DistanceBand::Within3000)) => text.section_within[2],
        Some(Section::Distance(DistanceBand::Within10000)) => text.section_within[3],
        Some(Section::Distance(DistanceBand::Beyond)) => text.section_beyond,
        Some(Section::Evidence) => text.section_evidence,
        Some(Section::NoEvidence) => text.section_no_evidence,
        Some(Section::FailsOften) => text.section_fails_often,
        None => "",
    };
    content.to_owned()
}

fn discount(row: &Row, Reader { language, is_over, .. }: Reader) -> String {
    let discount = language.formats().discount(row.listed.shop.discount_permille);
    if is_over { (language.text().former_discount)(&discount) } else { discount }
}

fn distance(row: &Row, Reader { language, .. }: Reader) -> String {
    row.distance.map(|distance| language.formats().distance(distance)).unwrap_or_default()
}

/// Category, street or district, and price: `咖啡 · 武康路 · ¥42/人`.
fn about(row: &Row, Reader { language, .. }: Reader) -> String {
    let (text, shop) = (language.text(), &row.listed.shop);
    let is_near = row.distance.is_some_and(|Distance { metres, .. }| metres <= NEAR_METRES);
    let street = shop.address.as_deref().filter(|_| is_near).and_then(street_of);
    let place = street.or(shop.district.as_deref()).map(str::to_owned);
    let price = shop.price_per_person_fen.map(|price| (text.per_person)(&language.formats().short_money(price)));
    let parts = [Some((text.category)(shop.category).to_owned()), place, price];
    joined(parts.into_iter().flatten())
}

/// The shop's current opening state, as far as the loaded data still tells it.
fn state(row: &Row, now: Option<UnixMillis>) -> OpenState {
    let open = row.listed.shop.open;
    now.map_or(open, |now| open.at(now))
}

fn is_open(row: &Row, now: Option<UnixMillis>) -> bool {
    matches!(state(row, now), OpenState::Open { .. })
}

fn open(row: &Row, Reader { language, now, .. }: Reader) -> String {
    language.open_state(state(row, now), now)
}

/// The saving of a visit at the average price: `约省 ¥4.20`.
fn saving(row: &Row, Reader { language, is_over, .. }: Reader) -> String {
    let shop = &row.listed.shop;
    let saved = shop.price_per_person_fen.map(|price| shop.discount_permille.apply(price).saved);
    let saved = saved.filter(|saved| saved.0 > 0 && !is_over);
    saved.map(|saved| (language.text().saves_about)(&language.formats().money(saved))).unwrap_or_default()
}

/// The reason for the curation. A warning if redemptions often fail.
fn why(row: &Row, Reader { language, .. }: Reader) -> String {
    let shop = &row.listed.shop;
    if shop.trust.fails_often {
        let formats = language.formats();
        let all = shop.trust.redemptions.saturating_add(shop.trust.failures);
        return (language.text().fails_often)(&formats.count(shop.trust.failures), &formats.count(all));
    }
    shop.curation.as_ref().map(|curation| curation.reason.clone()).unwrap_or_default()
}
