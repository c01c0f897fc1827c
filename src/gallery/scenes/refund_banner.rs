//! The refund banner, closed and opened to its timeline.

use member_domain::{
    Fen, ProgrammePhase, RefundRule, RefundState,
    wire::{CardState, MeAnswer, RefundStep, Support},
};

use super::{Scene, Stage, beside_card};
use crate::{
    features::refund_banner::RefundBanner,
    gallery::{
        data::{self, HUGE, LONG, LONG_LINE, day},
        stage::click_when_present,
    },
    load::Load,
    prelude::*,
};

const GROUP: &str = "Refund banner";

const fn scene(name: &'static str, title: &'static str, view: fn(Stage) -> AnyView) -> Scene {
    Scene::panel(GROUP, name, title, view)
}

pub(super) const SCENES: &[Scene] = &[
    scene("banner-ending", "End announced, refund scheduled", |stage| banner(stage, data::ending())),
    scene("banner-ending-open", "End announced, opened", |stage| opened(stage, data::ending())),
    scene("banner-last-days", "The card's last days", |stage| banner(stage, ending_on("2026-12-01"))),
    scene("banner-last-day", "The card's last day", |stage| banner(stage, ending_on("2026-11-24"))),
    scene("banner-ending-undecided", "End announced, refund undecided", |stage| {
        banner(stage, MeAnswer { refund: None, ..data::ending() })
    }),
    scene("banner-ending-nothing", "End announced, nothing comes back", |stage| banner(stage, nothing_back())),
    scene("banner-ending-over", "End announced, card over before", |stage| {
        banner(
            stage,
            data::with_card(data::ending(), |card| {
                card.state = CardState::Ended;
                card.valid_until = day("2026-11-20");
            }),
        )
    }),
    scene("banner-ended", "Ended, refund undecided", |stage| {
        banner(stage, MeAnswer { refund: None, ..refund(RefundState::Scheduled) })
    }),
    scene("banner-ended-nothing", "Ended, nothing comes back", |stage| {
        let me = MeAnswer { refund: None, ..refund(RefundState::Scheduled) };
        banner(stage, data::with_card(me, |card| card.paid_fen = Fen(0)))
    }),
    scene("banner-scheduled", "Refund scheduled", |stage| banner(stage, refund(RefundState::Scheduled))),
    scene("banner-scheduled-open", "Refund scheduled, opened", |stage| opened(stage, refund(RefundState::Scheduled))),
    scene("banner-processing", "Refund processing", |stage| banner(stage, refund(RefundState::Processing))),
    scene("banner-processing-open", "Refund processing, opened", |stage| {
        opened(stage, refund(RefundState::Processing))
    }),
    scene("banner-succeeded", "Refund arrived, can be put away", |stage| banner(stage, refund(RefundState::Succeeded))),
    scene("banner-succeeded-open", "Refund arrived, opened", |stage| opened(stage, refund(RefundState::Succeeded))),
    scene("banner-succeeded-early", "Refund arrived, programme still ending", |stage| {
        let mut me = refund(RefundState::Succeeded);
        me.programme.phase = ProgrammePhase::Ending;
        me.programme.last_day = Some(day("2026-12-31"));
        banner(stage, me)
    }),
    scene("banner-abnormal", "Refund stuck, support by website", |stage| banner(stage, refund(RefundState::Abnormal))),
    scene("banner-abnormal-open", "Refund stuck, opened", |stage| opened(stage, refund(RefundState::Abnormal))),
    scene("banner-abnormal-phone", "Refund stuck, support by phone", |stage| {
        banner(stage, supported_by(refund(RefundState::Abnormal), None, Some("400-555-0123")))
    }),
    scene("banner-abnormal-words", "Refund stuck, support is neither", |stage| {
        banner(stage, supported_by(refund(RefundState::Abnormal), None, Some("<b>微信公众号</b>「精选会员」")))
    }),
    scene("banner-closed", "Refund closed", |stage| banner(stage, refund(RefundState::Closed))),
    scene("banner-closed-open", "Refund closed, opened", |stage| opened(stage, refund(RefundState::Closed))),
    scene("banner-closed-nobody", "Refund closed, no support known", |stage| {
        banner(stage, supported_by(refund(RefundState::Closed), None, None))
    }),
    scene("banner-earlier-card", "Refund of an earlier card", |stage| {
        let refund = refund(RefundState::Processing).refund;
        opened(stage, data::with_refund(MeAnswer { refund, ..data::member() }, |refund| refund.of_earlier_card = true))
    }),
    scene("banner-stale", "Stale: the page says so, the banner stays", |stage| {
        of(stage, Load::Ready { value: refund(RefundState::Processing), stale: true })
    }),
    scene("banner-long", "Long text", |stage| opened(stage, long())),
    scene("banner-huge", "Huge numbers", |stage| {
        opened(stage, data::with_refund(refund(RefundState::Processing), |refund| refund.amount_fen = HUGE))
    }),
    scene("banner-absent", "Absent: loading, failed, or the programme simply runs", |stage| {
        of(stage, Load::ready(data::member()))
    }),
];

fn refund(state: RefundState) -> MeAnswer {
    data::with_refund_state(state)
}

/// A member whose programme ends on this day.
fn ending_on(last_day: &str) -> MeAnswer {
    let mut me = data::ending();
    me.programme.last_day = Some(day(last_day));
    me
}

/// A member who gets no refund, because nothing was paid for the card.
fn nothing_back() -> MeAnswer {
    let mut me = MeAnswer { refund: None, ..data::ending() };
    me.programme.refund_rule = RefundRule::ProRata;
    data::with_card(me, |card| card.paid_fen = Fen(0))
}

fn supported_by(mut me: MeAnswer, url: Option<&str>, phone: Option<&str>) -> MeAnswer {
    let support = Support { url: url.map(str::to_owned), phone: phone.map(str::to_owned) };
    me.programme.support = (support.url.is_some() || support.phone.is_some()).then_some(support);
    me
}

/// All texts long, and a timeline whose states go back and forth.
fn long() -> MeAnswer {
    let mut me = supported_by(refund(RefundState::Abnormal), None, Some(LONG_LINE));
    if let Some(announcement) = me.programme.announcement.as_mut() {
        announcement.text = format!("{LONG_LINE}\n\n{LONG}\n\n{LONG_LINE}");
        announcement.text_en = None;
    }
    data::with_refund(me, |refund| {
        LONG.clone_into(&mut refund.channel);
        refund.provider_reference = Some("5030660198842015".repeat(5));
        let steps = [RefundState::Processing, RefundState::Abnormal];
        let again = |index: i64| RefundStep {
            state: steps[usize::try_from(index % 2).unwrap_or_default()],
            at: data::NOON.plus_millis(-data::HOUR * (24 - index)),
        };
        refund.timeline.extend((0..8).map(again));
    })
}

fn banner(stage: Stage, me: MeAnswer) -> AnyView {
    of(stage, Load::ready(me))
}

fn opened(stage: Stage, me: MeAnswer) -> AnyView {
    click_when_present(".refund-banner__head");
    banner(stage, me)
}

fn of(stage: Stage, me: Load<MeAnswer>) -> AnyView {
    let me = RwSignal::new(me);
    beside_card(view! { <RefundBanner me today=stage.today /> })
}
