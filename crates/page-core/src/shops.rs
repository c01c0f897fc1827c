//! Decides which shops are shown, requested and stored.

use std::sync::Arc;

use member_domain::{
    City, Normalize, ShopFilter, UnixMillis, Wgs84,
    wire::{OpenState, ProblemKind, Shop, ShopPage},
};

use crate::{ApiError, Listed, Load, Ordered, ShopList, ShopQuery};

/// The sources of the shown list.
#[derive(Clone, Copy)]
pub struct Lists<'a> {
    /// The loaded shops of the city.
    pub city_shops: &'a Load<ShopList>,
    /// The backend's answer to the current query, if there is one.
    pub search_result: Option<&'a Load<ShopList>>,
    /// The member's favourites in all cities.
    pub favourites: &'a [Arc<Listed>],
    /// Whether the shop with this id is a favourite.
    pub is_favourite: &'a dyn Fn(&str) -> bool,
    /// Normalises a search text.
    pub normalize: Normalize,
}

impl Lists<'_> {
    /// The list for a query. If all shops of the city are loaded, they are filtered locally. Otherwise the backend
    /// searches, and the filtered local shops are shown until it answers. `now` and `here` are called only if the
    /// result depends on them.
    pub fn list_for(
        &self,
        query: &ShopQuery,
        now: impl Fn() -> Option<UnixMillis>,
        here: impl Fn() -> Option<Wgs84>,
    ) -> Load<ShopList> {
        let filtered = |list: &ShopList| list.filtered(&query.filter, now(), here(), self.is_favourite, self.normalize);
        if query.filter == ShopFilter::default() {
            return self.city_shops.clone();
        }
        if query.filter.favourites {
            return self.favourites_in(query.city).map(filtered);
        }
        match (self.city_shops, self.search_result) {
            (Load::Ready { value, .. }, Some(search_result)) if !value.is_complete() => match search_result {
                Load::Loading => Load::ready(filtered(value)),
                // The loaded shops are better than an empty list.
                Load::Failed(_) => Load::Ready { value: filtered(value), stale: true },
                search_result @ Load::Ready { .. } => search_result.clone(),
            },
            (list, _) => list.map(filtered),
        }
    }

    /// The favourites in a city as a list, with the data of the city's list.
    fn favourites_in(&self, city: City) -> Load<ShopList> {
        let mut list = self.city_shops.value().cloned().unwrap_or_default();
        for listed in self.favourites {
            if listed.shop.city == city && !list.shops.iter().any(|known| known.shop.id == listed.shop.id) {
                list.shops.push(Arc::clone(listed));
            }
        }
        Load::Ready { value: list, stale: self.city_shops.is_stale() || matches!(self.city_shops, Load::Failed(_)) }
    }
}

/// Whether the backend must search: the query has filters, and not all shops of the city are loaded.
pub fn must_search(query: &ShopQuery, is_partial: bool) -> bool {
    is_partial && query.filter != ShopFilter::default() && !query.filter.favourites
}

/// Applies the answer to a query for the first page.
pub fn settle_first(
    list: &mut Load<ShopList>,
    query: &ShopQuery,
    answer: Result<ShopPage, ApiError>,
    normalize: Normalize,
) {
    let answer = answer.map(|page| ShopList::first(page, Ordered::by(query), normalize));
    match (answer, &mut *list) {
        (Ok(fresh), Load::Ready { value, stale }) => {
            value.renew(fresh);
            *stale = false;
        }
        (answer, list) => list.settle(answer),
    }
}

/// The cursor of the next page, if an answer to this query can be appended. A page can only continue a list of the same
/// order.
pub fn next_page(list: &Load<ShopList>, query: &ShopQuery) -> Option<String> {
    let list = list.value().filter(|list| list.ordered == Ordered::by(query))?;
    list.next_cursor.clone()
}

/// Whether one of the first `page` shops has opened or closed since the backend answered. Only the backend knows the
/// next change.
pub fn has_opened_or_closed(list: &ShopList, page: usize, now: UnixMillis) -> bool {
    let has_opened_or_closed =
        |listed: &Arc<Listed>| listed.shop.open != OpenState::Unknown && listed.shop.open.at(now) == OpenState::Unknown;
    list.shops.iter().take(page).any(has_opened_or_closed)
}

/// The shop with this id, from the first source that has it: the shown list, the nearest shops that its filters remove,
/// the city's list.
pub fn find_shop<'a>(shown: &'a Load<ShopList>, city_shops: &'a Load<ShopList>, id: &str) -> Option<&'a Shop> {
    let listed = |list: &'a Load<ShopList>| {
        let mut shops = list.value()?.shops.iter().map(|listed| &listed.shop);
        shops.find(|shop| shop.id == id)
    };
    let because = |list: &'a Load<ShopList>| {
        let mut nearest = list.value()?.nothing_because.iter().filter_map(|effect| effect.nearest.as_ref());
        nearest.find(|shop| shop.id == id)
    };
    listed(shown).or_else(|| because(shown)).or_else(|| listed(city_shops))
}

/// Applies the backend's answer about the shop on a sheet. If the backend does not know the shop, its old data is
/// dropped.
pub fn settle_shop(shop: &mut Option<Load<Shop>>, answer: Result<Shop, ApiError>) {
    match (answer, shop.as_mut()) {
        (Err(error @ ApiError::Problem(ProblemKind::NotFound)), _) => *shop = Some(Load::Failed(error)),
        (answer, Some(load)) => load.settle(answer),
        (_, None) => {}
    }
}

/// Replaces known shops by their new data. Shops without new data are kept, so that the member can still find them.
pub fn renew(known: &mut Vec<Arc<Listed>>, fresh: Vec<Arc<Listed>>) {
    known.retain(|old| !fresh.iter().any(|new| new.shop.id == old.shop.id));
    known.extend(fresh);
}

/// The first city and district: the city that the host app names, or the one that the member chose last, with the
/// district chosen there.
pub fn initial_city(host_city: Option<City>, chosen: Option<City>, district: Option<String>) -> (City, Option<String>) {
    let city = host_city.or(chosen).unwrap_or(City::Shanghai);
    (city, district.filter(|district| chosen == Some(city) && !district.is_empty()))
}

/// Whether the member or the host app chose the city.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CityChoice {
    /// The city that nobody chose: the default at the start, or the city of a position.
    unchosen: Option<City>,
    /// City and district of the link that opened the page, until the member chooses others.
    linked: Option<(City, Option<String>)>,
}

impl CityChoice {
    /// The choice at the start, with this query. With `is_link`, the query comes from the page's address.
    pub fn start(query: &ShopQuery, is_chosen: bool, is_link: bool) -> Self {
        let linked = is_link.then(|| (query.city, query.filter.district.clone()));
        Self { unchosen: (!is_chosen).then_some(query.city), linked }
    }

    /// Whether to store the query's city and district. A city that nobody chose is not stored, because a position
    /// changes the city only until one is chosen. A link's city and district are not stored, because the link's author
    /// chose them.
    pub fn is_made(&mut self, query: &ShopQuery) -> bool {
        let is_linked = self
            .linked
            .as_ref()
            .is_some_and(|(city, district)| (*city, district) == (query.city, &query.filter.district));
        if is_linked {
            return false;
        }
        self.linked = None;
        self.unchosen != Some(query.city) || query.filter.district.as_ref().is_some_and(|district| !district.is_empty())
    }

    /// Applies the member's position. The city changes if the member requested nearby shops, or has never chosen a
    /// city.
    pub fn apply_position(&mut self, query: &mut ShopQuery, place: Wgs84, is_requested: bool) {
        query.near = Some(place.coarse());
        let city = nearest_city(place);
        if city != query.city && (is_requested || self.unchosen == Some(query.city)) {
            set_city(query, city);
            self.unchosen = (!is_requested).then_some(city);
        }
    }
}

/// Changes the city. Removes the filter for a district of another city.
pub fn set_city(query: &mut ShopQuery, city: City) {
    if query.city != city {
        query.filter.district = None;
        query.city = city;
    }
}

/// The programme's city that is nearest to a position.
fn nearest_city(here: Wgs84) -> City {
    let metres = |city: City| here.distance_to(city.centre()).metres;
    let nearest = City::ALL.iter().copied().min_by(|a, b| metres(*a).total_cmp(&metres(*b)));
    nearest.unwrap_or(City::Shanghai)
}
