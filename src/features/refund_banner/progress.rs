//! The progress picture: the card's last stop, and separately the money's three stops.

use member_domain::{
    RefundState,
    wire::{CardState, MeAnswer, Refund},
};

use crate::{i18n::Language, prelude::*, ui::blank};

/// State of a stop. Its number is the index of its word in the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Done,
    Current,
    Ahead,
    Stuck,
    Closed,
}

impl Stop {
    const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Current => "current",
            Self::Ahead => "ahead",
            Self::Stuck => "stuck",
            Self::Closed => "closed",
        }
    }
}

/// The card's last day; then the refund scheduled, accepted by the channel, and arrived.
fn stops(me: &MeAnswer) -> [Stop; 4] {
    let of_earlier_card = me.refund.as_ref().is_some_and(|refund| refund.of_earlier_card);
    let works = !of_earlier_card && me.card.as_ref().is_some_and(|card| card.state != CardState::Ended);
    let card = if works { Stop::Current } else { Stop::Done };
    let [scheduled, accepted, arrived] = me.refund.as_ref().map_or([Stop::Ahead; 3], money);
    [card, scheduled, accepted, arrived]
}

fn money(refund: &Refund) -> [Stop; 3] {
    let end = match refund.state {
        RefundState::Scheduled => return [Stop::Current, Stop::Ahead, Stop::Ahead],
        RefundState::Processing => return [Stop::Done, Stop::Current, Stop::Ahead],
        RefundState::Succeeded => return [Stop::Done; 3],
        RefundState::Abnormal => Stop::Stuck,
        RefundState::Closed => Stop::Closed,
    };
    // A refund that the channel never accepted is stuck at that stop.
    if refund.timeline.iter().any(|step| step.state == RefundState::Processing) {
        [Stop::Done, Stop::Done, end]
    } else {
        [Stop::Done, end, Stop::Ahead]
    }
}

/// The picture, with a text version for screen readers.
pub(super) fn progress(me: &MeAnswer, language: Language) -> AnyView {
    let text = language.text();
    let stops: Vec<_> = text.stops.into_iter().zip(stops(me)).collect();
    let description = stops.iter().map(|(name, stop)| (text.stop)(name, text.stop_states[*stop as usize]));
    let description = description.collect::<Vec<_>>().join(text.stop_separator);
    let stop_views = |stops: &[(&'static str, Stop)]| -> Vec<AnyView> {
        // A stop that was not reached must not read as reached.
        let label = |name, stop| {
            if matches!(stop, Stop::Stuck | Stop::Closed) { text.stop_states[stop as usize] } else { name }
        };
        stops.iter().map(|(name, stop)| stop_view(label(*name, *stop), *stop)).collect()
    };
    let (card, money) = stops.split_at(1);
    view! {
        <div class="refund-progress" data-testid="refund-progress" role="img" aria-label=description>
            <div class="refund-progress__part refund-progress__part--card">{stop_views(card)}</div>
            <div class="refund-progress__part">{stop_views(money)}</div>
        </div>
    }
    .into_any()
}

fn stop_view(name: &'static str, stop: Stop) -> AnyView {
    view! {
        <span class="refund-stop" data-stop=stop.name()>
            {blank("refund-stop__mark")}
            <span class="refund-stop__name">{name}</span>
        </span>
    }
    .into_any()
}
