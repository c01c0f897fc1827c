//! The redemption code: a sheet with a QR code that rotates, its digits, and the result once a till has redeemed it.

mod countdown;
mod panel;
mod qr;
mod result;
mod rotation;

use leptos::prelude::*;
use member_domain::{
    City, UnixMillis,
    wire::{LedgerEntry, Shop},
};

use self::{panel::CodePanel, result::RedemptionResult};
use crate::{
    api::ApiError,
    i18n::use_language,
    load::Load,
    store::DeviceCredential,
    ui::{Failure, SheetFrame, Text, message, part, text},
};
pub use qr::QrSymbol;

/// What the sheet has to make codes with.
#[derive(Clone, Debug)]
pub enum CodeSource {
    /// The credential is being fetched or enrolled.
    Preparing,
    /// Ready.
    Ready(DeviceCredential),
    /// The member has no card.
    NoCard,
    /// There is none to be had.
    Failed(ApiError),
    /// This browser has no WebCrypto to make codes with.
    Unsupported,
}

/// The code sheet. Mount it to open it.
#[component]
pub fn CodeSheet(
    /// What codes are made with.
    #[prop(into)]
    source: Signal<CodeSource, LocalStorage>,
    /// The current instant.
    #[prop(into)]
    now: Signal<Option<UnixMillis>>,
    /// The shop in whose context the sheet is open, if any.
    #[prop(into)]
    shop: Signal<Option<Load<Shop>>>,
    /// The cities the card works in; empty while they are not known.
    #[prop(optional, into)]
    cities: Signal<Vec<City>>,
    /// The redemption that has just happened, if one has.
    result: RwSignal<Option<LedgerEntry>>,
    /// Runs when the member asks to try again.
    on_retry: Callback<()>,
    /// Runs when the credential turns out to make no codes.
    on_broken: Callback<()>,
    /// Runs when the member asks to close the sheet.
    on_close: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let chosen = move || shop.with(|shop| shop.as_ref().and_then(Load::value).cloned());
    let title = move || chosen().map_or_else(|| language.text().code_title.to_owned(), |shop| shop.name);
    let subtitle = move || match shop.get() {
        Some(Load::Ready { value, .. })
            if cities.with(|cities| !cities.is_empty() && !cities.contains(&value.city)) =>
        {
            language.text().shop_elsewhere.to_owned()
        }
        Some(Load::Ready { value, .. }) => language.formats().discount(value.discount_permille),
        Some(Load::Failed(ApiError::Problem(_))) => language.text().shop_unknown.to_owned(),
        Some(Load::Loading | Load::Failed(_)) | None => language.text().code_subtitle.to_owned(),
    };
    let announcement = move || match result.get() {
        Some(entry) => {
            let (text, formats) = (language.text(), language.formats());
            format!("{} {} {}", text.redeemed, entry.shop_name, (text.redeemed_saved)(&formats.money(entry.saved_fen)))
        }
        None => String::new(),
    };
    view! {
        <SheetFrame test_id="code-sheet" label=text(title) on_close>
            // Stands here before there is anything to say: screen readers announce what changes in it.
            <p class="visually-hidden" role="status">{text(announcement)}</p>
            <header class="code-sheet__head">
                <h2 class="code-sheet__title" dir="auto">{text(title)}</h2>
                <p class="code-sheet__subtitle">{text(subtitle)}</p>
            </header>
            {part(move || match result.get() {
                Some(entry) => view! { <RedemptionResult entry on_again=Callback::new(move |()| result.set(None)) on_close /> }.into_any(),
                None => match source.get() {
                    CodeSource::Preparing => view! { <Preparing /> }.into_any(),
                    CodeSource::Ready(credential) => view! { <CodePanel credential now on_broken /> }.into_any(),
                    CodeSource::Failed(error) => view! { <Failure error on_retry /> }.into_any(),
                    CodeSource::NoCard => view! { <Hopeless why=message(|text| text.no_card) /> }.into_any(),
                    CodeSource::Unsupported => view! { <Hopeless why=message(|text| text.code_unavailable) /> }.into_any(),
                },
            })}
        </SheetFrame>
    }
}

/// Holds the panel's place until the code is there.
#[component]
fn Preparing() -> impl IntoView {
    view! {
        <div class="code-panel code-panel--preparing" role="status">
            <span class="visually-hidden">{message(|text| text.code_preparing)}</span>
        </div>
    }
}

/// There is no code and no use in trying again.
#[component]
fn Hopeless(why: Text) -> impl IntoView {
    view! {
        <div class="failure" role="alert">
            <p class="failure__text">{why}</p>
        </div>
    }
}
