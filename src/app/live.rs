//! Live updates: by server-sent events, by polling without a stream, and by a refresh when the page wakes.
//! `page_core::live` makes the decisions.

use std::time::Duration;

use leptos::ev;
use page_core::{
    RefreshRules,
    live::{Circumstances, Effect as CoreEffect, Event},
    member::member_and_card,
};
use wasm_bindgen_futures::spawn_local;

use super::{
    member::MemberState, member_events::EventState, redemption::RedemptionState, shop_lookup::ShopLookup,
    shops::ShopState,
};
use crate::{
    api::{LiveEvent, LiveEvents},
    clock::{PageClock, use_interval, use_page_hide, use_page_resume},
    load::Load,
    prelude::*,
};

/// The open sheet's polling period without a stream: a result appears within two seconds.
const POLL: Duration = Duration::from_millis(1_500);
/// The open sheet's polling period with a stream. Also the period for reopening a stream that the browser
/// closed for good.
const CHECK: Duration = Duration::from_secs(10);

/// Keeps the page up to date while the owner lives.
pub(super) fn start_updates(
    member: MemberState,
    shops: ShopState,
    lookup: ShopLookup,
    events: EventState,
    redemption: RedemptionState,
    clock: PageClock,
) {
    let (state, stream) = (StoredValue::new(RefreshRules::default()), StoredValue::new_local(None));
    let updates = LiveUpdates { state, stream, member, shops, lookup, events, redemption, clock };
    let identity = Memo::new(move |_| member.me.with(|me| me.value().map(member_and_card)));
    Effect::new(move |previous: Option<Option<String>>| {
        let current = identity.get();
        // The stream belongs to one member.
        if previous.flatten().is_some_and(|previous| Some(&previous) != current.as_ref()) {
            updates.handle(Event::MemberKnown(false));
        }
        updates.handle(Event::MemberKnown(current.is_some()));
        current
    });
    Effect::new(move |_| {
        if clock.is_lost() {
            updates.handle(Event::TimeLost);
        }
    });
    use_interval(POLL, move || updates.handle(Event::Poll));
    use_interval(CHECK, move || updates.handle(Event::Check));
    use_page_resume(move || updates.handle(Event::PageResumed));
    use_page_hide(move || clock.store_mark());
    let offline = window_event_listener(ev::offline, move |_| updates.handle(Event::Offline));
    on_cleanup(move || {
        offline.remove();
        drop(stream.try_update_value(Option::take));
    });
}

/// The state of live updates and the states they refresh.
#[derive(Clone, Copy)]
struct LiveUpdates {
    state: StoredValue<RefreshRules>,
    stream: StoredValue<Option<LiveEvents>, LocalStorage>,
    member: MemberState,
    shops: ShopState,
    lookup: ShopLookup,
    events: EventState,
    redemption: RedemptionState,
    clock: PageClock,
}

impl LiveUpdates {
    /// The current circumstances, unless the page is unmounted.
    fn circumstances(self) -> Option<Circumstances> {
        let is_stream_closed = |stream: &Option<LiveEvents>| stream.as_ref().is_some_and(LiveEvents::is_closed);
        Some(Circumstances {
            is_member_known: self.member.is_known_untracked(),
            is_open: self.redemption.open.try_get_untracked()?,
            has_shown_code: self.redemption.has_shown_code.try_get_value()?,
            is_member_stale: self.member.me.try_with_untracked(Load::is_stale)?,
            are_events_stale: self.events.list.try_with_untracked(Load::is_stale)?,
            has_time: self.clock.now().is_some(),
            is_stream_closed: self.stream.try_with_value(is_stream_closed)?,
        })
    }

    fn handle(self, event: Event) {
        let Some(at) = self.circumstances() else { return };
        for effect in self.state.try_update_value(|state| state.update(event, at)).unwrap_or_default() {
            self.run_effect(effect);
        }
    }

    fn run_effect(self, effect: CoreEffect) {
        match effect {
            CoreEffect::OpenStream => {
                let me = self.member.me;
                let member = me.try_with_untracked(|me| me.value().map(member_and_card)).flatten().unwrap_or_default();
                let on_event = move |event| self.handle(to_live_event(event));
                self.stream.set_value(self.member.host.api.live_events(&member, on_event));
            }
            CoreEffect::CloseStream => drop(self.stream.try_update_value(Option::take)),
            CoreEffect::RequestResult => spawn_local(async move {
                let newest = self.member.host.api.latest_redemptions().await.ok();
                if let Some(entry) = newest.and_then(|page| page.value.redemptions.into_iter().next()) {
                    self.redemption.record_redemption(entry);
                }
            }),
            CoreEffect::HandleRedemption(entry) => self.redemption.record_redemption(entry),
            CoreEffect::RequestMember => self.member.refresh(),
            CoreEffect::RequestEvents => self.events.refresh(),
            CoreEffect::RequestShops => self.shops.refresh(),
            CoreEffect::RetryShops => self.shops.retry_if_failed(),
            CoreEffect::RetryShop => {
                self.redemption.retry_shop();
                self.lookup.retry_if_failed();
            }
            CoreEffect::CheckCodes => self.redemption.check_time(),
            CoreEffect::CheckClock => self.clock.check(),
        }
    }
}

/// Converts a stream event for `page_core::live`.
fn to_live_event(event: LiveEvent) -> Event {
    match event {
        LiveEvent::Connected => Event::Connected,
        LiveEvent::Disconnected => Event::Disconnected,
        LiveEvent::Redeemed(entry) => Event::Redeemed(entry),
        LiveEvent::MemberEvent => Event::MemberEvent,
        LiveEvent::Changed => Event::Changed,
    }
}
