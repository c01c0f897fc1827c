//! The sheet of one shop.

use member_domain::{
    Distance,
    wire::{OpenState, ProblemKind, Shop, Trust},
};

use super::{Scene, Stage, nothing, over_page};
use crate::{
    api::ApiError,
    features::shop_sheet::ShopSheet,
    gallery::data::{self, UNREACHABLE, day},
    load::Load,
    prelude::*,
};

const GROUP: &str = "Shop sheet";

const fn scene(name: &'static str, title: &'static str, view: fn(Stage) -> AnyView) -> Scene {
    Scene::sheet(GROUP, name, title, view)
}

pub(super) const SCENES: &[Scene] = &[
    scene("shop-loading", "Loading", |stage| sheet(stage, Load::Loading, false)),
    scene("shop-known", "What the list knows, the rest on its way", |stage| {
        of(stage, data::shops().into_iter().next().expect("the sample has shops"))
    }),
    scene("shop-full", "In full", |stage| of(stage, data::shop())),
    scene("shop-plain", "Without evidence, hours, phone", |stage| of(stage, plain())),
    scene("shop-fails-often", "Redeeming fails often", |stage| {
        let trust = Trust { redemptions: 4, failures: 5, fails_often: true, ..Trust::default() };
        of(stage, Shop { trust, ..data::shop() })
    }),
    scene("shop-leaving", "Leaves on a day to come", |stage| {
        of(stage, Shop { left_on: Some(day("2026-12-24")), ..data::shop() })
    }),
    scene("shop-left", "Has left", |stage| of(stage, Shop { left_on: Some(day("2026-11-01")), ..data::shop() })),
    scene("shop-over", "After the programme's end", |stage| sheet(stage, Load::ready(data::shop()), true)),
    scene("shop-stale", "Stale", |stage| sheet(stage, Load::Ready { value: data::shop(), stale: true }, false)),
    scene("shop-failed", "Failed", |stage| sheet(stage, Load::Failed(UNREACHABLE), false)),
    scene("shop-gone", "No such shop", |stage| {
        sheet(stage, Load::Failed(ApiError::Problem(ProblemKind::NotFound)), false)
    }),
    scene("shop-long", "Long text", |stage| of(stage, data::long_shop())),
    scene("shop-huge", "Huge numbers", |stage| of(stage, data::huge_shop())),
];

/// A shop with the fewest possible fields.
fn plain() -> Shop {
    Shop {
        district: None,
        address: None,
        price_per_person_fen: None,
        curation: None,
        opening_hours: None,
        open: OpenState::Unknown,
        trust: Trust::default(),
        phone: None,
        discount_rules: None,
        not_combined_with: None,
        notes: Vec::new(),
        week: Vec::new(),
        ..data::shop()
    }
}

fn of(stage: Stage, shop: Shop) -> AnyView {
    sheet(stage, Load::ready(shop), false)
}

fn sheet(stage: Stage, shop: Load<Shop>, over: bool) -> AnyView {
    let (shop, favourite) = (RwSignal::new(Some(shop)), RwSignal::new(false));
    let distance = RwSignal::new(Some(Distance { metres: 640.0 }));
    over_page(view! {
        <ShopSheet
            shop
            now=stage.now
            distance
            favourite
            over=Signal::stored(over)
            on_favourite=Callback::new(move |()| favourite.update(|favourite| *favourite = !*favourite))
            on_show_code=nothing()
            on_retry=nothing()
            on_close=nothing()
        />
    })
}
