//! The list of shops as data: the loaded shops, and the rows that are shown.

use std::sync::Arc;

use member_domain::{
    Cluster, Density, Distance, DistanceBand, Normalize, RankedShop, SearchDocument, SearchQuery, ShopFilter,
    ShopPosition, UnixMillis, Wgs84, known_within, nearest_first, next_cluster,
    wire::{FilterEffect, OpenState, Shop, ShopPage},
};

use crate::{ListOrder, ShopQuery};

/// The page size of a request for shops, and the most ids one request may name. The backend allows 100.
pub const PAGE: usize = 100;

/// A loaded shop with its derived values, which are computed once.
#[derive(Debug)]
pub struct Listed {
    /// The shop.
    pub shop: Shop,
    place: Wgs84,
    document: SearchDocument,
}

impl Listed {
    /// Derives the values of a shop.
    pub fn new(shop: Shop, normalize: Normalize) -> Arc<Self> {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let document = SearchDocument::new(
            &shop.name,
            shop.category,
            &part(&shop.district),
            &part(&shop.address),
            &part(&shop.pinyin),
            normalize,
        );
        Arc::new(Self { place: shop.place.to_wgs84(), document, shop })
    }
}

/// The loaded shops, in the backend's order.
#[derive(Clone, Debug, Default)]
pub struct ShopList {
    /// The shops.
    pub shops: Vec<Arc<Listed>>,
    /// The cursor of the backend's next page; `None` at the end of the list.
    pub next_cursor: Option<String>,
    /// The number of shops that match.
    pub total: u32,
    /// Whether the count stopped at `total`, so that more shops can match.
    pub total_is_capped: bool,
    /// The city's districts.
    pub districts: Vec<String>,
    /// The reasons why the list is empty.
    pub nothing_because: Vec<FilterEffect>,
    /// The backend's time when it answered.
    pub as_of: Option<UnixMillis>,
    /// The order of the backend's list.
    pub ordered: Ordered,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Ordered {
    /// The order is unknown: the list was stored in an earlier visit.
    #[default]
    Unknown,
    /// By distance from this rounded position.
    Around(Wgs84),
    /// Shops with a good record first, then the latest checked.
    LatestChecked,
}

impl Ordered {
    /// The order of the answer to this query.
    pub fn by(query: &ShopQuery) -> Self {
        match query.near.filter(|_| query.order == ListOrder::Nearest) {
            Some(near) => Self::Around(near.coarse()),
            None => Self::LatestChecked,
        }
    }
}

/// The number of last rows that the next page can repeat, because shops can change places between requests.
const OVERLAP: usize = 200;

impl ShopList {
    /// The first page of a list.
    pub fn first(page: ShopPage, ordered: Ordered, normalize: Normalize) -> Self {
        Self {
            shops: page.shops.into_iter().map(|shop| Listed::new(shop, normalize)).collect(),
            next_cursor: page.next_cursor,
            total: page.total,
            total_is_capped: page.total_is_capped,
            districts: page.districts,
            nothing_because: page.nothing_because,
            as_of: page.server_time,
            ordered,
        }
    }

    /// Appends the next page.
    pub fn append(&mut self, page: ShopPage, normalize: Normalize) {
        let recent = self.shops.len().saturating_sub(OVERLAP);
        let is_known = |shop: &Shop| self.shops[recent..].iter().any(|known| known.shop.id == shop.id);
        let new = page.shops.into_iter().filter(|shop| !is_known(shop));
        let new: Vec<_> = new.map(|shop| Listed::new(shop, normalize)).collect();
        self.shops.extend(new);
        self.next_cursor = page.next_cursor;
        (self.total, self.total_is_capped) = (page.total, page.total_is_capped);
    }

    /// Replaces an older list of the same query. Further pages are kept if the first page has the same shops as before,
    /// so that a member who has scrolled far keeps the scroll position.
    pub fn renew(&mut self, fresh: Self) {
        let id = |listed: &Arc<Listed>| listed.shop.id.clone();
        let same = fresh.ordered == self.ordered
            && fresh.shops.len() <= self.shops.len()
            && fresh.shops.iter().zip(&self.shops).all(|(new, old)| id(new) == id(old));
        if !same || fresh.next_cursor.is_none() {
            *self = fresh;
            return;
        }
        let Self { shops, next_cursor, .. } = std::mem::replace(self, fresh);
        self.shops.extend(shops.into_iter().skip(self.shops.len()));
        self.next_cursor = next_cursor;
    }

    /// Whether all shops of the list are loaded.
    pub const fn is_complete(&self) -> bool {
        self.next_cursor.is_none()
    }

    /// The shops that pass the filter, computed without the backend. `is_favourite` says which shops are favourites.
    pub fn filtered(
        &self,
        filter: &ShopFilter,
        now: Option<UnixMillis>,
        here: Option<Wgs84>,
        is_favourite: &dyn Fn(&str) -> bool,
        normalize: Normalize,
    ) -> Self {
        let passing = |filter: &ShopFilter| -> Vec<Arc<Listed>> {
            let query = SearchQuery::new(&filter.text, normalize);
            let passes = |listed: &&Arc<Listed>| {
                let Listed { shop, document, .. } = &***listed;
                // Computed only if the filter needs it: a list has thousands of shops.
                let is_favourite = filter.favourites && is_favourite(&shop.id);
                filter.passes(&query, shop, document.as_str(), now, is_favourite)
            };
            self.shops.iter().filter(passes).cloned().collect()
        };
        let shops = passing(filter);
        let nothing_because = if shops.is_empty() {
            let effect = |kind| {
                let rest = filter.without(kind);
                let without = passing(&rest);
                let metres = |listed: &Arc<Listed>| here.map_or(0.0, |here| here.distance_to(listed.place).metres);
                let nearest = without.iter().min_by(|a, b| metres(a).total_cmp(&metres(b)));
                // The loaded shops can be a part of the city; the total is known.
                let passing_count = u32::try_from(without.len()).unwrap_or(u32::MAX);
                let removed = if rest == ShopFilter::default() { self.total.max(passing_count) } else { passing_count };
                FilterEffect { filter: kind, removed, nearest: nearest.map(|listed| listed.shop.clone()) }
            };
            filter.active().map(effect).collect()
        } else {
            Vec::new()
        };
        Self {
            total: u32::try_from(shops.len()).unwrap_or(u32::MAX),
            shops,
            nothing_because,
            districts: self.districts.clone(),
            as_of: self.as_of,
            ordered: self.ordered,
            ..Self::default()
        }
    }
}

/// The section of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The distance of the shops.
    Distance(DistanceBand),
    /// Shops with evidence.
    Evidence,
    /// Shops without evidence.
    NoEvidence,
    /// Shops where redemptions fail often.
    FailsOften,
}

/// A row of the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// The shop.
    pub listed: Arc<Listed>,
    /// The distance, if a place is known.
    pub distance: Option<Distance>,
    /// The section that starts with this row.
    pub head: Option<Section>,
    /// The row's index in the list, from 0.
    pub index: usize,
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        (self.distance, self.head, self.index) == (other.distance, other.head, other.index)
            && (Arc::ptr_eq(&self.listed, &other.listed) || self.listed.shop == other.listed.shop)
    }
}

/// The rows in the order in which they are shown, and the density of shops.
#[derive(Clone, Debug, Default)]
pub struct Arranged {
    /// The rows.
    pub rows: Arc<[Row]>,
    /// The density of shops around the member, if the exact position is known.
    pub density: Option<Density>,
    /// The nearest cluster of shops and the district of its first shop, if few shops are near.
    pub cluster: Option<(Cluster, Option<String>)>,
    /// Whether more shops must be loaded before the rank of any row is certain.
    pub is_unsettled: bool,
}

impl PartialEq for Arranged {
    /// Compares by identity: a comparison of thousands of rows costs more than a new rendering of sixty.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rows, &other.rows)
    }
}

impl Arranged {
    /// The rows of a list, nearest first around `here`, if it is given. The rows keep the backend's order until the
    /// rank of at least one is certain. Within a section, shops that are closed at `now` come after the others of
    /// their page.
    pub fn of(list: &ShopList, here: Option<Wgs84>, now: Option<UnixMillis>) -> Self {
        let known = here.and_then(|here| match (list.is_complete(), list.shops.last()) {
            (true, _) => Some((here, f64::INFINITY)),
            (false, Some(furthest)) if list.ordered == Ordered::Around(here.coarse()) => {
                Some((here, known_within(here, furthest.place)))
            }
            (false, _) => None,
        });
        let Some((here, known)) = known else { return Self::in_backend_order(list, now) };
        let arranged = Self::by_distance(list, here, known, now);
        if arranged.rows.is_empty() && !list.shops.is_empty() {
            return Self { is_unsettled: true, ..Self::in_backend_order(list, now) };
        }
        arranged
    }

    fn in_backend_order(list: &ShopList, now: Option<UnixMillis>) -> Self {
        let mut shops: Vec<&Arc<Listed>> = list.shops.iter().collect();
        if list.is_complete() && list.ordered != Ordered::LatestChecked {
            let checked = |shop: &Shop| shop.curation.as_ref().map(|curation| curation.on);
            shops.sort_by(|a, b| {
                let (a, b) = (&a.shop, &b.shop);
                let by_record = a.trust.fails_often.cmp(&b.trust.fails_often);
                by_record.then_with(|| checked(b).cmp(&checked(a))).then_with(|| a.id.cmp(&b.id))
            });
        }
        // In another order, sections would change with almost every row.
        let has_sections = list.is_complete() || list.ordered == Ordered::LatestChecked;
        let section = |shop: &Shop| match (has_sections, shop.trust.fails_often, shop.curation.is_some()) {
            (true, true, _) => Section::FailsOften,
            (true, false, false) => Section::NoEvidence,
            _ => Section::Evidence,
        };
        let row = |(index, listed): (usize, &Arc<Listed>)| Unheaded {
            listed: Arc::clone(listed),
            distance: None,
            section: section(&listed.shop),
            page: index / PAGE,
        };
        let mut rows: Vec<Unheaded> = shops.into_iter().enumerate().map(row).collect();
        if has_sections {
            open_first(&mut rows, now);
        }
        // In this order, shops with evidence come first. Only other sections get a heading.
        Self { rows: with_headings(rows, Some(Section::Evidence)), ..Self::default() }
    }

    fn by_distance(list: &ShopList, here: Wgs84, known_radius: f64, now: Option<UnixMillis>) -> Self {
        let candidates: Vec<ShopPosition> = list
            .shops
            .iter()
            .map(|listed| ShopPosition { place: listed.place, fails_often: listed.shop.trust.fails_often })
            .collect();
        let ranked = nearest_first(here, &candidates, known_radius);
        // Each page of the backend settles the ranks within a larger radius.
        let last_of_page = list.shops.chunks_exact(PAGE).filter_map(<[_]>::last);
        let radii: Vec<f64> = last_of_page.map(|last| known_within(here, last.place)).collect();
        let row = |ranked: &RankedShop| Unheaded {
            listed: Arc::clone(&list.shops[ranked.index]),
            distance: Some(ranked.distance),
            section: Section::Distance(DistanceBand::of(ranked.distance)),
            page: radii.partition_point(|radius| *radius < ranked.distance.metres),
        };
        let mut rows: Vec<Unheaded> = ranked.iter().map(row).collect();
        open_first(&mut rows, now);
        let rows = with_headings(rows, None);
        let distances = candidates.iter().map(|candidate| here.distance_to(candidate.place));
        let density = Density::of(distances, known_radius);
        let cluster = if density.is_sparse() {
            let places: Vec<Wgs84> = candidates.iter().map(|candidate| candidate.place).collect();
            next_cluster(here, &places).map(|found| (found, list.shops[found.index].shop.district.clone()))
        } else {
            None
        };
        Self { rows, density: Some(density), cluster, is_unsettled: false }
    }
}

/// A row before the headings are set.
struct Unheaded {
    listed: Arc<Listed>,
    distance: Option<Distance>,
    section: Section,
    /// The page of the backend with which the row appears.
    page: usize,
}

/// Moves the shops that are closed at `now` behind the others of their section and page. Shops where redemptions fail
/// often stay behind both. Only shops of one page change places, so that rows on screen stay when the next page comes.
fn open_first(rows: &mut [Unheaded], now: Option<UnixMillis>) {
    let Some(now) = now else { return };
    let rank = |row: &Unheaded| {
        let is_closed = matches!(row.listed.shop.open.at(now), OpenState::Closed { .. });
        (row.listed.shop.trust.fails_often, row.page, is_closed)
    };
    for section in rows.chunk_by_mut(|a, b| a.section == b.section) {
        section.sort_by_cached_key(rank);
    }
}

/// Rows in order. The first row of each section has the heading, except for a first section equal to `last`.
fn with_headings(rows: Vec<Unheaded>, mut last: Option<Section>) -> Arc<[Row]> {
    rows.into_iter()
        .enumerate()
        .map(|(index, Unheaded { listed, distance, section, .. })| {
            let head = (last != Some(section)).then_some(section);
            last = Some(section);
            Row { listed, distance, head, index }
        })
        .collect()
}
