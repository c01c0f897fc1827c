//! The sheet of one event.

use member_domain::{
    UnixMillis,
    wire::{MemberEvent, ProblemKind, SignUpState},
};

use super::{
    SignUpStep,
    places::Places,
    words::{seats, sign_up_status, venue, when},
};
use crate::{
    api::ApiError,
    features::shop_sheet::map_links,
    host::use_host,
    i18n::{Language, use_language},
    load::Load,
    prelude::*,
    ui::{Failure, SheetFrame, Stale, fact, facts, line, message, restore_focus},
};

const MAP_HOOKS: [&str; 3] = ["event-map-amap", "event-map-apple", "event-map-geo"];

/// The event's sheet. Mounting it opens it.
#[component]
pub fn EventSheet(
    /// The event, as far as it is loaded.
    #[prop(into)]
    event: Signal<Load<MemberEvent>>,
    /// The current instant.
    #[prop(into)]
    now: Signal<Option<UnixMillis>>,
    /// State of the last request to sign up or cancel.
    #[prop(into)]
    step: Signal<SignUpStep>,
    /// Runs when the member signs up or joins the waiting list.
    on_sign_up: Callback<()>,
    /// Runs when the member cancels the seat or the place on the waiting list.
    on_cancel: Callback<()>,
    /// Runs with the venue's shop id when the member opens that shop.
    on_shop: Callback<String>,
    /// Runs when the member taps the retry button.
    on_retry: Callback<()>,
    /// Runs when the member closes the sheet.
    on_close: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let known = Memo::new(move |_| event.with(|event| event.value().cloned()));
    let error = Memo::new(move |_| match event.get() {
        Load::Failed(error) => Some(error),
        _ => None,
    });
    let title = move || known.with(|event| event.as_ref().map(|event| event.title.clone())).unwrap_or_default();
    let body = move || match (known.get(), error.get()) {
        (Some(event), _) => about(&event, on_shop, language),
        (None, Some(ApiError::Problem(ProblemKind::NotFound))) => {
            line("sheet-gone", language.text().no_such_event.to_owned())
        }
        (None, Some(error)) => view! { <Failure error on_retry /> }.into_any(),
        (None, None) => view! {
            <div class="sheet-skeleton" role="status" aria-busy="true" aria-label=message(|text| text.loading)>
                <i></i>
                <i></i>
                <i></i>
            </div>
        }
        .into_any(),
    };
    let host = use_host();
    // The focused button may have been removed.
    Effect::new(move |before: Option<()>| {
        known.track();
        if before.is_some() {
            restore_focus(host);
        }
    });
    let places = move || view! { <Places event=known now step on_sign_up on_cancel /> };
    view! {
        <SheetFrame test_id="event-sheet" label=Signal::derive(title) on_close>
            <div class="sheet-page">
                <Stale when=Signal::derive(move || event.with(Load::is_stale)) on_retry />
                {body}
            </div>
            <Show when=move || known.with(Option::is_some)>{places()}</Show>
        </SheetFrame>
    }
}

/// All details of the event.
fn about(event: &MemberEvent, on_shop: Callback<String>, language: Language) -> AnyView {
    let text = language.text();
    let [of_time, of_venue, of_seats] = text.event_labels;
    let until = event.ends_at.map(|at| format!("–{}", language.formats().time(at))).unwrap_or_default();
    let address = event.address.clone().map(|address| line("event-sheet__address", address));
    let shop = event.shop_id.clone().map(|id| {
        view! {
            <button
                class="link-button event-sheet__shop"
                type="button"
                data-testid="event-shop"
                on:click=move |_| on_shop.run(id.clone())
            >
                {text.event_shop}
            </button>
        }
    });
    let place = vec![venue(event).into_any(), address.into_any(), shop.into_any()];
    let seats =
        format!("{} · {}", seats(event, language), (text.event_seats_in_all)(&language.formats().count(event.seats)));
    let maps = event.place.map(|place| fact(text.maps, map_links(MAP_HOOKS, place, &event.venue, language)));
    let entries = [
        Some(fact(of_time, (when(event, language) + &until).into_any())),
        Some(fact(of_venue, place.into_any())),
        maps,
        Some(fact(of_seats, view! { <span data-testid="event-seats">{seats}</span> }.into_any())),
    ];
    let hint = (event.sign_up.state == SignUpState::Waiting)
        .then(|| line("sheet-section__quiet", text.event_waiting_hint.to_owned()));
    view! {
        <header class="sheet-head">
            <h2 class="sheet-head__title" dir="auto">{event.title.clone()}</h2>
            {line("event-sheet__standing", sign_up_status(event, language))}
        </header>
        {hint}
        {facts(entries.into_iter().flatten().collect())}
        {event.about.clone().map(|about| line("event-sheet__about", about))}
    }
    .into_any()
}
