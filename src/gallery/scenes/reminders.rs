//! The reminders beneath the banner.

use member_domain::wire::{MeAnswer, MemberEvent, MemberEventList, SignUp, SignUpState};

use super::{Scene, Stage, beside_card, ignore};
use crate::{
    features::reminders::Reminders,
    gallery::data::{self, HOUR, LONG, NOON, day},
    load::Load,
    prelude::*,
};

const GROUP: &str = "Reminders";

const fn scene(name: &'static str, title: &'static str, view: fn(Stage) -> AnyView) -> Scene {
    Scene::panel(GROUP, name, title, view)
}

pub(super) const SCENES: &[Scene] = &[
    scene("reminder-card", "The card ends", |stage| reminders(stage, card_ends("2026-12-02"), Vec::new())),
    scene("reminder-card-today", "The card ends today", |stage| reminders(stage, card_ends("2026-11-24"), Vec::new())),
    scene("reminder-event", "An event tomorrow", |stage| {
        reminders(stage, data::member(), vec![event("a", "秋末杯测夜：六支当季豆", 31)])
    }),
    scene("reminder-several", "Several, long text", |stage| {
        let events = vec![event("a", "周四试演夜", 7), event("b", LONG, 30)];
        reminders(stage, card_ends("2026-11-25"), events)
    }),
];

fn card_ends(on: &str) -> MeAnswer {
    data::with_card(data::member(), |card| card.valid_until = day(on))
}

fn event(id: &str, title: &str, hours: i64) -> MemberEvent {
    let event = data::events().events.into_iter().next().expect("the sample has events");
    MemberEvent {
        id: id.to_owned(),
        title: title.to_owned(),
        starts_at: NOON.plus_millis(hours * HOUR),
        sign_up: SignUp { state: SignUpState::Seat, position: None },
        ..event
    }
}

fn reminders(stage: Stage, me: MeAnswer, events: Vec<MemberEvent>) -> AnyView {
    let me = RwSignal::new(Load::ready(me));
    let events = RwSignal::new(Load::ready(MemberEventList { events, server_time: NOON }));
    beside_card(view! { <Reminders me events today=stage.today on_event=ignore() /> })
}
