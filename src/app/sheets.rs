//! The sheets of the code, of a shop, of an event and about savings, connected with what feeds them.

use super::{
    ledger::LedgerState, member::MemberState, member_events::EventState, pin::PinTries, redemption::RedemptionState,
    shop_lookup::ShopLookup, shops::ShopState,
};
use crate::{
    clock::PageClock,
    features::{
        member_events::EventSheet,
        redemption_code::{CodeSheet, CodeSheetActions},
        savings::SavingsSheet,
        shop_sheet::ShopSheet,
    },
    load::Load,
    navigation::Navigation,
    prelude::*,
};

pub(super) fn shop_sheet(
    shown: ShopLookup,
    shops: ShopState,
    redemption: RedemptionState,
    member: MemberState,
    navigation: Navigation,
    clock: PageClock,
) -> AnyView {
    let distance = move || shown.shop.with(|shop| shops.distance_to(shop.as_ref().and_then(Load::value)?));
    let favourite = move || shown.id.with(|id| id.as_ref().is_some_and(|id| shops.favourites.has(id)));
    let on_favourite = move |()| {
        if let Some(shop) = shown.shop.with_untracked(|shop| shop.as_ref().and_then(Load::value).cloned()) {
            shops.toggle_favourite(&shop);
        }
    };
    let on_show_code = move |()| {
        let Some(shop) = shown.shop.with_untracked(|shop| shop.as_ref().and_then(Load::value).cloned()) else { return };
        let id = shop.id.clone();
        redemption.know_shop(shop);
        navigation.open_code(Some(id));
    };
    view! {
        <ShopSheet
            shop=shown.shop
            now=clock.use_now()
            distance=Signal::derive(distance)
            favourite=Signal::derive(favourite)
            over=Signal::derive(move || member.is_over())
            on_favourite=Callback::new(on_favourite)
            on_show_code=Callback::new(on_show_code)
            on_retry=Callback::new(move |()| shown.retry())
            on_close=Callback::new(move |()| navigation.close())
        />
    }
    .into_any()
}

pub(super) fn event_sheet(events: EventState, navigation: Navigation, clock: PageClock) -> AnyView {
    view! {
        <EventSheet
            event=Signal::derive(move || events.shown())
            now=clock.use_now()
            step=Signal::derive(move || events.step())
            on_sign_up=Callback::new(move |()| events.change(true))
            on_cancel=Callback::new(move |()| events.change(false))
            on_shop=Callback::new(move |id| navigation.open_shop(id))
            on_retry=Callback::new(move |()| events.refresh())
            on_close=Callback::new(move |()| navigation.close())
        />
    }
    .into_any()
}

pub(super) fn savings_sheet(ledger: LedgerState, member: MemberState, navigation: Navigation) -> AnyView {
    let retry = move |()| {
        member.refresh();
        ledger.refresh();
    };
    view! {
        <SavingsSheet
            me=member.me
            pages=ledger.pages
            earlier=ledger.earlier
            today=member.today
            on_earlier=Callback::new(move |()| ledger.earlier())
            on_shop=Callback::new(move |id| navigation.open_shop(id))
            on_retry=Callback::new(retry)
            on_close=Callback::new(move |()| navigation.close())
        />
    }
    .into_any()
}

pub(super) fn code_sheet(
    redemption: RedemptionState,
    member: MemberState,
    pin: PinTries,
    navigation: Navigation,
    clock: PageClock,
) -> AnyView {
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
            shown=redemption.shown
            result=redemption.result
            actions
        />
    }
    .into_any()
}
