//! The list of shops, with search and filters.

use std::sync::Arc;

use member_domain::{
    Category, City, Distance, FilterKind, ShopFilter,
    wire::{FilterEffect, Shop, ShopPage, Trust},
};

use super::{Scene, Stage, ignore, in_list, nothing};
use crate::{
    api::ShopQuery,
    features::nearby_shops::{More, NearbyShops, Ordered, Place, ShopList},
    gallery::data::{self, HERE, UNREACHABLE},
    geolocation::NoPosition,
    load::Load,
    prelude::*,
    unicode::normalize,
};

const GROUP: &str = "Nearby shops";

const fn scene(name: &'static str, title: &'static str, view: fn(Stage) -> AnyView) -> Scene {
    Scene::panel(GROUP, name, title, view)
}

pub(super) const SCENES: &[Scene] = &[
    scene("shops-loading", "Loading", |stage| Panel::of(Load::Loading).view(stage)),
    scene("shops-ready", "Ready, place not asked for", |stage| Panel::all().view(stage)),
    scene("shops-near", "Nearest first", |stage| Panel { place: here(20.0), ..Panel::all() }.view(stage)),
    scene("shops-imprecise", "A place that is not exact", |stage| {
        Panel { place: here(3_000.0), ..Panel::all() }.view(stage)
    }),
    scene("shops-locating", "Looking for the place", |stage| {
        Panel { place: Place::Pending, ..Panel::all() }.view(stage)
    }),
    scene("shops-place-denied", "Place denied", |stage| unplaced(stage, NoPosition::Denied)),
    scene("shops-place-unavailable", "Place not to be had", |stage| unplaced(stage, NoPosition::Unavailable)),
    scene("shops-place-late", "Place took too long", |stage| unplaced(stage, NoPosition::TimedOut)),
    scene("shops-one", "One shop, others far", |stage| {
        Panel { place: here(20.0), ..Panel::listing(data::shops().into_iter().take(1).collect()) }.view(stage)
    }),
    scene("shops-many", "Two hundred shops", |stage| Panel { place: here(20.0), ..Panel::listing(many()) }.view(stage)),
    scene("shops-filtered", "Filters set", |stage| Panel { filter: filters(), ..Panel::all() }.view(stage)),
    scene("shops-more-failed", "More could not be had", |stage| {
        Panel { more: More::Failed, ..Panel::all() }.view(stage)
    }),
    scene("shops-stale", "Stale", |stage| {
        let list = Load::Ready { value: listed(data::shops()), stale: true };
        Panel { list, ..Panel::all() }.view(stage)
    }),
    scene("shops-failed", "Failed", |stage| Panel::of(Load::Failed(UNREACHABLE)).view(stage)),
    scene("shops-empty", "Nothing matches: which filter has to do with it", |stage| {
        Panel { filter: filters(), place: here(20.0), ..Panel::of(Load::ready(nothing_matches())) }.view(stage)
    }),
    scene("shops-over", "After the programme's end", |stage| Panel { is_over: true, ..Panel::all() }.view(stage)),
    scene("shops-none", "A city without shops", |stage| Panel::listing(Vec::new()).view(stage)),
    scene("shops-long", "Long text", |stage| Panel { place: here(20.0), ..Panel::listing(long()) }.view(stage)),
    scene("shops-huge", "Huge numbers", |stage| {
        let mut page = data::shop_page(vec![data::huge_shop()]);
        (page.total, page.total_is_capped, page.next_cursor) = (1_000, true, Some("next".to_owned()));
        let list = Load::ready(ShopList::first(page, Ordered::LatestChecked, normalize));
        let place = Place::at(City::Guangzhou.centre(), Distance { metres: 20.0 });
        Panel { place, more: More::Pending, ..Panel::of(list) }.view(stage)
    }),
];

fn here(accuracy: f64) -> Place {
    Place::at(HERE, Distance { metres: accuracy })
}

fn unplaced(stage: Stage, reason: NoPosition) -> AnyView {
    Panel { place: Place::Unavailable(reason), ..Panel::all() }.view(stage)
}

fn listed(shops: Vec<Shop>) -> ShopList {
    ShopList::first(data::shop_page(shops), Ordered::LatestChecked, normalize)
}

fn many() -> Vec<Shop> {
    let shops = data::shops();
    let numbered = |number: usize| {
        let shop = &shops[number % shops.len()];
        Shop { id: format!("{} {number}", shop.id), name: format!("{} {number}", shop.name), ..shop.clone() }
    };
    (0..200).map(numbered).collect()
}

fn long() -> Vec<Shop> {
    let poor = Trust { redemptions: 4, failures: 5, fails_often: true, ..Trust::default() };
    let second = Shop { id: "second".to_owned(), trust: poor, ..data::long_shop() };
    vec![data::long_shop(), second]
}

fn filters() -> ShopFilter {
    ShopFilter { text: "手冲".to_owned(), category: Some(Category::Books), open_now: true, ..ShopFilter::default() }
}

fn nothing_matches() -> ShopList {
    let shop = data::shop();
    let effect = |filter, removed, nearest: Option<&Shop>| FilterEffect { filter, removed, nearest: nearest.cloned() };
    let nothing_because = vec![
        effect(FilterKind::Text, 4, Some(&shop)),
        effect(FilterKind::Category, 1_000, Some(&data::long_shop())),
        effect(FilterKind::OpenNow, 0, None),
    ];
    ShopList::first(ShopPage { nothing_because, ..data::shop_page(Vec::new()) }, Ordered::LatestChecked, normalize)
}

/// Input of the panel.
struct Panel {
    list: Load<ShopList>,
    place: Place,
    filter: ShopFilter,
    more: More,
    is_over: bool,
}

impl Panel {
    fn of(list: Load<ShopList>) -> Self {
        Self { list, place: Place::NotRequested, filter: ShopFilter::default(), more: More::Idle, is_over: false }
    }

    fn listing(shops: Vec<Shop>) -> Self {
        Self::of(Load::ready(listed(shops)))
    }

    fn all() -> Self {
        Self::listing(data::shops())
    }

    fn view(self, stage: Stage) -> AnyView {
        let query = RwSignal::new(ShopQuery { filter: self.filter, ..ShopQuery::all_of(City::Shanghai) });
        let (place, more) = (RwSignal::new(self.place), RwSignal::new(self.more));
        // Filters the loaded shops locally, as the page does.
        let list = Arc::new(self.list);
        let narrowed = Signal::derive(move || {
            let filter = query.with(|query| query.filter.clone());
            match &*list {
                Load::Ready { value, stale } if !value.shops.is_empty() && filter != ShopFilter::default() => {
                    let now = stage.minute.get_untracked();
                    let value = value.filtered(&filter, now, place.get_untracked().position(), &|_| false, normalize);
                    Load::Ready { value, stale: *stale }
                }
                list => list.clone(),
            }
        });
        in_list(view! {
            <NearbyShops
                list=narrowed
                query
                place
                now=stage.minute
                more
                over=Signal::stored(self.is_over)
                on_locate=Callback::new(move |()| place.set(here(20.0)))
                on_retry=nothing()
                on_more=nothing()
                on_choose=ignore()
            />
        })
    }
}
