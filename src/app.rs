//! The page: its panels, their state, and the sheets.

mod code_sheet;
mod favourites;
mod host_events;
mod ledger;
mod live;
mod member;
mod member_events;
mod panels;
mod pin;
mod redemption;
mod requests;
mod rest;
mod results;
mod sheets;
mod shop_lookup;
mod shops;

use member_domain::{UnixMillis, wire::Shop};

use self::{
    code_sheet::code_sheet,
    host_events::notify_host,
    ledger::LedgerState,
    member::MemberState,
    member_events::EventState,
    panels::{code_pill, member_events, nearby_shops, reminders},
    pin::PinTries,
    redemption::RedemptionState,
    rest::use_rest_of_page,
    sheets::{event_sheet, savings_sheet, shop_sheet},
    shop_lookup::ShopLookup,
    shops::ShopState,
};
use crate::{
    clock::PageClock,
    features::{member_card::MemberCard, refund_banner::RefundBanner},
    host::{Features, Host},
    i18n::{Language, use_language},
    load::Load,
    navigation::Navigation,
    prelude::*,
    ui::{LanguageChoice, StatusRegion, line, message},
};

/// The whole page.
#[component]
pub fn App(
    /// The page's environment.
    host: Host,
    /// The open sheets.
    navigation: Navigation,
    /// Notifies when the host requests a refresh of all data.
    #[prop(optional)]
    refresh_requested: Option<Trigger>,
) -> impl IntoView {
    provide_context(host);
    let language = Language::start(host);
    provide_context(language);
    let clock = PageClock::start(host.store);
    let member = MemberState::start(host, clock);
    let shops = ShopState::new(host, navigation, clock);
    let redemption = RedemptionState::start(member, shops, navigation, clock);
    let pin = PinTries::start(redemption);
    let lookup = ShopLookup::new(navigation.shop(), shops);
    let events = EventState::new(host, navigation);
    let ledger = LedgerState::new(navigation, member);
    notify_host(host, member, redemption);

    let rest = use_rest_of_page(redemption);
    Effect::new(move |_| {
        if rest.is_ready.get() {
            // Runs once. The values read here change later, so they are not tracked.
            untrack(|| panels::begin(shops, lookup, events, ledger, redemption, clock));
        }
    });

    let show_code = Callback::new(move |()| navigation.open_code(None));
    let choose_shop = Callback::new(move |shop: Shop| {
        let id = shop.id.clone();
        lookup.set_shop(shop);
        navigation.open_shop(id);
    });
    let refresh = Callback::new(move |()| {
        member.refresh();
        shops.refresh();
        events.refresh();
    });
    if let Some(refresh_requested) = refresh_requested {
        Effect::new(move |before: Option<()>| {
            refresh_requested.track();
            if before.is_some() {
                refresh.run(());
            }
        });
    }
    let stale = move || member.me.with(Load::is_stale) || (rest.is_ready.get() && shops.is_stale());
    let since = Signal::derive(move || member.me.with(|me| me.value().map(|me| me.server_time)));
    let is_over = move || member.is_over();
    let card = NodeRef::<html::Div>::new();
    let has = move |feature: fn(Features) -> bool| feature(host.features.get());
    let lists = move || {
        view! {
            <Show when=move || is_over() && has(|features| features.shops)>
                {line("page__over", language.text().shops_after_end.to_owned())}
            </Show>
            <Show when=move || !is_over() && has(|features| features.events)>
                {member_events(events, shops, navigation)}
            </Show>
            <Show when=move || has(|features| features.shops)>
                {nearby_shops(shops, member, choose_shop)}
            </Show>
        }
    };
    view! {
        <main class="page">
            <StatusRegion>
                <Show when=stale><OfflineNote since on_retry=refresh /></Show>
            </StatusRegion>
            <div class="page__card" node_ref=card>
                <RefundBanner me=member.me today=member.today />
                <Show when=move || rest.is_ready.get() && has(|features| features.reminders)>
                    {reminders(member, events, navigation)}
                </Show>
                <MemberCard
                    me=member.me
                    today=member.today
                    on_show_code=show_code
                    on_savings=Callback::new(move |()| navigation.open_savings())
                    on_retry=Callback::new(move |()| member.refresh())
                />
            </div>
            <div class="page__list">
                // Always present, even while empty: screen readers announce changes only in an existing
                // element.
                <p class="page__late" role="status">
                    {move || if rest.is_late.get() { language.text().rest_is_late.to_owned() } else { String::new() }}
                </p>
                <Show when=move || rest.is_ready.get() fallback=|| view! { <div class="page__skeleton"></div> }>
                    {lists()}
                </Show>
            </div>
            <Show when=move || rest.is_ready.get() && has(|features| features.language_choice)>
                <Footer />
            </Show>
            <Show when=move || rest.is_ready.get()>{code_pill(card, member, navigation)}</Show>
        </main>
        // In stacking order, lowest first.
        <Show when=move || rest.is_ready.get() && ledger.open.get()>
            {savings_sheet(ledger, member, navigation)}
        </Show>
        <Show when=move || rest.is_ready.get() && events.open.get().is_some()>
            {event_sheet(events, navigation, clock)}
        </Show>
        <Show when=move || rest.is_ready.get() && lookup.id.get().is_some()>
            {shop_sheet(lookup, shops, redemption, member, navigation, clock)}
        </Show>
        <Show when=move || redemption.open.get()>
            {code_sheet(redemption, member, pin, navigation, clock)}
        </Show>
    }
}

/// A note that the data on screen may be out of date.
#[component]
fn OfflineNote(
    /// The server time of the last answer.
    since: Signal<Option<UnixMillis>>,
    /// Runs when the member taps the retry button.
    on_retry: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let note_text = move || match since.get() {
        Some(since) => (language.text().offline_since)(&language.formats().day_and_time(since)),
        None => language.text().offline.to_owned(),
    };
    view! {
        <p class="offline-note" data-testid="offline-note">
            {note_text}
            <button class="offline-note__retry" type="button" on:click=move |_| on_retry.run(())>
                {message(|text| text.retry)}
            </button>
        </p>
    }
}

#[component]
fn Footer() -> impl IntoView {
    view! {
        <footer class="page__footer">
            <LanguageChoice />
        </footer>
    }
}
