//! What the host app is told of the member's state: once there is something to show, when a shop has redeemed, and when the
//! state cannot be had.

use leptos::prelude::*;
use member_domain::wire::ProblemKind;

use super::{member::MemberState, redemption::RedemptionState};
use crate::{
    api::ApiError,
    clock::monotonic_millis,
    host::{Host, HostEvent, Trouble},
    load::Load,
};

/// Tells the host while the owner lives.
pub(super) fn tell_host(host: Host, member: MemberState, redemption: RedemptionState) {
    let mounted_at = monotonic_millis();
    Effect::new(move |was_ready: Option<bool>| {
        let is_ready = was_ready == Some(true) || member.me.with(|me| !matches!(me, Load::Loading));
        if is_ready && was_ready != Some(true) {
            host.tell(&HostEvent::Ready);
            host.tell(&HostEvent::Metric { name: "ready", value: monotonic_millis() - mounted_at, unit: "ms" });
        }
        is_ready
    });
    Effect::new(move |_| {
        let Some(error) = member.refused.get() else { return };
        host.tell(&HostEvent::Error(Trouble::Api(error)));
        if error == ApiError::Problem(ProblemKind::Unauthorized) {
            host.tell(&HostEvent::SignInNeeded);
        }
    });
    let opened_at = StoredValue::new(None::<f64>);
    Effect::new(move |_| {
        let opened = redemption.open.get().then(monotonic_millis);
        opened_at.set_value(opened);
    });
    Effect::new(move |_| {
        // Asked for from the tap on, whatever it takes: the time until there is a code.
        let is_ready = redemption.source.with(super::redemption::is_ready);
        if let Some(opened) = opened_at.get_value().filter(|_| is_ready && redemption.open.get()) {
            opened_at.set_value(None);
            host.tell(&HostEvent::Metric { name: "code", value: monotonic_millis() - opened, unit: "ms" });
        }
    });
    Effect::new(move |_| {
        let Some(entry) = redemption.result.get().filter(|entry| entry.cancelled_at.is_none()) else { return };
        let (id, shop_id) = (entry.id, entry.shop_id);
        host.tell(&HostEvent::Redeemed { id, shop_id, saved: entry.saved_fen, redeemed_at: entry.redeemed_at });
    });
}
