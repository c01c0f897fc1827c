//! State of the shop list: the query, the loaded shops, the local search, and the member's position.

mod asked;
mod follow;

use std::sync::Arc;

use member_domain::{
    City, Distance, ShopFilter, UnixMillis,
    wire::{Shop, ShopPage},
};
use page_core::{
    Listed, Load, Ordered, Place, ShopList, ShopQuery,
    shops::{CityChoice, Lists, find_shop, first_look, look_in},
};

use self::{asked::Asked, follow::follow};
use super::favourites::Favourites;
use crate::{
    api,
    clock::PageClock,
    features::nearby_shops::More,
    geolocation::{self, Fix},
    host::Host,
    navigation::{Navigation, list_address},
    prelude::*,
    store::{Kept, Store},
};

const CITY_CHOICE: &str = "city";
const DISTRICT_CHOICE: &str = "district";
/// A slow phone filters this many shops in a few milliseconds.
const FEW: usize = 1_000;

/// The shop list and its query.
#[derive(Clone, Copy)]
pub(super) struct ShopState {
    pub(super) query: RwSignal<ShopQuery>,
    pub(super) place: RwSignal<Place>,
    pub(super) favourites: Favourites,
    /// The list on screen.
    pub(super) list: Memo<Load<ShopList>>,
    /// The current time, to the minute.
    pub(super) now: Signal<Option<UnixMillis>>,
    pub(super) more: RwSignal<More>,
    /// All shops of the city that have been loaded.
    whole: Asked,
    /// The backend's search result, used while the city is not fully loaded, and its query.
    found: Asked,
    found_for: RwSignal<Option<ShopQuery>>,
    /// Whether the member or host chose the city.
    city_choice: StoredValue<CityChoice>,
    /// Whether the address holds the filters.
    addressed: bool,
    pub(super) host: Host,
}

impl ShopState {
    /// Sends no request until [`Self::begin`].
    pub(super) fn new(host: Host, navigation: Navigation, clock: PageClock) -> Self {
        let addressed = navigation.is_addressed();
        let city_choice = StoredValue::new(CityChoice::default());
        let query = RwSignal::new(ShopQuery::all_of(City::Shanghai));
        let favourites = Favourites::new(host);
        let now = clock.use_minute();
        let (whole, found) = (Asked::new(host), Asked::new(host));
        let found_for = RwSignal::new(None::<ShopQuery>);
        let place = RwSignal::new(Place::Unasked);
        // Comparing thousands of shops costs more than rendering sixty again.
        let list =
            Memo::new_with_compare(move |_| shown(query, place, favourites, now, whole, found, found_for), |_, _| true);
        let more = RwSignal::new(More::Idle);
        Self { query, place, favourites, list, now, more, whole, found, found_for, city_choice, addressed, host }
    }

    /// Shows the list of the last visit, and from now on sends a request whenever the query changes.
    pub(super) fn begin(self) {
        let (query, city_choice) = first_question(self.host, self.addressed);
        self.city_choice.set_value(city_choice);
        self.query.set(query);
        let page = kept(self.host.store, self.query.with_untracked(|query| query.city));
        // Must not overwrite a newer answer.
        if let Some(page) = page.filter(|_| self.whole.list.with_untracked(|list| list.value().is_none())) {
            self.whole.list.set(Load::ready(ShopList::first(page, Ordered::Unknown)));
        }
        self.favourites.begin();
        follow(self);
        self.host.use_place(move |fix| self.go_to(fix, false));
        self.host.use_city(move |city| {
            let _ = self.query.try_update(|query| look_in(query, city));
        });
    }

    /// Whether the list shows only local results while the backend searches; reactive.
    pub(super) fn is_searching(self) -> bool {
        self.found_for.with(Option::is_some) && self.found.list.with(|list| matches!(list, Load::Loading))
    }

    /// Whether all shops of the city are loaded and few enough for a slow phone to filter at once; reactive.
    pub(super) fn is_quick(self) -> bool {
        self.whole.list.with(|list| list.value().is_some_and(|list| list.is_whole() && list.shops.len() <= FEW))
    }

    /// Whether the last refresh of the city's list failed; reactive.
    pub(super) fn is_stale(self) -> bool {
        self.whole.list.with(Load::is_stale)
    }

    /// Requests the list again if it is stale or failed.
    pub(super) fn look_again(self) {
        if self.whole.list.with_untracked(|list| list.is_stale() || matches!(list, Load::Failed(_))) {
            self.whole.ask(self.query.with_untracked(ShopQuery::whole_city), true);
        }
    }

    /// Requests the list again.
    pub(super) fn refresh(self) {
        self.more.set(More::Idle);
        self.favourites.refresh();
        self.whole.list.update(Load::retry);
        self.whole.ask(self.query.with_untracked(ShopQuery::whole_city), true);
        if let Some(wanted) = self.found_for.get_untracked() {
            self.found.list.update(Load::retry);
            self.found.ask(wanted, false);
        }
    }

    /// The shop with this id, if it is loaded.
    pub(super) fn find(self, id: &str) -> Option<Arc<Listed>> {
        self.list.with_untracked(|shown| self.whole.list.with_untracked(|whole| find_shop(shown, whole, id)))
    }

    /// The shop with this id as plain data, if it is loaded.
    pub(super) fn find_shop(self, id: &str) -> Option<Shop> {
        self.find(id).map(|listed| listed.shop.clone())
    }

    /// Adds or removes a favourite.
    pub(super) fn toggle_favourite(self, shop: &Shop) {
        self.favourites.toggle(&shop.id, Listed::new(shop.clone()));
    }

    /// Requests the next page of shops.
    pub(super) fn more(self) {
        let Self { query, whole, found, found_for, more, .. } = self;
        match found_for.get_untracked() {
            Some(wanted) => found.ask_further(wanted, more),
            None if query.with_untracked(|query| query.filter == ShopFilter::default()) => {
                whole.ask_further(query.get_untracked(), more);
            }
            // A local result is complete: all shops of the city are loaded.
            None => {}
        }
    }

    /// Requests the member's position and sorts the list by distance.
    pub(super) fn locate(self) {
        self.place.update(|place| *place = place.asking());
        let is_late = StoredValue::new(false);
        geolocation::locate(move |answer| match answer {
            // A late position must not change the city: the member may have moved on.
            Ok(fix) => self.go_to(fix, is_late.try_get_value() == Some(false)),
            Err(reason) => {
                let _ = is_late.try_set_value(true);
                let _ = self.place.try_update(|place| *place = place.failed(reason));
            }
        });
    }

    /// Applies a position.
    fn go_to(self, Fix { position, within }: Fix, is_asked_for: bool) {
        let _ = self.place.try_set(Place::at(position, within));
        let _ = self.query.try_update(|query| {
            self.city_choice.try_update_value(|choice| choice.go_to(query, position, is_asked_for))
        });
    }

    /// Distance to a shop, if the member's position is known; reactive.
    pub(super) fn distance_to(self, shop: &Shop) -> Option<Distance> {
        self.place.get().known().map(|here| here.distance_to(shop.place.to_wgs84()))
    }
}

/// The list for the current query; reactive.
#[inline(never)]
fn shown(
    query: RwSignal<ShopQuery>,
    place: RwSignal<Place>,
    favourites: Favourites,
    now: Signal<Option<UnixMillis>>,
    whole: Asked,
    found: Asked,
    found_for: RwSignal<Option<ShopQuery>>,
) -> Load<ShopList> {
    let query = query.get();
    let kept = if query.filter.favourites { favourites.shops() } else { Vec::new() };
    let is_found = found_for.with(|found_for| found_for.as_ref() == Some(&query));
    // Filters without copying: copying twenty thousand shops to keep ten would be slow.
    let shown = |whole: &Load<ShopList>, found: Option<&Load<ShopList>>| {
        let is_favourite = &|id: &str| favourites.has(id);
        let lists = Lists { whole, found, favourites: &kept, is_favourite };
        lists.shown(&query, || now.get(), || place.get().known())
    };
    whole.list.with(
        |whole| {
            if is_found { found.list.with(|found| shown(whole, Some(found))) } else { shown(whole, None) }
        },
    )
}

/// The query from the address or the last visit, and whether anybody chose the city.
fn first_question(host: Host, addressed: bool) -> (ShopQuery, CityChoice) {
    let remembered = remembered(host);
    let query = if addressed { list_address::read(remembered) } else { list_address::fallback(remembered) };
    let told = host.city_untracked().is_some() || (addressed && list_address::names_city());
    let choice = CityChoice::start(query.city, told || host.store.choice(CITY_CHOICE).is_some());
    (query, choice)
}

/// City and district of the last visit.
fn remembered(host: Host) -> (City, Option<String>) {
    let chosen = host.store.choice(CITY_CHOICE).and_then(|name| City::from_name(&name).ok());
    first_look(host.city_untracked(), chosen, host.store.choice(DISTRICT_CHOICE))
}

/// The stored list of the last visit, if it was of this city.
fn kept(store: Store, city: City) -> Option<ShopPage> {
    let page = api::decode::<ShopPage>(store.kept_answer(Kept::Shops)?).ok()?;
    page.shops.first().is_some_and(|shop| shop.city == city).then_some(page)
}
