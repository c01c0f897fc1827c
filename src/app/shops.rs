//! The list's state: what is asked for, what came, where the member is.

use leptos::prelude::*;
use member_domain::{
    City, Wgs84,
    wire::{Shop, ShopPage},
};
use wasm_bindgen_futures::spawn_local;

use crate::{
    api::{self, ApiError, ShopQuery},
    features::nearby_shops::Place,
    geolocation,
    load::Load,
    store::{self, Kept},
};

const CITY_CHOICE: &str = "city";

/// City centres (WGS 84), to tell which of the programme's cities a place is in: People's Square, West Lake, Yuexiu.
const CENTRES: [(City, Wgs84); 3] = [
    (City::Shanghai, Wgs84 { lat: 31.23, lng: 121.47 }),
    (City::Hangzhou, Wgs84 { lat: 30.25, lng: 120.15 }),
    (City::Guangzhou, Wgs84 { lat: 23.13, lng: 113.26 }),
];

/// The list and what leads to it.
#[derive(Clone, Copy)]
pub(super) struct ShopState {
    pub(super) query: RwSignal<ShopQuery>,
    pub(super) page: RwSignal<Load<ShopPage>>,
    pub(super) place: RwSignal<Place>,
    /// Counts requests, so that a late answer to an old question is dropped.
    asked: StoredValue<u32>,
}

impl ShopState {
    pub(super) fn start() -> Self {
        let city = store::choice(CITY_CHOICE).and_then(|name| City::from_name(&name).ok()).unwrap_or(City::Shanghai);
        let state = Self {
            query: RwSignal::new(ShopQuery::all_of(city)),
            page: RwSignal::new(kept(city).map_or(Load::Loading, Load::ready)),
            place: RwSignal::new(Place::Unasked),
            asked: StoredValue::new(0),
        };
        let wanted = Memo::new(move |_| state.query.get());
        Effect::new(move |shown: Option<City>| {
            let query = wanted.get();
            let city = query.city;
            store::remember_choice(CITY_CHOICE, city.as_str());
            // Shops of one city must not stand under the name of another.
            if shown.is_some_and(|shown| shown != city) {
                state.page.set(Load::Loading);
            }
            state.ask(query);
            city
        });
        state
    }

    /// Asks for the list again.
    pub(super) fn refresh(self) {
        self.page.update(Load::retry);
        self.ask(self.query.get_untracked());
    }

    fn ask(self, query: ShopQuery) {
        let request = self.next_request();
        spawn_local(async move {
            let answer = api::shops(&query, None).await;
            if let Ok(answer) = &answer
                && query.is_whole_city()
            {
                store::keep_answer(Kept::Shops, &answer.json);
            }
            self.settle(request, answer.map(|answer| answer.value));
        });
    }

    /// The shop with this id, if it is in the list.
    pub(super) fn find(self, id: &str) -> Option<Shop> {
        self.page.with_untracked(|page| page.value()?.shops.iter().find(|shop| shop.id == id).cloned())
    }

    /// Asks for the shops after those at hand.
    pub(super) fn more(self) {
        let Some(page) = self.page.with_untracked(|page| page.value().cloned()) else { return };
        let Some(cursor) = page.next_cursor else { return };
        let (request, query) = (self.next_request(), self.query.get_untracked());
        spawn_local(async move {
            let answer = api::shops(&query, Some(&cursor)).await;
            let joined = answer.map(|next| {
                let shops = page.shops.into_iter().chain(next.value.shops).collect();
                ShopPage { shops, ..next.value }
            });
            self.settle(request, joined);
        });
    }

    fn next_request(self) -> u32 {
        self.asked.update_value(|count| *count += 1);
        self.asked.get_value()
    }

    fn settle(self, request: u32, answer: Result<ShopPage, ApiError>) {
        if self.asked.try_get_value() == Some(request) {
            let _ = self.page.try_update(|page| page.settle(answer));
        }
    }

    /// Looks where the member is and orders the list by it.
    pub(super) fn locate(self) {
        self.place.set(Place::Asking);
        spawn_local(async move {
            let place = geolocation::current_position().await.map_or(Place::Unavailable, Place::Known);
            if self.place.try_set(place).is_some() {
                return;
            }
            if let Some(here) = place.known() {
                let _ = self.query.try_update(|query| {
                    query.near = Some(here.coarse());
                    query.city = nearest_city(here);
                });
            }
        });
    }
}

/// The list of the last visit, if it was of this city.
fn kept(city: City) -> Option<ShopPage> {
    let page = api::decode::<ShopPage>(store::kept_answer(Kept::Shops)?).ok()?;
    page.shops.first().is_some_and(|shop| shop.city == city).then_some(page)
}

fn nearest_city(here: Wgs84) -> City {
    let metres = |centre: Wgs84| here.distance_to(centre).metres;
    let nearest = CENTRES.iter().min_by(|a, b| metres(a.1).total_cmp(&metres(b.1)));
    nearest.map_or(City::Shanghai, |(city, _)| *city)
}
