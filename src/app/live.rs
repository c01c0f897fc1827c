//! Live updates: by server-sent events, by polling without a stream, and by a refresh when the page wakes.
//! `page_core::live` makes the decisions.

use std::time::Duration;

use leptos::ev;
use page_core::{
    Live,
    live::{Circumstances, Effect as Outcome, Event},
};
use wasm_bindgen_futures::spawn_local;

use super::{
    member::MemberState, member_events::EventState, redemption::RedemptionState, shop_lookup::ShopLookup,
    shops::ShopState,
};
use crate::{
    api::{LiveEvent, LiveEvents},
    clock::{PageClock, use_interval, use_rest, use_wake},
    load::Load,
    prelude::*,
};

/// The open sheet's polling period without a stream: a result appears within two seconds.
const POLL: Duration = Duration::from_millis(1_500);
/// The open sheet's polling period with a stream. Also the period for reopening a stream that the browser
/// closed for good.
const CHECK: Duration = Duration::from_secs(10);

/// Keeps the page up to date while the owner lives.
pub(super) fn follow(
    member: MemberState,
    shops: ShopState,
    shown: ShopLookup,
    events: EventState,
    redemption: RedemptionState,
    clock: PageClock,
) {
    let (state, stream) = (StoredValue::new(Live::default()), StoredValue::new_local(None));
    let follower = Follower { state, stream, member, shops, shown, events, redemption, clock };
    let known = Memo::new(move |_| member.me.with(|me| me.value().is_some()));
    Effect::new(move |_| follower.take(Event::Known(known.get())));
    Effect::new(move |_| {
        if clock.is_lost() {
            follower.take(Event::TimeLost);
        }
    });
    use_interval(POLL, move || follower.take(Event::Poll));
    use_interval(CHECK, move || follower.take(Event::Check));
    use_wake(move || follower.take(Event::Woken));
    use_rest(move || clock.remember());
    let offline = window_event_listener(ev::offline, move |_| follower.take(Event::Offline));
    on_cleanup(move || {
        offline.remove();
        drop(stream.try_update_value(Option::take));
    });
}

/// The state of live updates and the states they refresh.
#[derive(Clone, Copy)]
struct Follower {
    state: StoredValue<Live>,
    stream: StoredValue<Option<LiveEvents>, LocalStorage>,
    member: MemberState,
    shops: ShopState,
    shown: ShopLookup,
    events: EventState,
    redemption: RedemptionState,
    clock: PageClock,
}

impl Follower {
    /// The current circumstances, unless the page is unmounted.
    fn circumstances(self) -> Option<Circumstances> {
        let is_given_up = |stream: &Option<LiveEvents>| stream.as_ref().is_some_and(LiveEvents::is_closed);
        Some(Circumstances {
            is_known: self.member.is_known_untracked(),
            is_open: self.redemption.open.try_get_untracked()?,
            is_member_stale: self.member.me.try_with_untracked(Load::is_stale)?,
            are_events_stale: self.events.list.try_with_untracked(Load::is_stale)?,
            has_time: self.clock.now().is_some(),
            is_given_up: self.stream.try_with_value(is_given_up)?,
        })
    }

    fn take(self, event: Event) {
        let Some(at) = self.circumstances() else { return };
        for outcome in self.state.try_update_value(|state| state.update(event, at)).unwrap_or_default() {
            self.carry_out(outcome);
        }
    }

    fn carry_out(self, outcome: Outcome) {
        match outcome {
            Outcome::OpenStream => {
                self.stream.set_value(self.member.host.api.live_events(move |event| self.take(told(event))));
            }
            Outcome::CloseStream => drop(self.stream.try_update_value(Option::take)),
            Outcome::AskForResult => spawn_local(async move {
                let newest = self.member.host.api.latest_redemptions().await.ok();
                if let Some(entry) = newest.and_then(|page| page.value.redemptions.into_iter().next()) {
                    self.redemption.redeemed(entry);
                }
            }),
            Outcome::TakeIn(entry) => self.redemption.redeemed(entry),
            Outcome::AskForMember => self.member.refresh(),
            Outcome::AskForEvents => self.events.refresh(),
            Outcome::AskForShops => self.shops.refresh(),
            Outcome::AskForMissingShops => self.shops.look_again(),
            Outcome::AskForMissingShop => {
                self.redemption.look_up_again();
                self.shown.look_again();
            }
            Outcome::LookAtCodes => self.redemption.look_again(),
            Outcome::LookAtClock => self.clock.check(),
        }
    }
}

/// Converts a stream event for `page_core::live`.
fn told(event: LiveEvent) -> Event {
    match event {
        LiveEvent::Connected => Event::Connected,
        LiveEvent::Disconnected => Event::Disconnected,
        LiveEvent::Redeemed(entry) => Event::Redeemed(entry),
        LiveEvent::MemberEvent => Event::MemberEvent,
        LiveEvent::Changed => Event::Changed,
    }
}
