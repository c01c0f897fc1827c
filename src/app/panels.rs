//! Connects the panels that a host app may omit with their state. The second wasm file contains their code
//! (`tools/page/split.mjs`). Each function is `inline(never)`: inlined code would move into the first file.

use member_domain::wire::{CardState, Shop};

use super::{
    ledger::LedgerState, live::start_updates, member::MemberState, member_events::EventState,
    redemption::RedemptionState, shop_lookup::ShopLookup, shops::ShopState,
};
use crate::{
    clock::PageClock,
    features::{member_card::CodePill, member_events::MemberEvents, nearby_shops::NearbyShops, reminders::Reminders},
    navigation::Navigation,
    prelude::*,
};

#[inline(never)]
pub(super) fn reminders(member: MemberState, events: EventState, navigation: Navigation) -> AnyView {
    view! {
        <Reminders
            me=member.me
            events=events.list
            today=member.today
            on_event=Callback::new(move |id| navigation.open_event(id))
        />
    }
    .into_any()
}

#[inline(never)]
pub(super) fn member_events(events: EventState, shops: ShopState, navigation: Navigation) -> AnyView {
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
}

#[inline(never)]
pub(super) fn nearby_shops(shops: ShopState, member: MemberState, on_choose: Callback<Shop>) -> AnyView {
    view! {
        <NearbyShops
            list=shops.list
            query=shops.query
            place=shops.place
            now=shops.now
            more=shops.more
            searching=Signal::derive(move || shops.is_searching())
            quick=Signal::derive(move || shops.is_quick())
            over=Signal::derive(move || member.is_over())
            on_locate=Callback::new(move |()| shops.locate())
            on_retry=Callback::new(move |()| shops.refresh())
            on_more=Callback::new(move |()| shops.load_more())
            on_choose=on_choose
        />
    }
    .into_any()
}

#[inline(never)]
pub(super) fn code_pill(card: NodeRef<html::Div>, member: MemberState, navigation: Navigation) -> AnyView {
    let active = move || {
        member
            .me
            .with(|me| me.value().and_then(|me| me.card.as_ref()).is_some_and(|card| card.state == CardState::Active))
    };
    let on_show_code = Callback::new(move |()| navigation.open_code(None));
    view! { <CodePill card active=Signal::derive(active) on_show_code /> }.into_any()
}

/// Starts the state of the panels and their sheets.
#[inline(never)]
pub(super) fn begin(
    shops: ShopState,
    lookup: ShopLookup,
    events: EventState,
    ledger: LedgerState,
    redemption: RedemptionState,
    clock: PageClock,
) {
    let member = redemption.member;
    shops.begin();
    redemption.find_in_lists();
    lookup.find_in_lists();
    lookup.begin();
    events.begin();
    ledger.begin(member);
    start_updates(member, shops, lookup, events, redemption, clock);
    let is_member_known = Memo::new(move |_| member.me.with(|me| me.value().is_some()));
    Effect::new(move |_| {
        if is_member_known.get() {
            untrack(|| shops.favourites.sync());
        }
    });
}
