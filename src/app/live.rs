//! What happens elsewhere reaches the page here: through server-sent events, or by asking again and again while the sheet
//! is open and there are none.

use std::time::Duration;

use leptos::prelude::*;
use member_domain::{UnixMillis, wire::LedgerEntry};
use wasm_bindgen_futures::spawn_local;

use super::{member::MemberState, redemption::RedemptionState};
use crate::{
    api::{self, LiveEvent, LiveEvents},
    clock::{PageClock, use_interval},
    load::Load,
    navigation::{Navigation, Sheet},
};

/// How often the ledger is asked for while nothing else tells: a result shows within two seconds.
const POLL: Duration = Duration::from_millis(1_500);

/// Keeps the page up to date while the owner lives.
pub(super) fn follow(member: MemberState, redemption: RedemptionState, navigation: Navigation, clock: PageClock) {
    let connected = RwSignal::new(false);
    let signed_in = Memo::new(move |_| member.me.with(|me| me.value().is_some()));
    let stream = StoredValue::new_local(None::<LiveEvents>);
    Effect::new(move |_| {
        if !signed_in.get() || stream.with_value(Option::is_some) {
            return;
        }
        let opened = LiveEvents::open(move |event| match event {
            LiveEvent::Connected => drop(connected.try_set(true)),
            LiveEvent::Disconnected => drop(connected.try_set(false)),
            LiveEvent::Redeemed(entry) => show(entry, member, redemption),
            LiveEvent::Changed => member.refresh(),
        });
        stream.set_value(opened);
    });
    on_cleanup(move || drop(stream.try_update_value(Option::take)));

    // While the sheet is open: since when, so that only what happened since counts as its result.
    let sheet = navigation.sheet();
    let open = Memo::new(move |_| sheet.get() != Sheet::Closed);
    let since = StoredValue::new(None::<UnixMillis>);
    Effect::new(move |_| since.set_value(if open.get() { clock.now() } else { None }));
    use_interval(POLL, move || {
        if !open.get_untracked() || connected.get_untracked() || !signed_in.get_untracked() {
            return;
        }
        let Some(since) = since.get_value() else { return since.set_value(clock.now()) };
        spawn_local(async move {
            let newest = api::latest_redemptions().await.ok().and_then(|page| page.redemptions.into_iter().next());
            if let Some(entry) = newest.filter(|entry| entry.redeemed_at >= since) {
                show(entry, member, redemption);
            }
        });
    });
}

/// Shows a redemption as the sheet's result, once, and asks what it changed.
fn show(entry: LedgerEntry, member: MemberState, redemption: RedemptionState) {
    let seen = redemption.is_seen(&entry.id);
    if seen {
        return;
    }
    redemption.see(entry);
    if member.me.try_with_untracked(|me| matches!(me, Load::Ready { .. })) == Some(true) {
        member.refresh();
    }
}
