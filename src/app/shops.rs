//! The list's state: what is asked for, what came, what can be found in it without asking, where the member is.

use member_domain::{
    City, Distance, ShopFilter, UnixMillis, Wgs84,
    wire::{OpenState, Shop, ShopPage},
};
use wasm_bindgen_futures::spawn_local;

use super::{favourites::Favourites, requests::Requests};
use crate::{
    api::{self, ShopQuery},
    clock::PageClock,
    features::nearby_shops::{Listed, More, Ordered, Place, ShopList},
    geolocation::{self, Fix},
    host::Host,
    load::Load,
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
    /// The city that nobody chose: where the page started without being told, or where a place led.
    unchosen: StoredValue<Option<City>>,
    /// Whether the filters are in the address.
    addressed: bool,
    pub(super) host: Host,
}

/// A list of the backend's.
#[derive(Clone, Copy)]
struct Asked {
    host: Host,
    list: RwSignal<Load<ShopList>>,
    requests: Requests,
    /// Whether the first page is on its way: until it is there, it is not known what the next one is.
    is_asking: StoredValue<bool>,
}

impl Asked {
    fn new(host: Host) -> Self {
        Self { host, list: RwSignal::new(Load::Loading), requests: Requests::new(), is_asking: StoredValue::new(false) }
    }

    /// Asks for the first page. What is on screen stays until the answer is there.
    fn ask(self, query: ShopQuery, keep: bool) {
        let request = self.requests.begin();
        self.is_asking.set_value(true);
        spawn_local(async move {
            let answer = self.host.api.shops(&query, None).await;
            if !self.requests.is_latest(request) {
                return;
            }
            let _ = self.is_asking.try_set_value(false);
            if let Ok(answer) = &answer
                && keep
            {
                self.host.store.keep_answer(Kept::Shops, &answer.json);
            }
            let _ = self.list.try_update(|list| match (answer, &mut *list) {
                (Ok(answer), Load::Ready { value, stale }) => {
                    value.renew(ShopList::first(answer.value, Ordered::by(&query)));
                    *stale = false;
                }
                (answer, list) => list.settle(answer.map(|answer| ShopList::first(answer.value, Ordered::by(&query)))),
            });
        });
    }
}

impl ShopState {
    /// What is to be asked for. Nothing is until it begins.
    pub(super) fn new(host: Host, navigation: Navigation, clock: PageClock) -> Self {
        let addressed = navigation.is_addressed();
        let remembered = remembered(host);
        let first = if addressed { list_address::read(remembered) } else { list_address::fallback(remembered) };
        let told = host.city_untracked().is_some() || (addressed && list_address::names_city());
        let is_chosen = told || host.store.choice(CITY_CHOICE).is_some();
        let unchosen = (!is_chosen).then_some(first.city);
        let query = RwSignal::new(first);
        let favourites = Favourites::new(host);
        let now = clock.use_minute();
        let (whole, found) = (Asked::new(host), Asked::new(host));
        let found_for = RwSignal::new(None::<ShopQuery>);
        let place = RwSignal::new(Place::Unasked);
        let list = Memo::new_with_compare(
            move |_| {
                let query = query.get();
                let is_favourite = |id: &str| favourites.has(id);
                let here = place.get().known();
                let narrowed = |list: &ShopList| list.narrowed(&query.filter, now.get(), here, &is_favourite);
                if query.filter == ShopFilter::default() {
                    return whole.list.get();
                }
                if query.filter.favourites {
                    return kept_list(favourites, whole, query.city).map(narrowed);
                }
                let is_found = found_for.with(|found_for| found_for.as_ref() == Some(&query));
                // Twenty thousand shops are not copied to keep ten of them.
                whole.list.with(|list| match list {
                    Load::Ready { value, .. } if !value.is_whole() && is_found => match found.list.get() {
                        Load::Loading => Load::ready(narrowed(value)),
                        // Better what is at hand than nothing.
                        Load::Failed(_) => Load::Ready { value: narrowed(value), stale: true },
                        found @ Load::Ready { .. } => found,
                    },
                    list => list.map(narrowed),
                })
                // Comparing thousands of shops costs more than showing sixty again.
            },
            |_, _| true,
        );
        let more = RwSignal::new(More::Idle);
        let unchosen = StoredValue::new(unchosen);
        Self { query, place, favourites, list, now, more, whole, found, found_for, unchosen, addressed, host }
    }

    /// Shows the list of the last visit, and from now on asks whenever the question changes.
    pub(super) fn begin(self) {
        let page = kept(self.host.store, self.query.with_untracked(|query| query.city));
        // Not over what has been asked for meanwhile.
        if let Some(page) = page.filter(|_| self.whole.list.with_untracked(|list| list.value().is_none())) {
            self.whole.list.set(Load::ready(ShopList::first(page, Ordered::Unknown)));
        }
        self.favourites.begin();
        self.follow();
        self.host.use_place(move |fix| self.go_to(fix, false));
        self.host.use_city(move |city| self.look_in(city));
    }

    /// Asks whenever the question changes.
    fn follow(self) {
        let Self { query, whole, found, found_for, more, .. } = self;
        let city_wide = Memo::new(move |_| query.with(ShopQuery::whole_city));
        Effect::new(move |shown: Option<City>| {
            let query = city_wide.get();
            let city = query.city;
            // Shops of one city must not stand under the name of another.
            if shown.is_some_and(|shown| shown != city) {
                whole.list.set(Load::Loading);
            }
            more.set(More::Idle);
            whole.ask(query, true);
            city
        });
        let is_part = Memo::new(move |_| whole.list.with(|list| list.value().is_some_and(|list| !list.is_whole())));
        let wanted = Memo::new(move |_| {
            let narrows = query.with(|query| query.filter != ShopFilter::default() && !query.filter.favourites);
            (narrows && is_part.get()).then(|| query.get())
        });
        Effect::new(move |_| {
            let wanted = wanted.get();
            found.list.set(Load::Loading);
            found_for.set(wanted.clone());
            more.set(More::Idle);
            if let Some(wanted) = wanted {
                found.ask(wanted, false);
            } else {
                found.requests.begin();
            }
        });
        Effect::new(move |_| {
            let query = query.get();
            let store = self.host.store;
            let district = query.filter.district.as_deref().unwrap_or_default();
            // A place leads to a city only as long as nobody has chosen one: what nobody chose is not remembered as chosen.
            if self.unchosen.get_value() != Some(query.city) || !district.is_empty() {
                store.remember_choice(CITY_CHOICE, query.city.as_str());
                store.remember_choice(DISTRICT_CHOICE, district);
            }
            if self.addressed {
                list_address::write(&query);
            }
        });
        // A shop opens or closes while the page is looked at: what it does from then on only the backend knows.
        Effect::new(move |_| {
            let now = self.now.get();
            let has_changed = |listed: &std::sync::Arc<Listed>| {
                now.is_some_and(|now| {
                    listed.shop.open != OpenState::Unknown && listed.shop.open.at(now) == OpenState::Unknown
                })
            };
            let first_page = |list: &ShopList| list.shops.iter().take(api::PAGE).any(has_changed);
            if whole.list.with_untracked(|list| list.value().is_some_and(first_page)) {
                self.refresh();
            }
        });
        if !self.addressed {
            return;
        }
        // Going back may lead to a page of the history with other filters.
        let listener = window_event_listener(leptos::ev::popstate, move |_| {
            let before = query.get_untracked();
            let address = list_address::read((before.city, None));
            let address = ShopQuery { near: before.near, ..address };
            if address != before {
                query.set(address);
            }
        });
        on_cleanup(move || listener.remove());
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
    pub(super) fn find(self, id: &str) -> Option<std::sync::Arc<Listed>> {
        let listed = |list: &Load<ShopList>| list.value()?.shops.iter().find(|listed| listed.shop.id == id).cloned();
        let because = |list: &Load<ShopList>| {
            let nearest = list.value()?.nothing_because.iter().filter_map(|removal| removal.nearest.as_ref());
            nearest.into_iter().find(|shop| shop.id == id).cloned().map(Listed::new)
        };
        self.list
            .with_untracked(|list| listed(list).or_else(|| because(list)))
            .or_else(|| self.whole.list.with_untracked(listed))
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
        let (asked, query) = match found_for.get_untracked() {
            Some(wanted) => (found, wanted),
            None if query.with_untracked(|query| query.filter == ShopFilter::default()) => {
                (whole, query.get_untracked())
            }
            // Found at hand: there is no more than what the city has, all of which is here.
            None => return,
        };
        let cursor = asked.list.with_untracked(|list| list.value()?.next_cursor.clone());
        let ordered = asked.list.with_untracked(|list| list.value().map(|list| list.ordered));
        let Some(cursor) = cursor else { return };
        // A page goes on where one of the same order has ended.
        let goes_on = ordered == Some(Ordered::by(&query)) && !asked.is_asking.get_value();
        if more.get_untracked() == More::Asked || !goes_on {
            return;
        }
        more.set(More::Asked);
        let request = asked.requests.begin();
        spawn_local(async move {
            let answer = asked.host.api.shops(&query, Some(&cursor)).await;
            if !asked.requests.is_latest(request) {
                return;
            }
            let state = if answer.is_ok() { More::Idle } else { More::Failed };
            if let Ok(page) = answer {
                let _ = asked.list.try_update(|list| {
                    if let Load::Ready { value, .. } = list {
                        value.append(page.value);
                    }
                });
            }
            let _ = more.try_set(state);
        });
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

    /// Takes a place in. The city follows if the member asks for what is near, or has never chosen one.
    fn go_to(self, Fix { position, within }: Fix, is_asked_for: bool) {
        let _ = self.place.try_set(Place::at(position, within));
        let _ = self.query.try_update(|query| {
            query.near = Some(position.coarse());
            let city = nearest_city(position);
            let is_free = is_asked_for || self.unchosen.try_get_value() == Some(Some(query.city));
            if city != query.city && is_free {
                query.filter.district = None;
                query.city = city;
                let _ = self.unchosen.try_set_value((!is_asked_for).then_some(city));
            }
        });
    }

    /// The host app wants another city to be looked in.
    fn look_in(self, city: City) {
        let _ = self.query.try_update(|query| {
            if query.city != city {
                query.filter.district = None;
                query.city = city;
            }
        });
    }

    /// How far a shop is, where the member's place is known; reactive.
    pub(super) fn distance_to(self, shop: &Shop) -> Option<Distance> {
        self.place.get().known().map(|here| here.distance_to(shop.place.to_wgs84()))
    }
}

/// The favourites in a city, as a list, with what the city's own list knows of them.
fn kept_list(favourites: Favourites, whole: Asked, city: City) -> Load<ShopList> {
    let mut list = whole.list.with(|list| list.value().cloned()).unwrap_or_default();
    for listed in favourites.shops() {
        if listed.shop.city == city && !list.shops.iter().any(|known| known.shop.id == listed.shop.id) {
            list.shops.push(listed);
        }
    }
    Load::Ready { value: list, stale: whole.list.with(|list| list.is_stale() || matches!(list, Load::Failed(_))) }
}

/// City and district of the last visit.
fn remembered(host: Host) -> (City, Option<String>) {
    let chosen = host.store.choice(CITY_CHOICE).and_then(|name| City::from_name(&name).ok());
    let city = host.city_untracked().or(chosen).unwrap_or(City::Shanghai);
    (city, host.store.choice(DISTRICT_CHOICE).filter(|_| chosen == Some(city)).filter(|district| !district.is_empty()))
}

/// The list of the last visit, if it was of this city.
fn kept(store: Store, city: City) -> Option<ShopPage> {
    let page = api::decode::<ShopPage>(store.kept_answer(Kept::Shops)?).ok()?;
    page.shops.first().is_some_and(|shop| shop.city == city).then_some(page)
}

/// Which of the programme's cities a place is in, or closest to.
fn nearest_city(here: Wgs84) -> City {
    let metres = |city: City| here.distance_to(city.centre()).metres;
    let nearest = City::ALL.iter().copied().min_by(|a, b| metres(*a).total_cmp(&metres(*b)));
    nearest.unwrap_or(City::Shanghai)
}
