//! The page: its parts, what feeds them, and the sheets over them.

mod basis;
mod favourites;
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
    live::follow,
    member::MemberState,
    member_events::EventState,
    pin::PinTries,
    redemption::RedemptionState,
    sheets::{event_sheet, shop_sheet},
    shop_lookup::ShopLookup,
    shops::ShopState,
};
use crate::{
    clock::PageClock,
    features::{
        member_card::MemberCard,
        member_events::MemberEvents,
        nearby_shops::NearbyShops,
        redemption_code::{CodeSheet, CodeSheetActions},
        refund_banner::RefundBanner,
        reminders::Reminders,
    },
    i18n::{Language, use_language},
    load::Load,
    navigation::Navigation,
    ui::{message, part_if, press, text},
};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let language = Language::start();
    provide_context(language);
    let clock = PageClock::start();
    let navigation = Navigation::start();
    let member = MemberState::start(clock);
    let shops = ShopState::start(clock);
    let redemption = RedemptionState::start(member, shops, navigation, clock);
    let pin = PinTries::start(redemption);
    let shown = ShopLookup::start(navigation.shop(), shops);
    let events = EventState::start(navigation);
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
    let cities = Signal::derive(move || {
        let card = member.me.with(|me| me.value().and_then(|me| me.card.clone()));
        card.map(|card| card.cities).unwrap_or_default()
    });
    let offline = Signal::derive(move || member.me.with(Load::is_stale));
    // Only once the backend could not tell the time is the member asked.
    let time_guess = Signal::derive(move || if offline.get() { clock.guess() } else { None });
    let actions = CodeSheetActions {
        on_retry: Callback::new(move |()| redemption.retry()),
        on_broken: Callback::new(move |()| redemption.give_up_credential()),
        on_take_over: Callback::new(move |()| redemption.take_over()),
        on_vouch: Callback::new(move |()| clock.vouch()),
        on_pin: Callback::new(move |entry| pin.redeem(entry)),
        on_close: Callback::new(move |()| navigation.close()),
    };
    let sheet = move || {
        view! {
            <CodeSheet
                source=redemption.source
                now=clock.use_now()
                time_guess
                offline
                shop=redemption.shop
                cities
                pin=pin.state
                spent=redemption.spent
                result=redemption.result
                actions
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
                <MemberCard me=member.me on_show_code=show_code on_retry=Callback::new(move |()| member.refresh()) />
            </div>
            <div class="page__list">
                <MemberEvents
                    events=events.list
                    city=Signal::derive(move || shops.query.with(|query| query.city))
                    now=shops.now
                    on_choose=Callback::new(move |id| navigation.open_event(id))
                    on_retry=Callback::new(move |()| events.refresh())
                />
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
        {part_if(move || events.open.get().is_some(), move || event_sheet(events, navigation, clock))}
        {part_if(move || shown.id.get().is_some(), move || shop_sheet(shown, shops, redemption, navigation, clock))}
        {part_if(move || redemption.open.get(), sheet)}
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
    let language = use_language();
    let switch = move || language.choose(language.locale().other());
    view! {
        <footer class="page__footer">
            <button
                class="button button--quiet"
                type="button"
                lang=text(move || language.locale().other().tag().to_owned())
                on:click=press(switch)
            >
                {message(|text| text.switch_language)}
            </button>
        </footer>
    }
}
