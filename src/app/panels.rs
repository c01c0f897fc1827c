//! The panels that a host app may leave out, connected with what feeds them.

use member_domain::wire::Shop;

use super::{member::MemberState, member_events::EventState, shops::ShopState};
use crate::{
    features::{member_events::MemberEvents, nearby_shops::NearbyShops, reminders::Reminders},
    navigation::Navigation,
    prelude::*,
};

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

pub(super) fn nearby_shops(shops: ShopState, on_choose: Callback<Shop>) -> AnyView {
    view! {
        <NearbyShops
            list=shops.list
            query=shops.query
            place=shops.place
            now=shops.now
            more=shops.more
            searching=Signal::derive(move || shops.is_searching())
            quick=Signal::derive(move || shops.is_quick())
            on_locate=Callback::new(move |()| shops.locate())
            on_retry=Callback::new(move |()| shops.refresh())
            on_more=Callback::new(move |()| shops.more())
            on_choose=on_choose
        />
    }
    .into_any()
}
