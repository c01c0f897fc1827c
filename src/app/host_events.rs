//! Notifies the host app of the member's state: when the page is ready, when a shop redeemed a code, and when
//! loading failed.

use member_domain::wire::ProblemKind;

use super::{member::MemberState, redemption::RedemptionState};
use crate::{
    api::ApiError,
    clock::monotonic_millis,
    host::{ErrorCause, Host, HostEvent},
    load::Load,
    prelude::*,
};

/// Notifies the host while the owner lives.
pub(super) fn notify_host(host: Host, member: MemberState, redemption: RedemptionState) {
    let mounted_at = monotonic_millis();
    Effect::new(move |was_ready: Option<bool>| {
        let is_ready = was_ready == Some(true) || member.me.with(|me| !matches!(me, Load::Loading));
        if is_ready && was_ready != Some(true) {
            host.dispatch(&HostEvent::Ready);
            host.dispatch(&HostEvent::Metric { name: "ready", value: millis_since(mounted_at), unit: "ms" });
        }
        is_ready
    });
    Effect::new(move |before: Option<Option<ApiError>>| {
        let failure = member.failure.get();
        if let Some(error) = failure.filter(|_| before.flatten() != failure) {
            host.dispatch(&HostEvent::Error(ErrorCause::Api(error)));
        }
        // Reported after every failure: the member may return from the sign-in page without signing in.
        if failure == Some(ApiError::Problem(ProblemKind::Unauthorized)) {
            host.dispatch(&HostEvent::SignInNeeded);
        }
        failure
    });
    let opened_at = StoredValue::new(None::<f64>);
    Effect::new(move |_| {
        let opened = redemption.open.get().then(monotonic_millis);
        opened_at.set_value(opened);
    });
    Effect::new(move |_| {
        // Measured from the tap until a code is shown.
        let is_shown = redemption.open.get() && redemption.source.with(super::redemption::is_ready);
        if let Some(opened) = opened_at.get_value().filter(|_| is_shown) {
            opened_at.set_value(None);
            host.dispatch(&HostEvent::Metric { name: "code", value: millis_since(opened), unit: "ms" });
        }
    });
    Effect::new(move |_| {
        let Some(entry) = redemption.results.last_redemption.get() else { return };
        let (id, shop_id) = (entry.id, entry.shop_id);
        host.dispatch(&HostEvent::Redeemed { id, shop_id, saved: entry.saved_fen, redeemed_at: entry.redeemed_at });
    });
}

/// Milliseconds since `at`, rounded.
fn millis_since(at: f64) -> f64 {
    (monotonic_millis() - at).round()
}
