//! One event in the list: title, time, venue, seats, and the member's sign-up.

use member_domain::wire::MemberEvent;

use super::words::{day, seats, seats_left, sign_up_status, venue, when};
use crate::{
    i18n::{Language, joined, use_language},
    prelude::*,
};

/// A row of the list. Updates on screen when the event with its id changes.
#[component]
pub(super) fn EventRow(
    /// The event's id.
    id: String,
    /// All events of the list.
    here: Memo<Vec<MemberEvent>>,
    /// Runs with the id when the member taps it.
    on_choose: Callback<String>,
) -> impl IntoView {
    let language = use_language();
    let (key, chosen) = (id.clone(), id.clone());
    let event = Memo::new(move |_| here.with(|here| here.iter().find(|event| event.id == key).cloned()));
    let of_event = move |read: fn(&MemberEvent, Language) -> String| {
        move || event.with(|event| event.as_ref().map(|event| read(event, language)).unwrap_or_default())
    };
    view! {
        <li class="event-row" data-testid="event-row" data-event-id=id>
            <button class="event-row__button" type="button" on:click=move |_| on_choose.run(chosen.clone())>
                <span class="event-row__day">{of_event(day)}</span>
                <span class="event-row__title" dir="auto">{of_event(|event, _| event.title.clone())}</span>
                <span class="event-row__standing">{of_event(sign_up_status)}</span>
                <span class="event-row__seats">{of_event(seats)}</span>
                <span class="event-row__left">{of_event(seats_left)}</span>
                <span class="event-row__about" dir="auto">
                    {of_event(|event, language| joined([when(event, language), venue(event)]))}
                </span>
            </button>
        </li>
    }
}
