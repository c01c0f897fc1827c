//! State of the shop list: the query, the loaded shops, the local search, and the member's position.

mod backend_list;
mod effects;

use member_domain::{
    City, Distance, ShopFilter, UnixMillis,
    wire::{Shop, ShopPage},
};
use page_core::{
    Listed, Load, Ordered, Place, ShopList, ShopQuery,
    shops::{CityChoice, Lists, find_shop, initial_city, set_city},
};

use self::{backend_list::BackendList, effects::start_effects};
use super::favourites::Favourites;
use crate::{
    api,
    clock::PageClock,
    features::nearby_shops::More,
    geolocation::{self, Fix},
    host::Host,
    navigation::{Navigation, list_address},
    prelude::*,
    store::{CITY, DISTRICT, Store, StoredAnswer},
    unicode::normalize,
};

/// A slow phone filters this many shops in a few milliseconds.
const QUICK_LIMIT: usize = 1_000;

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
    city_shops: BackendList,
    /// The backend's search result, used while the city is not fully loaded, and its query.
    search_result: BackendList,
    search_query: RwSignal<Option<ShopQuery>>,
    /// Whether the member or host chose the city.
    city_choice: StoredValue<CityChoice>,
    /// Whether the address holds the filters.
    uses_address: bool,
    pub(super) host: Host,
}

impl ShopState {
    /// Sends no request until [`Self::begin`].
    pub(super) fn new(host: Host, navigation: Navigation, clock: PageClock) -> Self {
        let uses_address = navigation.uses_address();
        let city_choice = StoredValue::new(CityChoice::default());
        let query = RwSignal::new(ShopQuery::all_of(City::Shanghai));
        let favourites = Favourites::new(host);
        let now = clock.use_minute();
        let (city_shops, search_result) = (BackendList::new(host), BackendList::new(host));
        let search_query = RwSignal::new(None::<ShopQuery>);
        let place = RwSignal::new(Place::NotRequested);
        // Comparing thousands of shops costs more than rendering sixty again.
        let list = Memo::new_with_compare(
            move |_| current_list(query, place, favourites, now, city_shops, search_result, search_query),
            |_, _| true,
        );
        let more = RwSignal::new(More::Idle);
        Self {
            query,
            place,
            favourites,
            list,
            now,
            more,
            city_shops,
            search_result,
            search_query,
            city_choice,
            uses_address,
            host,
        }
    }

    /// Shows the list of the last visit, and from now on sends a request whenever the query changes.
    pub(super) fn begin(self) {
        let (query, city_choice) = initial_query(self.host, self.uses_address);
        self.city_choice.set_value(city_choice);
        self.query.set(query);
        let page = stored_list(self.host.store, self.query.with_untracked(|query| query.city));
        // Must not overwrite a newer answer.
        if let Some(page) = page.filter(|_| self.city_shops.list.with_untracked(|list| list.value().is_none())) {
            self.city_shops.list.set(Load::ready(ShopList::first(page, Ordered::Unknown, normalize)));
        }
        self.favourites.begin();
        start_effects(self);
        self.host.use_place(move |fix| self.apply_position(fix, false));
        self.host.use_city(move |city| {
            let _ = self.query.try_update(|query| set_city(query, city));
        });
    }

    /// Whether the list shows only local results while the backend searches; reactive.
    pub(super) fn is_searching(self) -> bool {
        self.search_query.with(Option::is_some) && self.search_result.list.with(|list| matches!(list, Load::Loading))
    }

    /// Whether all shops of the city are loaded and few enough for a slow phone to filter at once; reactive.
    pub(super) fn is_quick(self) -> bool {
        self.city_shops
            .list
            .with(|list| list.value().is_some_and(|list| list.is_complete() && list.shops.len() <= QUICK_LIMIT))
    }

    /// Whether the last refresh of the city's list failed; reactive.
    pub(super) fn is_stale(self) -> bool {
        self.city_shops.list.with(Load::is_stale)
    }

    /// Requests the list again if it is stale or failed.
    pub(super) fn retry_if_failed(self) {
        if self.city_shops.list.with_untracked(|list| list.is_stale() || matches!(list, Load::Failed(_))) {
            self.city_shops.request_first_page(self.query.with_untracked(ShopQuery::without_filters), true);
        }
    }

    /// Requests the list again.
    pub(super) fn refresh(self) {
        self.more.set(More::Idle);
        self.favourites.refresh();
        self.city_shops.list.update(Load::retry);
        self.city_shops.request_first_page(self.query.with_untracked(ShopQuery::without_filters), true);
        if let Some(search) = self.search_query.get_untracked() {
            self.search_result.list.update(Load::retry);
            self.search_result.request_first_page(search, false);
        }
    }

    /// The shop with this id, if it is loaded.
    pub(super) fn find_shop(self, id: &str) -> Option<Shop> {
        self.list.with_untracked(|shown| {
            self.city_shops.list.with_untracked(|city_shops| find_shop(shown, city_shops, id).cloned())
        })
    }

    /// Adds or removes a favourite.
    pub(super) fn toggle_favourite(self, shop: &Shop) {
        self.favourites.toggle(&shop.id, Listed::new(shop.clone(), normalize));
    }

    /// Requests the next page of shops.
    pub(super) fn load_more(self) {
        let Self { query, city_shops, search_result, search_query, more, .. } = self;
        match search_query.get_untracked() {
            Some(search) => search_result.request_next_page(search, more),
            None if query.with_untracked(|query| query.filter == ShopFilter::default()) => {
                city_shops.request_next_page(query.get_untracked(), more);
            }
            // A local result is complete: all shops of the city are loaded.
            None => {}
        }
    }

    /// Requests the member's position and sorts the list by distance.
    pub(super) fn locate(self) {
        self.place.update(|place| *place = place.with_pending_request());
        let is_late = StoredValue::new(false);
        geolocation::locate(move |answer| match answer {
            // A late position must not change the city: the member may have moved on.
            Ok(fix) => self.apply_position(fix, is_late.try_get_value() == Some(false)),
            Err(reason) => {
                let _ = is_late.try_set_value(true);
                let _ = self.place.try_update(|place| *place = place.with_failure(reason));
            }
        });
    }

    /// Applies a position.
    fn apply_position(self, Fix { position, accuracy }: Fix, is_requested: bool) {
        let _ = self.place.try_set(Place::at(position, accuracy));
        let _ = self.query.try_update(|query| {
            self.city_choice.try_update_value(|choice| choice.apply_position(query, position, is_requested))
        });
    }

    /// Distance to a shop, if the member's position is known; reactive.
    pub(super) fn distance_to(self, shop: &Shop) -> Option<Distance> {
        self.place.get().position().map(|here| here.distance_to(shop.place.to_wgs84()))
    }
}

/// The list for the current query; reactive.
#[inline(never)]
fn current_list(
    query: RwSignal<ShopQuery>,
    place: RwSignal<Place>,
    favourites: Favourites,
    now: Signal<Option<UnixMillis>>,
    city_shops: BackendList,
    search_result: BackendList,
    search_query: RwSignal<Option<ShopQuery>>,
) -> Load<ShopList> {
    let query = query.get();
    let favourite_shops = if query.filter.favourites { favourites.shops() } else { Vec::new() };
    let is_found = search_query.with(|search_query| search_query.as_ref() == Some(&query));
    // Filters without copying: copying twenty thousand shops to keep ten would be slow.
    let filter_lists = |city_shops: &Load<ShopList>, search_result: Option<&Load<ShopList>>| {
        let is_favourite = &|id: &str| favourites.has(id);
        let lists = Lists { city_shops, search_result, favourites: &favourite_shops, is_favourite, normalize };
        lists.list_for(&query, || now.get(), || place.get().position())
    };
    city_shops.list.with(|city_shops| {
        if is_found {
            search_result.list.with(|search_result| filter_lists(city_shops, Some(search_result)))
        } else {
            filter_lists(city_shops, None)
        }
    })
}

/// The query from the address or the last visit, and whether anybody chose the city.
fn initial_query(host: Host, uses_address: bool) -> (ShopQuery, CityChoice) {
    let city_and_district = city_and_district(host);
    let query =
        if uses_address { list_address::read(city_and_district) } else { list_address::fallback(city_and_district) };
    let is_named = host.city_untracked().is_some() || (uses_address && list_address::names_city());
    let is_link = uses_address && list_address::has_any();
    let choice = CityChoice::start(&query, is_named || host.store.choice(CITY).is_some(), is_link);
    (query, choice)
}

/// City and district of the last visit.
fn city_and_district(host: Host) -> (City, Option<String>) {
    let chosen = host.store.choice(CITY).and_then(|name| City::from_name(&name).ok());
    initial_city(host.city_untracked(), chosen, host.store.choice(DISTRICT))
}

/// The stored list of the last visit, if it was of this city.
fn stored_list(store: Store, city: City) -> Option<ShopPage> {
    let page = api::decode::<ShopPage>(store.stored_answer(StoredAnswer::Shops)?).ok()?;
    page.shops.first().is_some_and(|shop| shop.city == city).then_some(page)
}
