//! What happens elsewhere reaches the page here: through server-sent events, by asking while there are none, and by asking
//! again whenever the page comes back.

use std::time::Duration;

use leptos::ev;
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

/// How often the open sheet asks for the ledger while nothing else tells: a result shows within two seconds.
const POLL: Duration = Duration::from_millis(1_500);
/// How often it asks although a stream stands, since a stream can be dead without anybody noticing; also how often a
/// stream that the browser gave up is opened again.
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
    let stream = Stream::start(member, events, redemption);
    let ask = move || {
        if redemption.open.get_untracked() && member.is_known_untracked() {
            spawn_local(async move {
                let newest = member.host.api.latest_redemptions().await.ok();
                let newest = newest.and_then(|page| page.value.redemptions.into_iter().next());
                if let Some(entry) = newest {
                    redemption.redeemed(entry);
                }
            });
        }
    };
    use_interval(POLL, move || {
        if !stream.connected.get_untracked() {
            ask();
        }
    });
    use_interval(CHECK, move || {
        stream.reopen();
        ask();
        redemption.look_again();
        // What could not be had once is asked for again, also when the browser does not say that it is back online.
        if member.me.with_untracked(Load::is_stale) {
            member.refresh();
        }
        shops.look_again();
        if events.list.with_untracked(Load::is_stale) {
            events.refresh();
        }
        // Without the time there is no code; it may have been asked for in vain.
        if redemption.open.get_untracked() && clock.now().is_none() {
            member.refresh();
        }
    });
    // Asking fails at once, and what is on screen says how old it is.
    let offline = window_event_listener(ev::offline, move |_| {
        member.refresh();
        shops.refresh();
    });
    on_cleanup(move || offline.remove());
    use_rest(move || clock.remember());
    use_wake(move || {
        clock.check();
        redemption.look_again();
        redemption.look_up_again();
        shown.look_again();
        member.refresh();
        shops.refresh();
        events.refresh();
    });
    Effect::new(move |_| {
        if clock.is_lost() && member.is_known_untracked() {
            member.refresh();
        }
    });
}

/// The page's stream of events, opened once the member is known.
#[derive(Clone, Copy)]
struct Stream {
    events: StoredValue<Option<LiveEvents>, LocalStorage>,
    connected: RwSignal<bool>,
    member: MemberState,
    member_events: EventState,
    redemption: RedemptionState,
}

impl Stream {
    fn start(member: MemberState, member_events: EventState, redemption: RedemptionState) -> Self {
        let (events, connected) = (StoredValue::new_local(None), RwSignal::new(false));
        let stream = Self { events, connected, member, member_events, redemption };
        let known = Memo::new(move |_| member.me.with(|me| me.value().is_some()));
        Effect::new(move |_| {
            if !known.get() {
                // Signed out: the next member's page has a stream of its own.
                drop(stream.events.try_update_value(Option::take));
                stream.connected.set(false);
            } else if stream.events.with_value(Option::is_none) {
                stream.open();
            }
        });
        on_cleanup(move || drop(stream.events.try_update_value(Option::take)));
        stream
    }

    fn open(self) {
        let Self { connected, member, member_events, redemption, .. } = self;
        let opened = member.host.api.live_events(move |event| match event {
            LiveEvent::Connected => {
                let _ = connected.try_set(true);
                if member.me.try_with_untracked(Load::is_stale) == Some(true) {
                    member.refresh();
                }
            }
            LiveEvent::Disconnected => {
                // The network may be gone: asking tells.
                if connected.try_get_untracked() == Some(true) {
                    member.refresh();
                }
                let _ = connected.try_set(false);
            }
            LiveEvent::Redeemed(entry) => redemption.redeemed(entry),
            LiveEvent::MemberEvent => member_events.refresh(),
            LiveEvent::Changed => {
                member.refresh();
                member_events.refresh();
            }
        });
        self.events.set_value(opened);
    }

    /// Opens the stream again if the browser has given it up, and asks for what it may have missed.
    fn reopen(self) {
        let closed = self.events.with_value(|events| events.as_ref().is_some_and(LiveEvents::is_closed));
        if closed && self.member.is_known_untracked() {
            self.open();
            self.member.refresh();
            self.member_events.refresh();
        }
    }
}
