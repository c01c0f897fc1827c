//! The members-only events: a list on the page, and a sheet for each event.

mod places;
mod row;
mod sheet;
mod words;

use member_domain::{
    City, UnixMillis,
    wire::{MemberEvent, MemberEventList},
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

/// The number of events shown before the member expands the list.
const FIRST: usize = 3;

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
        let shown = if all.get() { usize::MAX } else { FIRST };
        here.with(|here| here.iter().take(shown).map(|event| event.id.clone()).collect::<Vec<_>>())
    };
    let is_cut = move || !all.get() && here.with(Vec::len) > FIRST;
    let more = move || {
        let count = move || (language.text().events_all)(&language.formats().count(here.with(Vec::len)));
        view! {
            <button class="member-events__all" type="button" on:click=move |_| all.set(true)>
                {count}
            </button>
        }
    };
    view! {
        <section class="member-events" aria-labelledby="member-events-heading">
            <header class="member-events__head">
                <h2 class="member-events__title" id="member-events-heading">
                    {message(|text| text.events_heading)}
                </h2>
                <Show when=is_cut>{more()}</Show>
            </header>
            <ul data-testid="event-list">
                <For
                    each=ids
                    key=String::clone
                    children=move |id| view! { <EventRow id here on_choose /> }
                />
            </ul>
        </section>
    }
}

/// Reserves space for the first events, so the shop list below does not move.
#[component]
fn ListSkeleton() -> impl IntoView {
    view! {
        <section class="member-events" aria-busy="true">
            <header class="member-events__head">
                <h2 class="member-events__title">{message(|text| text.events_heading)}</h2>
            </header>
            {blank_rows("member-events__skeleton", FIRST)}
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
