//! Which shops are shown, asked for and remembered.

use std::sync::Arc;

use member_domain::{
    City, ShopFilter, UnixMillis, Wgs84,
    wire::{OpenState, ProblemKind, Shop, ShopPage},
};

use crate::{ApiError, Listed, Load, Ordered, ShopList, ShopQuery};

/// What the list is made of.
#[derive(Clone, Copy)]
pub struct Lists<'a> {
    /// The shops of the city, as far as they have come.
    pub whole: &'a Load<ShopList>,
    /// What the backend found, if that answers the question that is asked now.
    pub found: Option<&'a Load<ShopList>>,
    /// The shops that the member keeps, of all cities.
    pub favourites: &'a [Arc<Listed>],
    /// Whether a shop is one of them.
    pub is_favourite: &'a dyn Fn(&str) -> bool,
}

impl Lists<'_> {
    /// What is shown for a question: found at hand where all shops are at hand, and meanwhile where they are not. Time and place
    /// are only asked for where they count.
    pub fn shown(
        &self,
        query: &ShopQuery,
        now: impl Fn() -> Option<UnixMillis>,
        here: impl Fn() -> Option<Wgs84>,
    ) -> Load<ShopList> {
        let narrowed = |list: &ShopList| list.narrowed(&query.filter, now(), here(), self.is_favourite);
        if query.filter == ShopFilter::default() {
            return self.whole.clone();
        }
        if query.filter.favourites {
            return self.kept(query.city).map(narrowed);
        }
        match (self.whole, self.found) {
            (Load::Ready { value, .. }, Some(found)) if !value.is_whole() => match found {
                Load::Loading => Load::ready(narrowed(value)),
                // Better what is at hand than nothing.
                Load::Failed(_) => Load::Ready { value: narrowed(value), stale: true },
                found @ Load::Ready { .. } => found.clone(),
            },
            (list, _) => list.map(narrowed),
        }
    }

    /// The favourites in a city, as a list, with what the city's own list knows of them.
    fn kept(&self, city: City) -> Load<ShopList> {
        let mut list = self.whole.value().cloned().unwrap_or_default();
        for listed in self.favourites {
            if listed.shop.city == city && !list.shops.iter().any(|known| known.shop.id == listed.shop.id) {
                list.shops.push(Arc::clone(listed));
            }
        }
        Load::Ready { value: list, stale: self.whole.is_stale() || matches!(self.whole, Load::Failed(_)) }
    }
}

/// Whether the backend has to be asked for what the question narrows the list by: not all of the city's shops are at hand.
pub fn must_search(query: &ShopQuery, is_part: bool) -> bool {
    is_part && query.filter != ShopFilter::default() && !query.filter.favourites
}

/// Takes in the answer to a question for the first page.
pub fn settle_first(list: &mut Load<ShopList>, query: &ShopQuery, answer: Result<ShopPage, ApiError>) {
    let answer = answer.map(|page| ShopList::first(page, Ordered::by(query)));
    match (answer, &mut *list) {
        (Ok(fresh), Load::Ready { value, stale }) => {
            value.renew(fresh);
            *stale = false;
        }
        (answer, list) => list.settle(answer),
    }
}

/// Where the list goes on, if a page that answers this question can be put behind it: a page goes on where one of the same order
/// has ended.
pub fn next_page(list: &Load<ShopList>, query: &ShopQuery) -> Option<String> {
    let list = list.value().filter(|list| list.ordered == Ordered::by(query))?;
    list.next_cursor.clone()
}

/// Whether one of the first `page` shops has opened or closed since the backend answered: what it does from then on only the
/// backend knows.
pub fn has_turned(list: &ShopList, page: usize, now: UnixMillis) -> bool {
    let has_turned =
        |listed: &Arc<Listed>| listed.shop.open != OpenState::Unknown && listed.shop.open.at(now) == OpenState::Unknown;
    list.shops.iter().take(page).any(has_turned)
}

/// The shop with this id in the first of the lists that knows it, be it only as the nearest of those that a filter keeps out.
pub fn find_shop(shown: &Load<ShopList>, whole: &Load<ShopList>, id: &str) -> Option<Arc<Listed>> {
    let listed = |list: &Load<ShopList>| list.value()?.shops.iter().find(|listed| listed.shop.id == id).cloned();
    let because = |list: &Load<ShopList>| {
        let mut nearest = list.value()?.nothing_because.iter().filter_map(|removal| removal.nearest.as_ref());
        nearest.find(|shop| shop.id == id).cloned().map(Listed::new)
    };
    listed(shown).or_else(|| because(shown)).or_else(|| listed(whole))
}

/// Takes in what the backend says of the shop on a sheet. One that it does not know is not shown as it was.
pub fn settle_shop(shop: &mut Option<Load<Shop>>, answer: Result<Shop, ApiError>) {
    match (answer, shop.as_mut()) {
        (Err(error @ ApiError::Problem(ProblemKind::NotFound)), _) => *shop = Some(Load::Failed(error)),
        (answer, Some(load)) => load.settle(answer),
        (_, None) => {}
    }
}

/// Keeps a shop as a favourite, as the latest, or no longer.
pub fn toggle(ids: &mut Vec<String>, id: &str) {
    let before = ids.len();
    ids.retain(|kept| kept != id);
    if ids.len() == before {
        ids.insert(0, id.to_owned());
    }
}

/// Puts what is new of shops in the place of what was known of them. Those of which there is nothing new stay as they were:
/// whoever looks for one should find out what became of it.
pub fn renew(known: &mut Vec<Arc<Listed>>, fresh: Vec<Arc<Listed>>) {
    known.retain(|old| !fresh.iter().any(|new| new.shop.id == old.shop.id));
    known.extend(fresh);
}

/// Where the page looks at first: the city that the host app names or the member chose last, and the district chosen there.
pub fn first_look(named: Option<City>, chosen: Option<City>, district: Option<String>) -> (City, Option<String>) {
    let city = named.or(chosen).unwrap_or(City::Shanghai);
    (city, district.filter(|district| chosen == Some(city) && !district.is_empty()))
}

/// Whether the city was chosen, and what follows from that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CityChoice {
    /// The city that nobody chose: where the page started without being told, or where a place led.
    unchosen: Option<City>,
}

impl CityChoice {
    /// The page starts in this city.
    pub fn start(city: City, is_chosen: bool) -> Self {
        Self { unchosen: (!is_chosen).then_some(city) }
    }

    /// Whether the question's city and district are to be remembered. What nobody chose is not remembered as chosen, as a place leads
    /// to a city only as long as nobody has chosen one.
    pub fn is_made(self, query: &ShopQuery) -> bool {
        self.unchosen != Some(query.city) || query.filter.district.as_ref().is_some_and(|district| !district.is_empty())
    }

    /// The member is at this place. The city follows if the member asks for what is near, or has never chosen one.
    pub fn go_to(&mut self, query: &mut ShopQuery, place: Wgs84, is_asked_for: bool) {
        query.near = Some(place.coarse());
        let city = nearest_city(place);
        if city != query.city && (is_asked_for || self.unchosen == Some(query.city)) {
            look_in(query, city);
            self.unchosen = (!is_asked_for).then_some(city);
        }
    }
}

/// Looks in a city; a district of another is not in it.
pub fn look_in(query: &mut ShopQuery, city: City) {
    if query.city != city {
        query.filter.district = None;
        query.city = city;
    }
}

/// Which of the programme's cities a place is in, or closest to.
fn nearest_city(here: Wgs84) -> City {
    let metres = |city: City| here.distance_to(city.centre()).metres;
    let nearest = City::ALL.iter().copied().min_by(|a, b| metres(*a).total_cmp(&metres(*b)));
    nearest.unwrap_or(City::Shanghai)
}
