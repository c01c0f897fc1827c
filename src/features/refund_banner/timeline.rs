//! The refund's states so far, each with its time.

use leptos::prelude::*;
use member_domain::{
    RefundState,
    wire::{Refund, RefundStep},
};

use crate::{
    i18n::{Language, Messages, use_language},
    ui::{message, text},
};

/// What a state is called: banner title, banner line, name in the timeline.
pub(super) const fn texts(
    text: &'static Messages,
    state: RefundState,
) -> &'static (fn(&str) -> String, &'static str, &'static str) {
    match state {
        RefundState::Scheduled => &text.refund.scheduled,
        RefundState::Processing => &text.refund.processing,
        RefundState::Succeeded => &text.refund.succeeded,
        RefundState::Abnormal => &text.refund.abnormal,
        RefundState::Closed => &text.refund.closed,
    }
}

/// What happened to the refund, oldest first, and what is known about what comes next.
#[component]
pub(super) fn Timeline(
    /// The refund.
    refund: Refund,
) -> impl IntoView {
    let language = use_language();
    let refund = StoredValue::new(refund);
    let steps = refund.with_value(|refund| refund.timeline.clone());
    view! {
        <div class="refund-timeline" data-testid="refund-timeline">
            <ol class="refund-timeline__steps" aria-label=message(|text| text.timeline)>
                {steps.into_iter().map(|step| view! { <Step step /> }).collect_view()}
            </ol>
            <p class="refund-timeline__facts">{text(move || refund.with_value(|refund| facts(refund, language)))}</p>
        </div>
    }
}

#[component]
fn Step(step: RefundStep) -> impl IntoView {
    let language = use_language();
    view! {
        <li class="refund-timeline__step" data-state=step.state.as_str()>
            <span>{text(move || texts(language.text(), step.state).2.to_owned())}</span>
            <time>{text(move || language.formats().day_and_time(step.at))}</time>
        </li>
    }
}

/// Channel, provider's number, planned day while it lies ahead, and when all this was last checked.
fn facts(refund: &Refund, language: Language) -> String {
    let (text, formats) = (language.text(), language.formats());
    let planned = refund.scheduled_for.filter(|_| refund.state == RefundState::Scheduled);
    let facts = [
        Some((text.channel)(&refund.channel).to_owned()),
        planned.map(|day| (text.scheduled_for)(&formats.day(day))),
        refund.provider_reference.as_deref().map(text.provider_reference),
        Some((text.last_checked)(&formats.day_and_time(refund.checked_at))),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
