//! Connects the code sheet with its state.

use super::{member::MemberState, pin::PinTries, redemption::RedemptionState};
use crate::{
    clock::PageClock,
    features::redemption_code::{CodeSheet, CodeSheetActions},
    load::Load,
    navigation::Navigation,
    prelude::*,
};

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
    // The member is asked for the time only if the backend could not supply it.
    let time_guess = Signal::derive(move || if offline.get() { clock.guess() } else { None });
    let actions = CodeSheetActions {
        on_retry: Callback::new(move |()| redemption.retry()),
        on_credential_failed: Callback::new(move |()| redemption.report_failed_credential()),
        on_take_over: Callback::new(move |()| redemption.take_over()),
        on_confirm_time: Callback::new(move |()| clock.confirm_time()),
        on_pin: Callback::new(move |entry| pin.redeem(entry)),
        on_another_code: Callback::new(move |()| redemption.results.clear_result()),
        on_worked: Callback::new(move |method| redemption.record_way(method)),
        on_code_shown: Callback::new(move |is_shown| redemption.set_code_shown(is_shown)),
        on_close: Callback::new(move |()| navigation.close()),
    };
    view! {
        <CodeSheet
            source=redemption.source
            now=clock.use_now()
            time_guess
            offline
            shop=redemption.shop
            worked=Signal::derive(move || redemption.worked_way())
            cities
            pin=pin.state
            used_step=redemption.results.used_step
            result=redemption.results.result
            actions
        />
    }
    .into_any()
}
