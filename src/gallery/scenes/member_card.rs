//! The member card.

use member_domain::wire::{CardState, ProblemKind};
use member_domain::{City, Fen, ProgrammePhase, RefundState, wire::MeAnswer};

use super::{Scene, Stage, beside_card, nothing};
use crate::{
    api::ApiError,
    features::member_card::MemberCard,
    gallery::data::{self, HUGE, UNREACHABLE, day},
    load::Load,
    prelude::*,
};

const GROUP: &str = "Member card";

const fn scene(name: &'static str, title: &'static str, view: fn(Stage) -> AnyView) -> Scene {
    Scene::panel(GROUP, name, title, view)
}

pub(super) const SCENES: &[Scene] = &[
    scene("card-loading", "Loading", |stage| card(stage, Load::Loading)),
    scene("card-active", "Active", |stage| ready(stage, data::member())),
    scene("card-nothing-saved", "Nothing saved so far", |stage| {
        ready(stage, data::having_saved(data::member(), Fen(0), 0))
    }),
    scene("card-not-worth-it", "Will not pay for itself at this pace", |stage| {
        ready(stage, data::having_saved(data::member(), Fen(840), 1))
    }),
    scene("card-paid-off", "Paid off", |stage| ready(stage, data::having_saved(data::member(), Fen(23_480), 14))),
    scene("card-given", "Cost nothing", |stage| {
        ready(stage, data::with_card(data::member(), |card| card.paid_fen = Fen(0)))
    }),
    scene("card-not-yet", "Not yet valid", |stage| {
        ready(
            stage,
            data::with_card(data::having_saved(data::member(), Fen(0), 0), |card| {
                card.state = CardState::NotYetValid;
                (card.valid_from, card.valid_until) = (day("2026-12-01"), day("2027-11-30"));
            }),
        )
    }),
    scene("card-ending", "End announced", |stage| ready(stage, data::ending())),
    scene("card-ended", "Ended", |stage| ready(stage, data::with_refund_state(RefundState::Succeeded))),
    scene("card-stale", "Stale: the page says so, the card stays", |stage| {
        card(stage, Load::Ready { value: data::member(), stale: true })
    }),
    scene("card-none", "No card", |stage| ready(stage, data::without_card())),
    scene("card-none-any-more", "No card, programme over", |stage| {
        let mut me = data::without_card();
        me.programme.phase = ProgrammePhase::Ended;
        ready(stage, me)
    }),
    scene("card-failed", "Failed: out of reach", |stage| card(stage, Load::Failed(UNREACHABLE))),
    scene("card-signed-out", "Failed: signed out", |stage| {
        card(stage, Load::Failed(ApiError::Problem(ProblemKind::Unauthorized)))
    }),
    scene("card-server-failed", "Failed: the backend's fault", |stage| {
        card(stage, Load::Failed(ApiError::Problem(ProblemKind::Internal)))
    }),
    scene("card-long", "Long text", |stage| {
        ready(
            stage,
            data::with_card(data::long_member(), |card| {
                card.cities = City::ALL.iter().chain(City::ALL).copied().collect();
            }),
        )
    }),
    scene("card-huge", "Huge numbers", |stage| {
        let me = data::having_saved(data::member(), HUGE, 4_294_967_295);
        ready(stage, data::with_card(me, |card| card.paid_fen = HUGE))
    }),
];

fn ready(stage: Stage, me: MeAnswer) -> AnyView {
    card(stage, Load::ready(me))
}

fn card(stage: Stage, me: Load<MeAnswer>) -> AnyView {
    let me = RwSignal::new(me);
    let on_retry = Callback::new(move |()| me.set(Load::Loading));
    beside_card(view! {
        <MemberCard me today=stage.today on_show_code=nothing() on_savings=nothing() on_retry />
    })
}
