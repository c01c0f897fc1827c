//! The list's state: what is asked for, what came, what can be found in it without asking, where the member is.

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
/// So many shops are looked through in some milliseconds.
const FEW: usize = 1_000;

/// The list and what leads to it.
#[derive(Clone, Copy)]
pub(super) struct ShopState {
    pub(super) query: RwSignal<ShopQuery>,
    pub(super) place: RwSignal<Place>,
    pub(super) favourites: Favourites,
    /// What is shown.
    pub(super) list: Memo<Load<ShopList>>,
    /// The time, to the minute.
    pub(super) now: Signal<Option<UnixMillis>>,
    pub(super) more: RwSignal<More>,
    /// All shops of the city, as far as they have come.
    whole: Asked,
    /// What the backend found where not all shops are at hand, and the question it answers.
    found: Asked,
    found_for: RwSignal<Option<ShopQuery>>,
    /// Whether the city was chosen.
    city_choice: StoredValue<CityChoice>,
    /// Whether the filters are in the address.
    addressed: bool,
    pub(super) host: Host,
}

impl ShopState {
    /// Nothing is asked for until it begins.
    pub(super) fn new(host: Host, navigation: Navigation, clock: PageClock) -> Self {
        let addressed = navigation.is_addressed();
        let city_choice = StoredValue::new(CityChoice::default());
        let query = RwSignal::new(ShopQuery::all_of(City::Shanghai));
        let favourites = Favourites::new(host);
        let now = clock.use_minute();
        let (whole, found) = (Asked::new(host), Asked::new(host));
        let found_for = RwSignal::new(None::<ShopQuery>);
        let place = RwSignal::new(Place::Unasked);
        // Comparing thousands of shops costs more than showing sixty again.
        let list =
            Memo::new_with_compare(move |_| shown(query, place, favourites, now, whole, found, found_for), |_, _| true);
        let more = RwSignal::new(More::Idle);
        Self { query, place, favourites, list, now, more, whole, found, found_for, city_choice, addressed, host }
    }

    /// Shows the list of the last visit, and from now on asks whenever the question changes.
    pub(super) fn begin(self) {
        let (query, city_choice) = first_question(self.host, self.addressed);
        self.city_choice.set_value(city_choice);
        self.query.set(query);
        let page = kept(self.host.store, self.query.with_untracked(|query| query.city));
        // Not over what has been asked for meanwhile.
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

    /// Whether the list is only what is at hand, while the backend is asked; reactive.
    pub(super) fn is_searching(self) -> bool {
        self.found_for.with(Option::is_some) && self.found.list.with(|list| matches!(list, Load::Loading))
    }

    /// Whether the city's shops are all at hand, and so few that looking through them takes a slow phone no more than a moment;
    /// reactive.
    pub(super) fn is_quick(self) -> bool {
        self.whole.list.with(|list| list.value().is_some_and(|list| list.is_whole() && list.shops.len() <= FEW))
    }

    /// Whether the city's list is older than the last try to renew it; reactive.
    pub(super) fn is_stale(self) -> bool {
        self.whole.list.with(Load::is_stale)
    }

    /// Asks again for what could not be had. What is on screen says so until it can.
    pub(super) fn look_again(self) {
        if self.whole.list.with_untracked(|list| list.is_stale() || matches!(list, Load::Failed(_))) {
            self.whole.ask(self.query.with_untracked(ShopQuery::whole_city), true);
        }
    }

    /// Asks for the list again.
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

    /// The shop with this id, as far as it is at hand.
    pub(super) fn find(self, id: &str) -> Option<Arc<Listed>> {
        self.list.with_untracked(|shown| self.whole.list.with_untracked(|whole| find_shop(shown, whole, id)))
    }

    /// The same, as plain data.
    pub(super) fn find_shop(self, id: &str) -> Option<Shop> {
        self.find(id).map(|listed| listed.shop.clone())
    }

    /// Keeps a shop, or no longer.
    pub(super) fn toggle_favourite(self, shop: &Shop) {
        self.favourites.toggle(&shop.id, Listed::new(shop.clone()));
    }

    /// Asks for the shops behind those at hand.
    pub(super) fn more(self) {
        let Self { query, whole, found, found_for, more, .. } = self;
        match found_for.get_untracked() {
            Some(wanted) => found.ask_further(wanted, more),
            None if query.with_untracked(|query| query.filter == ShopFilter::default()) => {
                whole.ask_further(query.get_untracked(), more);
            }
            // Found at hand: there is no more than what the city has, all of which is here.
            None => {}
        }
    }

    /// Looks where the member is and orders the list by it.
    pub(super) fn locate(self) {
        self.place.update(|place| *place = place.asking());
        let is_late = StoredValue::new(false);
        geolocation::locate(move |answer| match answer {
            // Late, the member may have gone on to another city.
            Ok(fix) => self.go_to(fix, is_late.try_get_value() == Some(false)),
            Err(reason) => {
                let _ = is_late.try_set_value(true);
                let _ = self.place.try_update(|place| *place = place.failed(reason));
            }
        });
    }

    /// Takes a place in.
    fn go_to(self, Fix { position, within }: Fix, is_asked_for: bool) {
        let _ = self.place.try_set(Place::at(position, within));
        let _ = self.query.try_update(|query| {
            self.city_choice.try_update_value(|choice| choice.go_to(query, position, is_asked_for))
        });
    }

    /// How far a shop is, where the member's place is known; reactive.
    pub(super) fn distance_to(self, shop: &Shop) -> Option<Distance> {
        self.place.get().known().map(|here| here.distance_to(shop.place.to_wgs84()))
    }
}

/// The list for the question that is asked now; reactive.
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
    // Twenty thousand shops are not copied to keep ten of them.
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

/// What the address asks for, or the last visit; and whether anybody chose the city.
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

/// The list of the last visit, if it was of this city.
fn kept(store: Store, city: City) -> Option<ShopPage> {
    let page = api::decode::<ShopPage>(store.kept_answer(Kept::Shops)?).ok()?;
    page.shops.first().is_some_and(|shop| shop.city == city).then_some(page)
}
