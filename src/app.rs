//! The page: the four parts, what feeds them, and the sheet over them.

mod live;
mod member;
mod redemption;
mod shops;

use leptos::prelude::*;
use member_domain::wire::Shop;

use self::{live::follow, member::MemberState, redemption::RedemptionState, shops::ShopState};
use crate::{
    clock::PageClock,
    features::{
        member_card::MemberCard, nearby_shops::NearbyShops, redemption_code::CodeSheet, refund_banner::RefundBanner,
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
    let clock = PageClock::default();
    let navigation = Navigation::start();
    let member = MemberState::start(clock);
    let shops = ShopState::start();
    let redemption = RedemptionState::start(member, navigation, clock);
    follow(member, shops, redemption, clock);

    let show_code = Callback::new(move |()| navigation.open_code(None));
    let choose_shop = Callback::new(move |shop: Shop| {
        let id = shop.id.clone();
        redemption.know_shop(shop);
        navigation.open_code(Some(id));
    });
    let refresh = Callback::new(move |()| {
        member.refresh();
        shops.refresh();
    });
    let stale = move || member.me.with(Load::is_stale) || shops.page.with(Load::is_stale);
    let cities = Signal::derive(move || {
        let card = member.me.with(|me| me.value().and_then(|me| me.card.clone()));
        card.map(|card| card.cities).unwrap_or_default()
    });
    let sheet = move || {
        view! {
            <CodeSheet
                source=redemption.source
                now=clock.use_now()
                shop=redemption.shop
                cities=cities
                result=redemption.result
                on_retry=Callback::new(move |()| redemption.retry())
                on_broken=Callback::new(move |()| redemption.give_up_credential())
                on_close=Callback::new(move |()| navigation.close())
            />
        }
        .into_any()
    };

    view! {
        <main class="page">
            {part_if(stale, move || view! { <OfflineNote on_retry=refresh /> }.into_any())}
            <div class="page__card">
                <RefundBanner me=member.me />
                <MemberCard me=member.me on_show_code=show_code on_retry=Callback::new(move |()| member.refresh()) />
            </div>
            <div class="page__list">
                <NearbyShops
                    shops=shops.page
                    query=shops.query
                    place=shops.place
                    on_locate=Callback::new(move |()| shops.locate())
                    on_retry=Callback::new(move |()| shops.refresh())
                    on_more=Callback::new(move |()| shops.more())
                    on_choose=choose_shop
                />
            </div>
            <Footer />
        </main>
        {part_if(move || redemption.open.get(), sheet)}
    }
}

/// What is on screen may be out of date.
#[component]
fn OfflineNote(on_retry: Callback<()>) -> impl IntoView {
    view! {
        <p class="offline-note" data-testid="offline-note" role="status">
            {message(|text| text.stale)}
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
