//! One shop: name, distance, opening state, saving, curation reason, and record of redemptions.

use member_domain::{CivilDate, DistanceBand, UnixMillis, wire::OpenState};

use super::{Row, RowContext, Section};
use crate::{
    i18n::{Language, use_language},
    prelude::*,
    ui::message,
};

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
    let RowContext { now, on_choose, size } = actions;
    let key = id.clone();
    let row = Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.listed.shop.id == key).cloned()));
    // Every text of the row derives from the current shop.
    let of_row = move |read: fn(&Row, Language, Option<UnixMillis>) -> String| {
        move || row.with(|row| row.as_ref().map(|row| read(row, language, now.get())).unwrap_or_default())
    };
    let is = move |holds: fn(&Row, Option<UnixMillis>) -> bool| {
        move || row.with(|row| row.as_ref().is_some_and(|row| holds(row, now.get())))
    };
    let choose = move || {
        if let Some(row) = row.get_untracked() {
            on_choose.run(row.listed.shop.clone());
        }
    };
    let poor = move || view! { <span class="shop-row__trust--poor">{of_row(fails_often)}</span> };
    let heading = move || view! { <h3 class="nearby-shops__section">{of_row(heading)}</h3> };
    let reason = move || {
        view! {
            <span class="badge">{message(|text| text.curated)}</span>
            " "
            <span class="shop-row__checked--old">{of_row(not_checked)}</span>
            <span dir="auto">{of_row(evidence)}</span>
            " "
            <span class="shop-row__checked">{of_row(checked)}</span>
            " "
        }
    };
    view! {
        <div
            role="listitem"
            aria-setsize=move || size.get()
            aria-posinset=move || row.with(|row| row.as_ref().map_or(0, |row| row.index + 1)).to_string()
        >
            <Show when=is(|row, _| row.head.is_some())>{heading()}</Show>
            <div class="shop-row" data-testid="shop-row" data-shop-id=id>
                <button class="shop-row__button" type="button" on:click=move |_| choose()>
                    <span class="shop-row__name" dir="auto">{of_row(|row, _, _| row.listed.shop.name.clone())}</span>
                    <span class="shop-row__discount">{of_row(discount)}</span>
                    <span class="shop-row__about">
                        <span>{of_row(about)}</span>
                        <span class="shop-row__open" class:shop-row__open--yes=is(is_open)>{of_row(open)}</span>
                    </span>
                    <span class="shop-row__distance">{of_row(distance)}</span>
                    <span class="shop-row__why">
                        <Show when=is(|row, _| row.listed.shop.curation.is_some())>{reason()}</Show>
                        <span class="shop-row__trust">{of_row(trust)}</span>
                    </span>
                    <Show when=is(|row, _| row.listed.shop.trust.fails_often)>{poor()}</Show>
                </button>
            </div>
        </div>
    }
}

fn heading(row: &Row, language: Language, _: Option<UnixMillis>) -> String {
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

fn discount(row: &Row, language: Language, _: Option<UnixMillis>) -> String {
    language.formats().discount(row.listed.shop.discount_permille)
}

fn distance(row: &Row, language: Language, _: Option<UnixMillis>) -> String {
    row.distance.map(|distance| language.formats().distance(distance)).unwrap_or_default()
}

fn evidence(row: &Row, _: Language, _: Option<UnixMillis>) -> String {
    row.listed.shop.curation.as_ref().map(|curation| curation.reason.clone()).unwrap_or_default()
}

fn is_old(row: &Row, now: Option<UnixMillis>) -> bool {
    let today = now.map(CivilDate::in_shanghai);
    row.listed.shop.curation.as_ref().zip(today).is_some_and(|(curation, today)| curation.is_old(today))
}

/// Precedes the curation reason, which may be long.
fn not_checked(row: &Row, language: Language, now: Option<UnixMillis>) -> String {
    if is_old(row, now) { format!("{} · ", language.text().not_checked_lately) } else { String::new() }
}

fn checked(row: &Row, language: Language, now: Option<UnixMillis>) -> String {
    let on = row.listed.shop.curation.as_ref().map(|curation| curation.on).filter(|_| !is_old(row, now));
    on.map(|on| (language.text().checked_on)(&language.formats().day(on))).unwrap_or_default()
}

/// The most important fact of a good redemption record.
fn trust(row: &Row, language: Language, now: Option<UnixMillis>) -> String {
    let (text, trust) = (language.text(), row.listed.shop.trust);
    let content = if trust.fails_often {
        return String::new();
    } else if trust.staff_tested_on.is_some() {
        text.staff_tested.to_owned()
    } else if let Some(at) = trust.last_success_at {
        (text.last_redeemed)(&language.formats().day(CivilDate::in_shanghai(at)))
    } else {
        return String::new();
    };
    // Continues the line after the date of the check.
    if checked(row, language, now).is_empty() { content } else { format!("· {content}") }
}

fn fails_often(row: &Row, language: Language, _: Option<UnixMillis>) -> String {
    let trust = row.listed.shop.trust;
    let formats = language.formats();
    let all = trust.redemptions.saturating_add(trust.failures);
    (language.text().fails_often)(&formats.count(trust.failures), &formats.count(all))
}

/// Category, district and price: `咖啡 · 徐汇区 · ¥42/人 · `. The last separator is omitted if no opening time
/// follows.
fn about(row: &Row, language: Language, now: Option<UnixMillis>) -> String {
    let (text, shop) = (language.text(), &row.listed.shop);
    let price = shop.price_per_person_fen.map(|price| (text.per_person)(&language.formats().short_money(price)));
    let parts = [Some((text.category)(shop.category).to_owned()), shop.district.clone(), price];
    let about = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    // The opening time is a separate element. If it wraps, the separator stays on this line.
    if state(row, now) == OpenState::Unknown { about } else { about + " · " }
}

/// The shop's current opening state, as far as the loaded data still tells it.
fn state(row: &Row, now: Option<UnixMillis>) -> OpenState {
    let open = row.listed.shop.open;
    now.map_or(open, |now| open.at(now))
}

fn is_open(row: &Row, now: Option<UnixMillis>) -> bool {
    matches!(state(row, now), OpenState::Open { .. })
}

fn open(row: &Row, language: Language, now: Option<UnixMillis>) -> String {
    language.open_state(state(row, now))
}
