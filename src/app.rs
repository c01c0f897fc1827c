//! The page: its parts, what feeds them, and the sheets over them.

mod basis;
mod favourites;
mod ledger;
mod live;
mod member;
mod member_events;
mod pin;
mod redemption;
mod sheets;
mod shop_lookup;
mod shops;

use leptos::prelude::*;
use member_domain::{UnixMillis, wire::Shop};

use self::{
    ledger::LedgerState,
    live::follow,
    member::MemberState,
    member_events::EventState,
    pin::PinTries,
    redemption::RedemptionState,
    sheets::{code_sheet, event_sheet, savings_sheet, shop_sheet},
    shop_lookup::ShopLookup,
    shops::ShopState,
};
use crate::{
    clock::PageClock,
    features::{
        member_card::MemberCard, member_events::MemberEvents, nearby_shops::NearbyShops, refund_banner::RefundBanner,
        reminders::Reminders,
    },
    i18n::{Language, use_language},
    load::Load,
    navigation::Navigation,
    ui::{LanguageChoice, line, message, part_if, press, text},
};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let language = Language::start(None);
    language.title_document();
    if let Some(root) = document().document_element() {
        language.mark(root);
    }
    provide_context(language);
    let clock = PageClock::start();
    let navigation = Navigation::start();
    let member = MemberState::start(clock);
    let shops = ShopState::start(clock);
    let redemption = RedemptionState::start(member, shops, navigation, clock);
    let pin = PinTries::start(redemption);
    let shown = ShopLookup::start(navigation.shop(), shops);
    let events = EventState::start(navigation);
    let ledger = LedgerState::start(navigation, member);
    follow(member, shops, shown, events, redemption, clock);

    let show_code = Callback::new(move |()| navigation.open_code(None));
    let choose_shop = Callback::new(move |shop: Shop| {
        let id = shop.id.clone();
        shown.know(shop);
        navigation.open_shop(id);
    });
    let refresh = Callback::new(move |()| {
        member.refresh();
        shops.refresh();
        events.refresh();
    });
    let stale = move || member.me.with(Load::is_stale) || shops.is_stale();
    let since = Signal::derive(move || member.me.with(|me| me.value().map(|me| me.server_time)));
    let over = move || member.is_over();
    let member_events = move || {
        view! {
            <MemberEvents
                events=events.list
                city=Signal::derive(move || shops.query.with(|query| query.city))
                now=shops.now
                on_choose=Callback::new(move |id| navigation.open_event(id))
                on_retry=Callback::new(move |()| events.refresh())
            />
        }
        .into_any()
    };

    view! {
        <main class="page">
            {part_if(stale, move || view! { <OfflineNote since on_retry=refresh /> }.into_any())}
            <div class="page__card">
                <RefundBanner me=member.me today=member.today />
                <Reminders
                    me=member.me
                    events=events.list
                    today=member.today
                    on_event=Callback::new(move |id| navigation.open_event(id))
                />
                <MemberCard
                    me=member.me
                    today=member.today
                    on_show_code=show_code
                    on_savings=Callback::new(move |()| navigation.open_savings())
                    on_retry=Callback::new(move |()| member.refresh())
                />
            </div>
            <div class="page__list">
                {part_if(over, move || line("page__over", language.text().shops_after_end.to_owned()))}
                {part_if(move || !over(), member_events)}
                <NearbyShops
                    list=shops.list
                    query=shops.query
                    place=shops.place
                    now=shops.now
                    more=shops.more
                    searching=Signal::derive(move || shops.is_searching())
                    on_locate=Callback::new(move |()| shops.locate())
                    on_retry=Callback::new(move |()| shops.refresh())
                    on_more=Callback::new(move |()| shops.more())
                    on_choose=choose_shop
                />
            </div>
            <Footer />
        </main>
        // In the order in which they can lie over each other.
        {part_if(move || ledger.open.get(), move || savings_sheet(ledger, member, navigation))}
        {part_if(move || events.open.get().is_some(), move || event_sheet(events, navigation, clock))}
        {part_if(move || shown.id.get().is_some(), move || shop_sheet(shown, shops, redemption, member, navigation, clock))}
        {part_if(move || redemption.open.get(), move || code_sheet(redemption, member, pin, navigation, clock))}
    }
}

/// What is on screen may be out of date.
#[component]
fn OfflineNote(
    /// When the backend was last reached.
    since: Signal<Option<UnixMillis>>,
    /// Runs when the member asks to try again.
    on_retry: Callback<()>,
) -> impl IntoView {
    let language = use_language();
    let said = move || match since.get() {
        Some(since) => (language.text().offline_since)(&language.formats().day_and_time(since)),
        None => language.text().offline.to_owned(),
    };
    view! {
        <p class="offline-note" data-testid="offline-note" role="status">
            {text(said)}
            <button class="offline-note__retry" type="button" on:click=press(move || on_retry.run(()))>
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
