//! Connects the shop, event and savings sheets with their state. The second wasm file contains their code
//! (`tools/page/split.mjs`). Each function is `inline(never)`: inlined code would move into the first file.

use super::{
    ledger::LedgerState, member::MemberState, member_events::EventState, redemption::RedemptionState,
    shop_lookup::ShopLookup, shops::ShopState,
};
use crate::{
    clock::PageClock,
    features::{member_events::EventSheet, savings::SavingsSheet, shop_sheet::ShopSheet},
    load::Load,
    navigation::Navigation,
    prelude::*,
};

#[inline(never)]
pub(super) fn shop_sheet(
    lookup: ShopLookup,
    shops: ShopState,
    redemption: RedemptionState,
    member: MemberState,
    navigation: Navigation,
    clock: PageClock,
) -> AnyView {
    let distance = move || lookup.shop.with(|shop| shops.distance_to(shop.as_ref().and_then(Load::value)?));
    let favourite = move || lookup.id.with(|id| id.as_ref().is_some_and(|id| shops.favourites.has(id)));
    let on_favourite = move |()| {
        if let Some(shop) = lookup.shop.with_untracked(|shop| shop.as_ref().and_then(Load::value).cloned()) {
            shops.toggle_favourite(&shop);
        }
    };
    let on_show_code = move |()| {
        let Some(shop) = lookup.shop.with_untracked(|shop| shop.as_ref().and_then(Load::value).cloned()) else {
            return;
        };
        let id = shop.id.clone();
        redemption.set_shop(shop);
        navigation.open_code(Some(id));
    };
    view! {
        <ShopSheet
            shop=lookup.shop
            now=clock.use_now()
            distance=Signal::derive(distance)
            favourite=Signal::derive(favourite)
            over=Signal::derive(move || member.is_over())
            on_favourite=Callback::new(on_favourite)
            on_show_code=Callback::new(on_show_code)
            on_retry=Callback::new(move |()| lookup.retry())
            on_close=Callback::new(move |()| navigation.close())
        />
    }
    .into_any()
}

#[inline(never)]
pub(super) fn event_sheet(events: EventState, navigation: Navigation, clock: PageClock) -> AnyView {
    view! {
        <EventSheet
            event=Signal::derive(move || events.open_event())
            now=clock.use_now()
            step=Signal::derive(move || events.sign_up_step())
            on_sign_up=Callback::new(move |()| events.set_sign_up(true))
            on_cancel=Callback::new(move |()| events.set_sign_up(false))
            on_shop=Callback::new(move |id| navigation.open_shop(id))
            on_retry=Callback::new(move |()| events.refresh())
            on_close=Callback::new(move |()| navigation.close())
        />
    }
    .into_any()
}

#[inline(never)]
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
            on_earlier=Callback::new(move |()| ledger.load_earlier())
            on_shop=Callback::new(move |id| navigation.open_shop(id))
            on_retry=Callback::new(retry)
            on_close=Callback::new(move |()| navigation.close())
        />
    }
    .into_any()
}
