//! The members-only events: the list on the page and an event's sheet.

use member_domain::{
    City,
    wire::{MemberEvent, MemberEventList, ProblemKind, SignUp, SignUpState},
};

use super::{Scene, Stage, ignore, in_list, nothing, over_page};
use crate::{
    api::ApiError,
    features::member_events::{EventSheet, MemberEvents, SignUpStep},
    gallery::{
        data::{self, HOUR, LONG, LONG_LINE, NOON, UNREACHABLE},
        stage::click_when_present,
    },
    load::Load,
    prelude::*,
};

const LIST: &str = "Members-only events";
const SHEET: &str = "Event sheet";

pub(super) const SCENES: &[Scene] = &[
    Scene::panel(LIST, "events-loading", "Loading", |stage| list(stage, Load::Loading)),
    Scene::panel(LIST, "events-ready", "Ready", |stage| list(stage, Load::ready(data::events()))),
    Scene::panel(LIST, "events-own", "Ready: the member's own first", |stage| {
        let mut events = data::events();
        if let Some(last) = events.events.last_mut() {
            last.sign_up = SignUp { state: SignUpState::Seat, position: None };
        }
        list(stage, Load::ready(events))
    }),
    Scene::panel(LIST, "events-all", "All of them", |stage| {
        click_when_present("[data-testid=events-all]");
        list(stage, Load::ready(data::events()))
    }),
    Scene::panel(LIST, "events-all-long", "All of them: long text, huge numbers", |stage| {
        click_when_present("[data-testid=events-all]");
        let events = vec![long_event(SignUpState::None), huge_event()];
        list(stage, Load::ready(MemberEventList { events, server_time: NOON }))
    }),
    Scene::panel(LIST, "events-stale", "Stale: the page says so, the list stays", |stage| {
        list(stage, Load::Ready { value: data::events(), stale: true })
    }),
    Scene::panel(LIST, "events-failed", "Failed", |stage| list(stage, Load::Failed(UNREACHABLE))),
    Scene::panel(LIST, "events-absent", "Absent: there are none", |stage| {
        list(stage, Load::ready(MemberEventList { events: Vec::new(), server_time: NOON }))
    }),
    Scene::panel(LIST, "events-long", "Long text, huge numbers", |stage| {
        let events = vec![long_event(SignUpState::None), huge_event()];
        list(stage, Load::ready(MemberEventList { events, server_time: NOON }))
    }),
    Scene::sheet(SHEET, "event-loading", "Loading", |stage| sheet(stage, Load::Loading, SignUpStep::Ready)),
    Scene::sheet(SHEET, "event-free", "Seats are free", |stage| of(stage, event())),
    Scene::sheet(SHEET, "event-pending", "Signing up", |stage| sheet(stage, Load::ready(event()), SignUpStep::Pending)),
    Scene::sheet(SHEET, "event-refused", "Signing up failed", |stage| {
        sheet(stage, Load::ready(event()), SignUpStep::Failed(UNREACHABLE))
    }),
    Scene::sheet(SHEET, "event-seat", "Has a seat", |stage| of(stage, standing(SignUpState::Seat, None))),
    Scene::sheet(SHEET, "event-giving-back", "Asked whether to give the seat back", |stage| {
        click_when_present("[data-testid=event-cancel]");
        of(stage, standing(SignUpState::Seat, None))
    }),
    Scene::sheet(SHEET, "event-full", "No seat is free", |stage| {
        of(stage, MemberEvent { seats_left: 0, waiting: 3, ..event() })
    }),
    Scene::sheet(SHEET, "event-waiting", "Waits for a seat", |stage| {
        of(stage, MemberEvent { seats_left: 0, waiting: 5, ..standing(SignUpState::Waiting, Some(2)) })
    }),
    Scene::sheet(SHEET, "event-begun", "Has begun", |stage| {
        let starts_at = NOON.plus_millis(-HOUR);
        of(stage, MemberEvent { starts_at, ends_at: Some(NOON.plus_millis(HOUR)), ..standing(SignUpState::Seat, None) })
    }),
    Scene::sheet(SHEET, "event-stale", "Stale", |stage| {
        sheet(stage, Load::Ready { value: event(), stale: true }, SignUpStep::Ready)
    }),
    Scene::sheet(SHEET, "event-failed", "Failed", |stage| sheet(stage, Load::Failed(UNREACHABLE), SignUpStep::Ready)),
    Scene::sheet(SHEET, "event-gone", "No such event", |stage| {
        sheet(stage, Load::Failed(ApiError::Problem(ProblemKind::NotFound)), SignUpStep::Ready)
    }),
    Scene::sheet(SHEET, "event-long", "Long text", |stage| of(stage, long_event(SignUpState::Waiting))),
    Scene::sheet(SHEET, "event-huge", "Huge numbers", |stage| of(stage, huge_event())),
];

fn event() -> MemberEvent {
    data::events().events.into_iter().next().expect("the sample has events")
}

fn standing(state: SignUpState, position: Option<u32>) -> MemberEvent {
    MemberEvent { sign_up: SignUp { state, position }, ..event() }
}

fn long_event(state: SignUpState) -> MemberEvent {
    MemberEvent {
        title: LONG.to_owned(),
        about: Some(format!("{LONG_LINE}\n{LONG}\n{LONG_LINE}")),
        venue: LONG.to_owned(),
        district: Some("巴音郭楞蒙古自治州".to_owned()),
        address: Some(LONG_LINE.to_owned()),
        sign_up: SignUp { state, position: Some(4_294_967_295) },
        ..event()
    }
}

fn huge_event() -> MemberEvent {
    MemberEvent {
        id: "huge".to_owned(),
        seats: 4_294_967_295,
        seats_left: 0,
        waiting: 4_294_967_295,
        sign_up: SignUp { state: SignUpState::Waiting, position: Some(4_294_967_295) },
        ..event()
    }
}

fn list(stage: Stage, events: Load<MemberEventList>) -> AnyView {
    let events = RwSignal::new(events);
    let city = RwSignal::new(City::Shanghai);
    let on_retry = Callback::new(move |()| events.set(Load::Loading));
    in_list(view! { <MemberEvents events city now=stage.minute on_choose=ignore() on_retry /> })
}

fn of(stage: Stage, event: MemberEvent) -> AnyView {
    sheet(stage, Load::ready(event), SignUpStep::Ready)
}

fn sheet(stage: Stage, event: Load<MemberEvent>, step: SignUpStep) -> AnyView {
    let (event, step) = (RwSignal::new(event), RwSignal::new(step));
    let become_ = move |state: SignUpState| {
        Callback::new(move |()| {
            event.update(|event| {
                if let Load::Ready { value, .. } = event {
                    value.sign_up = SignUp { state, position: None };
                }
            });
        })
    };
    over_page(view! {
        <EventSheet
            event
            now=stage.now
            step
            on_sign_up=become_(SignUpState::Seat)
            on_cancel=become_(SignUpState::None)
            on_shop=ignore()
            on_retry=nothing()
            on_close=nothing()
        />
    })
}
