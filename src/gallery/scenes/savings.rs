//! The savings sheet.

use member_domain::{
    Fen, RefundState,
    wire::{LedgerEntry, LedgerPage, MeAnswer},
};

use super::{Scene, Stage, ignore, nothing, over_page};
use crate::{
    features::savings::SavingsSheet,
    gallery::{
        data::{self, HUGE, LONG, NOON, UNREACHABLE},
        stage::click_when_present,
    },
    load::Load,
    prelude::*,
};

const GROUP: &str = "Savings sheet";

const fn scene(name: &'static str, title: &'static str, view: fn(Stage) -> AnyView) -> Scene {
    Scene::sheet(GROUP, name, title, view)
}

pub(super) const SCENES: &[Scene] = &[
    scene("savings-loading", "Loading", |stage| sheet(stage, Load::Loading, Load::Loading)),
    scene("savings-ready", "Ready", |stage| of(stage, data::member(), data::ledger())),
    scene("savings-receipt", "A receipt is open", |stage| {
        click_when_present(".ledger__head");
        of(stage, data::member(), data::ledger())
    }),
    scene("savings-paid-off", "Paid off", |stage| {
        of(stage, data::having_saved(data::member(), Fen(23_480), 14), data::ledger())
    }),
    scene("savings-empty", "Nothing saved so far", |stage| {
        let none = LedgerPage { redemptions: Vec::new(), next_cursor: None };
        of(stage, data::having_saved(data::member(), Fen(0), 0), none)
    }),
    scene("savings-more", "There is more", |stage| of(stage, data::member(), more(data::ledger()))),
    scene("savings-more-failed", "More could not be had", |stage| {
        with_earlier(stage, Load::ready(data::member()), Load::ready(more(data::ledger())), Load::Failed(UNREACHABLE))
    }),
    scene("savings-refund", "After the end, with the refund", |stage| {
        of(stage, data::with_refund_state(RefundState::Succeeded), data::ledger())
    }),
    scene("savings-no-card", "No card", |stage| of(stage, data::without_card(), data::ledger())),
    scene("savings-stale", "Stale", |stage| {
        let ledger = Load::Ready { value: data::ledger(), stale: true };
        sheet(stage, Load::Ready { value: data::member(), stale: true }, ledger)
    }),
    scene("savings-failed", "Failed", |stage| sheet(stage, Load::ready(data::member()), Load::Failed(UNREACHABLE))),
    scene("savings-long", "Long text", |stage| {
        click_when_present(".ledger__head");
        let long = |entry| LedgerEntry { shop_name: LONG.to_owned(), ..entry };
        of(stage, data::long_member(), every(long))
    }),
    scene("savings-huge", "Huge numbers", |stage| {
        click_when_present(".ledger__head");
        let huge = |entry| LedgerEntry { bill_fen: HUGE, saved_fen: HUGE, payable_fen: HUGE, ..entry };
        let me = data::having_saved(data::member(), HUGE, 4_294_967_295);
        of(stage, data::with_card(me, |card| card.paid_fen = HUGE), every(huge))
    }),
];

fn every(change: fn(LedgerEntry) -> LedgerEntry) -> LedgerPage {
    let page = data::ledger();
    LedgerPage { redemptions: page.redemptions.into_iter().map(change).collect(), ..page }
}

fn more(page: LedgerPage) -> LedgerPage {
    let mut redemptions = page.redemptions;
    if let Some(first) = redemptions.first_mut() {
        first.cancelled_at = Some(NOON);
    }
    LedgerPage { redemptions, next_cursor: Some("next".to_owned()) }
}

fn of(stage: Stage, me: MeAnswer, pages: LedgerPage) -> AnyView {
    sheet(stage, Load::ready(me), Load::ready(pages))
}

fn sheet(stage: Stage, me: Load<MeAnswer>, pages: Load<LedgerPage>) -> AnyView {
    with_earlier(stage, me, pages, Load::ready(()))
}

fn with_earlier(stage: Stage, me: Load<MeAnswer>, pages: Load<LedgerPage>, earlier: Load<()>) -> AnyView {
    let (me, pages, earlier) = (RwSignal::new(me), RwSignal::new(pages), RwSignal::new(earlier));
    over_page(view! {
        <SavingsSheet
            me
            pages
            earlier
            today=stage.today
            on_earlier=nothing()
            on_shop=ignore()
            on_retry=nothing()
            on_close=nothing()
        />
    })
}
