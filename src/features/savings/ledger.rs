//! The redemptions: each is a line that opens to its receipt.

use leptos::ev::Event;
use member_domain::{
    Fen,
    wire::{LedgerEntry, LedgerPage},
};
use page_core::redemptions::amount_due;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use crate::{
    api::ApiError,
    handover,
    host::use_host,
    i18n::Language,
    load::Load,
    prelude::*,
    ui::{Glyph, Icon, Model, fact, facts, line, message},
};

/// The entries and their actions.
pub(super) fn ledger(
    pages: LedgerPage,
    earlier: Signal<Load<()>>,
    on_earlier: Callback<()>,
    on_shop: Callback<String>,
    opened: Model<Vec<String>>,
    language: Language,
) -> AnyView {
    if pages.redemptions.is_empty() {
        return line("sheet-section__quiet", language.text().ledger_empty.to_owned());
    }
    let entries: Vec<AnyView> =
        pages.redemptions.into_iter().map(|redemption| entry(redemption, on_shop, opened, language)).collect();
    let more = pages.next_cursor.is_some().then(|| load_earlier_button(earlier, on_earlier, language));
    view! {
        <ul class="ledger">{entries}</ul>
        {more}
        {file(language)}
    }
    .into_any()
}

/// A link to the whole ledger as a file. A link cannot carry a token, so a page with tokens shows a button
/// that fetches the file.
fn file(language: Language) -> AnyView {
    let api = use_host().api;
    let label = message(|text| text.ledger_file);
    if let Some(address) = api.ledger_address() {
        return view! {
            <a class="button savings__file" href=address download="" data-testid="ledger-file">
                {label}
            </a>
        }
        .into_any();
    }
    let fetched = RwSignal::new(Load::ready(()));
    let failed = move || match fetched.get() {
        Load::Failed(error) => (language.text().failure)(error).to_owned(),
        _ => String::new(),
    };
    let fetch = move || {
        if fetched.with_untracked(|fetched| *fetched == Load::Loading) {
            return;
        }
        fetched.set(Load::Loading);
        spawn_local(async move {
            let answer = api.ledger_file().await;
            let saved = answer
                .and_then(|text| handover::save("redemptions.csv", "text/csv", &text).ok_or(ApiError::Unreadable));
            let _ = fetched.try_set(saved.map_or_else(Load::Failed, Load::ready));
        });
    };
    view! {
        <p class="sheet-attention" role="status">{failed}</p>
        <button class="button savings__file" type="button" data-testid="ledger-file" on:click=move |_| fetch()>
            {label}
        </button>
    }
    .into_any()
}

/// The button that loads the next page.
fn load_earlier_button(earlier: Signal<Load<()>>, on_earlier: Callback<()>, language: Language) -> AnyView {
    let pending = move || earlier.with(|earlier| matches!(earlier, Load::Loading));
    let failed = move || match earlier.get() {
        Load::Failed(error) => (language.text().failure)(error).to_owned(),
        _ => String::new(),
    };
    view! {
        <p class="sheet-attention" role="status">{failed}</p>
        <button
            class="button button--quiet savings__more"
            type="button"
            data-testid="ledger-more"
            aria-disabled=move || pending().to_string()
            on:click=move |_| on_earlier.run(())
        >
            {message(|text| text.ledger_more)}
        </button>
    }
    .into_any()
}

fn entry(entry: LedgerEntry, on_shop: Callback<String>, opened: Model<Vec<String>>, language: Language) -> AnyView {
    let (text, formats) = (language.text(), language.formats());
    let (cancelled, due) = (entry.cancelled_at, amount_due(&entry));
    let time = formats.date_and_time(entry.redeemed_at);
    let saved = match cancelled {
        Some(_) => text.cancelled.to_owned(),
        None => (text.redeemed_saved)(&formats.money(entry.saved_fen)),
    };
    let [of_bill, of_saved, of_paid, of_time, of_number, of_cancelled] = text.receipt_labels;
    let entries = vec![
        fact(of_bill, formats.money(entry.bill_fen).into_any()),
        fact(of_saved, formats.money(Fen(entry.bill_fen.0 - due.0)).into_any()),
        fact(of_paid, formats.money(due).into_any()),
        fact(of_time, time.clone().into_any()),
        fact(of_number, view! { <span class="ledger__number">{entry.id.clone()}</span> }.into_any()),
        cancelled.map(|at| fact(of_cancelled, formats.date_and_time(at).into_any())).into_any(),
    ];
    let paid = (text.redeemed_paid)(&formats.money(due));
    let line = format!("{time} · {paid}");
    let shop_id = entry.shop_id;
    // Open receipts are identified by entry id: a new entry moves all others down.
    let (id, toggled) = (entry.id.clone(), entry.id.clone());
    let is_open = move || opened.with(|opened| opened.contains(&id));
    let on_toggle: Box<dyn FnMut(Event)> = Box::new(move |event| {
        let details = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let is_open = details.is_some_and(|details| details.has_attribute("open"));
        if opened.with_untracked(|opened| opened.contains(&toggled)) != is_open {
            opened.update(|opened| {
                opened.retain(|id| *id != toggled);
                opened.extend(is_open.then(|| toggled.clone()));
            });
        }
    });
    view! {
        <li class="ledger__row" class:ledger__row--cancelled=cancelled.is_some()>
            <details data-testid="ledger-row" open=is_open on:toggle=on_toggle>
                <summary class="ledger__head">
                    <span class="ledger__shop" dir="auto">{entry.shop_name}</span>
                    <span class="ledger__saved" translate="no">{saved}</span>
                    <span class="ledger__line" translate="no">{line}</span>
                    <Icon glyph=Glyph::Chevron />
                </summary>
                <div class="ledger__receipt">
                    {facts(entries)}
                    <button
                        class="link-button"
                        type="button"
                        data-testid="ledger-shop"
                        on:click=move |_| on_shop.run(shop_id.clone())
                    >
                        {text.event_shop}
                    </button>
                </div>
            </details>
        </li>
    }
    .into_any()
}
