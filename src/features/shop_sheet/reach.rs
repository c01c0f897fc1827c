//! Address, phone, opening hours, maps, and the ways to redeem.

use member_domain::{
    CivilDate, UnixMillis, ascii_digit,
    wire::{OpenState, Shop},
};
use wasm_bindgen_futures::spawn_local;

use super::{ActionOutcome, hours::hours, map_links};
use crate::{
    handover,
    host::use_host,
    i18n::Language,
    prelude::*,
    ui::{Model, OutsideLink, fact, facts, line, section},
};

const MAP_HOOKS: [&str; 3] = ["shop-map-amap", "shop-map-apple", "shop-map-geo"];

/// Address, phone, opening hours and maps, as far as they are published.
pub(super) fn reach(
    shop: &Shop,
    open: Memo<OpenState>,
    now: Signal<Option<UnixMillis>>,
    today: Option<CivilDate>,
    outcome: Model<ActionOutcome>,
    language: Language,
) -> AnyView {
    let text = language.text();
    let [of_address, of_phone, of_hours] = text.visit_labels;
    let phone = shop.phone.clone().map(|phone| {
        let url = phone_link(&phone);
        view! { <OutsideLink test_id="shop-phone" url label=phone /> }.into_any()
    });
    let entries = [
        (of_address, shop.address.as_ref().map(|address| copyable(full(shop, address), outcome, language))),
        (of_phone, phone),
        (of_hours, hours(shop, open, now, today, language)),
        (text.maps, Some(map_links(MAP_HOOKS, shop.place, &shop.name, language))),
    ];
    let entries = entries.into_iter().filter_map(|(label, value)| value.map(|value| fact(label, value)));
    section("shop-visit", text.visit_heading, vec![facts(entries.collect())])
}

/// The address with its district, which taxi drivers ask for.
fn full(shop: &Shop, address: &str) -> String {
    match &shop.district {
        Some(district) if !address.contains(district.as_str()) => format!("{district}{address}"),
        _ => address.to_owned(),
    }
}

fn copyable(address: String, outcome: Model<ActionOutcome>, language: Language) -> AnyView {
    let label = move || {
        let text = language.text();
        if outcome.get() == ActionOutcome::Copied { text.copied } else { text.copy }.to_owned()
    };
    // The button shows that the text was copied. Text in a button is not announced, so it is repeated beside
    // it.
    let outcome_text = move || match outcome.get() {
        ActionOutcome::Copied => language.text().copied.to_owned(),
        ActionOutcome::Selected => language.text().not_copied.to_owned(),
        _ => String::new(),
    };
    let (host, copied) = (use_host(), address.clone());
    let copy = move || {
        let address = copied.clone();
        // Reset first: screen readers announce only changes, and the previous outcome may be the same.
        outcome.set(ActionOutcome::Nothing);
        spawn_local(async move {
            let copied = handover::copy(&address).await;
            if let Some(shown) = host.find("[data-testid='shop-address']").filter(|_| !copied) {
                handover::select(&shown);
            }
            outcome.set(if copied { ActionOutcome::Copied } else { ActionOutcome::Selected });
        });
    };
    view! {
        <span class="shop-address">
            <bdi data-testid="shop-address">{address}</bdi>
            <button class="shop-address__copy" type="button" data-testid="shop-copy" on:click=move |_| copy()>
                {label}
            </button>
        </span>
        <span
            class="sheet-attention"
            class:visually-hidden=move || outcome.get() != ActionOutcome::Selected
            role="status"
            data-testid="shop-copy-outcome"
        >
            {outcome_text}
        </span>
    }
    .into_any()
}

/// The number in dialling form, up to an extension or a second number. Empty if the text cannot be dialled.
pub(super) fn phone_link(phone: &str) -> String {
    let mut number = String::new();
    for character in phone.trim().chars() {
        match (ascii_digit(character), character) {
            (Some(digit), _) => number.push(digit),
            (None, '+' | '＋') if number.is_empty() => number.push('+'),
            (None, ' ' | '-' | '－' | '–' | '(' | ')' | '（' | '）') => {}
            _ => break,
        }
    }
    if number.len() < 3 { String::new() } else { format!("tel:{number}") }
}

/// The shop's ways to redeem, as sentences.
pub(super) fn redeeming(shop: &Shop, language: Language) -> AnyView {
    if shop.redeem_methods.is_empty() {
        return ().into_any();
    }
    let text = language.text();
    let ways = shop.redeem_methods.iter();
    let ways = ways.map(|method| line("sheet-section__line", (text.redeem_how)(*method).to_owned()));
    section("shop-redeem", text.redeem_heading, ways.collect())
}
