//! The history of card and money with times, and the known facts about the money.

use member_domain::{
    RefundRule, RefundState,
    wire::{CardState, MeAnswer, Refund},
};
use wasm_bindgen_futures::spawn_local;

use super::status::texts;
use crate::{
    handover,
    i18n::Language,
    prelude::*,
    ui::{fact, facts, line},
};

/// The card's dates: announcement of the end, last day, and first day after the end.
pub(super) fn card_days(me: &MeAnswer, language: Language) -> AnyView {
    let (text, formats) = (language.text(), language.formats());
    // A card may have ended before its programme.
    let last_day = me.last_day().or(me.programme.last_day);
    let is_over = me.card.as_ref().is_none_or(|card| card.state == CardState::Ended);
    let ended = last_day.filter(|_| is_over).map(|day| day.plus_days(1));
    let days = [
        (text.end_announced, me.programme.announcement.as_ref().map(|announcement| announcement.dated)),
        (text.last_day, last_day),
        (text.card_stopped, ended),
    ];
    let steps = days.into_iter().filter_map(|(name, day)| {
        let ahead = name == text.last_day && ended.is_none();
        day.map(|day| step(if ahead { "ahead" } else { "done" }, name, formats.date(day)))
    });
    steps_under(text.card_heading, steps.collect())
}

/// All facts about the refund: every state with its time, then amount, channel, numbers and time of the last
/// check. Used wherever the page shows a refund.
pub fn refund_facts(refund: &Refund, language: Language) -> AnyView {
    let (text, formats) = (language.text(), language.formats());
    let steps = refund
        .timeline
        .iter()
        .map(|at| step(at.state.as_str(), texts(text, at.state).2, formats.date_and_time(at.at)))
        .collect();
    let plain = |value: String| value.into_any();
    let amount = match refund.rule {
        RefundRule::Full => formats.money(refund.amount_fen),
        RefundRule::ProRata => (text.pro_rata)(&formats.money(refund.amount_fen)),
    };
    let channel = (text.channel)(&refund.channel);
    let planned = refund.scheduled_for.filter(|_| refund.state == RefundState::Scheduled);
    let entries = [
        Some(fact(text.refund_amount, plain(amount))),
        Some(fact(text.refund_channel, plain(channel.to_owned()))),
        planned.map(|day| fact(text.scheduled_for, plain(formats.date(day)))),
        (!refund.id.is_empty()).then(|| fact(text.refund_number, copyable(refund.id.clone(), language))),
        refund.provider_reference.clone().map(|reference| fact(text.provider_reference, copyable(reference, language))),
        Some(fact(text.last_checked, plain(formats.date_and_time(refund.checked_at)))),
    ];
    let waiting = matches!(refund.state, RefundState::Scheduled | RefundState::Processing);
    let estimate = refund.estimate_working_days.filter(|_| waiting);
    let estimate =
        estimate.map(|days| line("refund-timeline__estimate", (text.refund_estimate)(channel, &formats.count(days))));
    let earlier = refund.of_earlier_card.then(|| line("refund-timeline__estimate", text.earlier_card.to_owned()));
    view! {
        {earlier}
        {steps_under(text.money_heading, steps)}
        {estimate}
        {facts(entries.into_iter().flatten().collect())}
    }
    .into_any()
}

fn steps_under(heading: &'static str, steps: Vec<AnyView>) -> AnyView {
    if steps.is_empty() {
        return ().into_any();
    }
    view! {
        <h3 class="refund-timeline__heading">{heading}</h3>
        <ol class="refund-timeline__steps">{steps}</ol>
    }
    .into_any()
}

fn step(state: &'static str, name: &'static str, time: String) -> AnyView {
    view! {
        <li class="refund-timeline__step" data-state=state>
            <span>{name}</span>
            <time translate="no">{time}</time>
        </li>
    }
    .into_any()
}

/// A number with a button that copies it, for members whose bank or support asks for it.
fn copyable(number: String, language: Language) -> AnyView {
    let copied = RwSignal::new(None::<bool>);
    let shown = number.clone();
    let copy = move || {
        let number = number.clone();
        spawn_local(async move {
            let done = handover::copy(&number).await;
            let _ = copied.try_set(Some(done));
        });
    };
    let label = move || match copied.get() {
        None => language.text().copy,
        Some(true) => language.text().copied,
        Some(false) => language.text().number_not_copied,
    };
    view! {
        <span class="refund-timeline__number" translate="no">{shown}</span>
        <button class="refund-timeline__copy" type="button" aria-live="polite" on:click=move |_| copy()>
            {move || label().to_owned()}
        </button>
    }
    .into_any()
}
