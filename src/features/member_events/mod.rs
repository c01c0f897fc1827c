//! The members-only events: a line on the page that opens to a list, and a sheet for each event.

mod places;
mod row;
mod sheet;
mod words;

use member_domain::{
    City, UnixMillis,
    wire::{MemberEvent, MemberEventList, SignUpState},
};
pub use page_core::SignUpStep;
use page_core::sign_ups::means_no_events;

use self::row::EventRow;
pub use self::sheet::EventSheet;
use crate::{
    i18n::use_language,
    load::Load,
    prelude::*,
    ui::{StatusRegion, blank_rows, message},
};

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Loading,
    Absent,
    Failed,
    Events,
}

/// The next events of a city. Hidden while there are none.
#[component]
pub fn MemberEvents(
    /// The upcoming events of all cities.
    #[prop(into)]
    events: Signal<Load<MemberEventList>>,
    /// The selected city.
    #[prop(into)]
    city: Signal<City>,
    /// The current instant, if it is known. A stored event may be over.
    #[prop(into)]
    now: Signal<Option<UnixMillis>>,
    /// Runs with the id of the tapped event.
    on_choose: Callback<String>,
    /// Runs when the member taps the retry button.
    on_retry: Callback<()>,
) -> impl IntoView {
    let here = Memo::new(move |_| {
        events.with(|events| upcoming(events.value().map_or(&[], |list| list.events.as_slice()), city.get(), now.get()))
    });
    let shape = Memo::new(move |_| match events.get() {
        Load::Loading => Shape::Loading,
        Load::Failed(error) if means_no_events(error) => Shape::Absent,
        Load::Failed(_) => Shape::Failed,
        Load::Ready { .. } if here.with(Vec::is_empty) => Shape::Absent,
        Load::Ready { .. } => Shape::Events,
    });
    let list = move || match shape.get() {
        Shape::Loading => view! { <ListSkeleton /> }.into_any(),
        Shape::Absent | Shape::Failed => ().into_any(),
        Shape::Events => view! { <List here on_choose /> }.into_any(),
    };
    view! {
        <StatusRegion>
            <Show when=move || shape.get() == Shape::Failed><Unavailable on_retry /></Show>
        </StatusRegion>
        {list}
    }
}

/// The events of a city that are not over.
fn upcoming(events: &[MemberEvent], city: City, now: Option<UnixMillis>) -> Vec<MemberEvent> {
    let is_over = |event: &MemberEvent| now.is_some_and(|now| event.ends_at.unwrap_or(event.starts_at) <= now);
    events.iter().filter(|event| event.city == city && !is_over(event)).cloned().collect()
}

#[component]
fn List(here: Memo<Vec<MemberEvent>>, on_choose: Callback<String>) -> impl IntoView {
    let language = use_language();
    let all = RwSignal::new(false);
    let ids = move || {
        here.with(|here| {
            let first = first_event(here).map(|event| vec![event.id.clone()]).unwrap_or_default();
            if all.get() { here.iter().map(|event| event.id.clone()).collect() } else { first }
        })
    };
    let has_more = move || here.with(Vec::len) > 1;
    let label = move || {
        let text = language.text();
        if all.get() {
            return text.events_fewer.to_owned();
        }
        (text.events_all)(&language.formats().count(here.with(Vec::len)))
    };
    let more = move || {
        view! {
            <button
                class="member-events__all"
                type="button"
                data-testid="events-all"
                aria-expanded=move || all.get().to_string()
                on:click=move |_| all.update(|all| *all = !*all)
            >
                {label}
            </button>
        }
    };
    view! {
        <section
            class="member-events"
            class:member-events--all=move || all.get()
            aria-labelledby="member-events-heading"
        >
            // One line needs no visible heading.
            <h2
                class="member-events__title"
                class:visually-hidden=move || !all.get()
                id="member-events-heading"
            >
                {message(|text| text.events_heading)}
            </h2>
            <ul class="member-events__list" data-testid="event-list">
                <For
                    each=ids
                    key=String::clone
                    children=move |id| view! { <EventRow id here on_choose /> }
                />
            </ul>
            <Show when=has_more>{more()}</Show>
        </section>
    }
}

/// The event for the page's one line: the member's next one, otherwise the next one.
fn first_event(here: &[MemberEvent]) -> Option<&MemberEvent> {
    here.iter().find(|event| event.sign_up.state != SignUpState::None).or_else(|| here.first())
}

/// Reserves space for the line of the first event, so the shop list below does not move.
#[component]
fn ListSkeleton() -> impl IntoView {
    view! {
        <section class="member-events" aria-busy="true">
            <h2 class="member-events__title visually-hidden">{message(|text| text.events_heading)}</h2>
            {blank_rows("member-events__skeleton", 1)}
        </section>
    }
}

/// A one-line failure note. It is small because the card and the shop list matter more.
#[component]
fn Unavailable(on_retry: Callback<()>) -> impl IntoView {
    view! {
        <p class="offline-note">
            {message(|text| text.events_failed)}
            <button class="offline-note__retry" type="button" on:click=move |_| on_retry.run(())>
                {message(|text| text.retry)}
            </button>
        </p>
    }
}
