//! The list as data: shops at hand, and the rows they make around a place.

use std::sync::Arc;

use member_domain::{
    Candidate, Cluster, Density, Distance, DistanceBand, SearchDocument, SearchQuery, ShopFilter, UnixMillis, Wgs84,
    known_within, nearest_first, next_cluster,
    wire::{Removal, Shop, ShopPage},
};

use crate::{ListOrder, ShopQuery};

/// A shop at hand, with what is computed of it once.
#[derive(Debug)]
pub struct Listed {
    /// The shop.
    pub shop: Shop,
    place: Wgs84,
    document: SearchDocument,
}

impl Listed {
    /// Takes a shop in.
    pub fn new(shop: Shop) -> Arc<Self> {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let document = SearchDocument::new(
            &shop.name,
            shop.category,
            &part(&shop.district),
            &part(&shop.address),
            &part(&shop.pinyin),
        );
        Arc::new(Self { place: shop.place.to_wgs84(), document, shop })
    }
}

/// Shops at hand, in the order the backend gave them.
#[derive(Clone, Debug, Default)]
pub struct ShopList {
    /// The shops.
    pub shops: Vec<Arc<Listed>>,
    /// Where the backend's list goes on; `None` at its end.
    pub next_cursor: Option<String>,
    /// How many match in all.
    pub total: u32,
    /// Whether that is only as far as was counted.
    pub total_is_capped: bool,
    /// The city's districts.
    pub districts: Vec<String>,
    /// Why there are none.
    pub nothing_because: Vec<Removal>,
    /// When the backend answered.
    pub as_of: Option<UnixMillis>,
    /// What the backend ordered by.
    pub ordered: Ordered,
}

/// What a list is ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Ordered {
    /// Nobody knows: it was kept from an earlier visit.
    #[default]
    Unknown,
    /// The distance from this rounded place.
    Around(Wgs84),
    /// A good record first, then the latest checked.
    LatestChecked,
}

impl Ordered {
    /// What the answer to this question is ordered by.
    pub fn by(query: &ShopQuery) -> Self {
        match query.near.filter(|_| query.order == ListOrder::Nearest) {
            Some(near) => Self::Around(near.coarse()),
            None => Self::LatestChecked,
        }
    }
}

/// How far back a page may repeat what came before, because shops have changed places meanwhile.
const OVERLAP: usize = 200;

impl ShopList {
    /// The first page of a list.
    pub fn first(page: ShopPage, ordered: Ordered) -> Self {
        Self {
            shops: page.shops.into_iter().map(Listed::new).collect(),
            next_cursor: page.next_cursor,
            total: page.total,
            total_is_capped: page.total_is_capped,
            districts: page.districts,
            nothing_because: page.nothing_because,
            as_of: page.server_time,
            ordered,
        }
    }

    /// Puts the next page behind.
    pub fn append(&mut self, page: ShopPage) {
        let recent = self.shops.len().saturating_sub(OVERLAP);
        let is_known = |shop: &Shop| self.shops[recent..].iter().any(|known| known.shop.id == shop.id);
        let new: Vec<_> = page.shops.into_iter().filter(|shop| !is_known(shop)).map(Listed::new).collect();
        self.shops.extend(new);
        self.next_cursor = page.next_cursor;
        (self.total, self.total_is_capped) = (page.total, page.total_is_capped);
    }

    /// Takes the place of an older list of the same question. Pages that had been read behind the first stay, if the first
    /// has the same shops as before: whoever has scrolled far is not thrown back.
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

    /// Whether all shops of the list are at hand.
    pub const fn is_whole(&self) -> bool {
        self.next_cursor.is_none()
    }

    /// The part of the list that passes, found without asking anybody. `is_favourite` says which shops the member keeps.
    pub fn narrowed(
        &self,
        filter: &ShopFilter,
        now: Option<UnixMillis>,
        here: Option<Wgs84>,
        is_favourite: &dyn Fn(&str) -> bool,
    ) -> Self {
        let passing = |filter: &ShopFilter| -> Vec<Arc<Listed>> {
            let query = SearchQuery::new(&filter.text);
            let passes = |listed: &&Arc<Listed>| {
                let Listed { shop, document, .. } = &***listed;
                // Asked only where it counts: a list has thousands.
                let kept = filter.favourites && is_favourite(&shop.id);
                filter.passes(&query, shop, document.as_str(), now, kept)
            };
            self.shops.iter().filter(passes).cloned().collect()
        };
        let shops = passing(filter);
        let nothing_because = if shops.is_empty() {
            let removal = |kind| {
                let rest = filter.without(kind);
                let without = passing(&rest);
                let metres = |listed: &Arc<Listed>| here.map_or(0.0, |here| here.distance_to(listed.place).metres);
                let nearest = without.iter().min_by(|a, b| metres(a).total_cmp(&metres(b)));
                // Not all of the city may be at hand, but its number is known.
                let at_hand = u32::try_from(without.len()).unwrap_or(u32::MAX);
                let removed = if rest == ShopFilter::default() { self.total.max(at_hand) } else { at_hand };
                Removal { filter: kind, removed, nearest: nearest.map(|listed| listed.shop.clone()) }
            };
            filter.active().map(removal).collect()
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

/// What a row stands under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// How far it is.
    Distance(DistanceBand),
    /// There is evidence for it.
    Evidence,
    /// There is none.
    NoEvidence,
    /// Redeeming there fails often.
    FailsOften,
}

/// A row of the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// The shop.
    pub listed: Arc<Listed>,
    /// How far it is, where a place is known.
    pub distance: Option<Distance>,
    /// The section that begins with this row.
    pub head: Option<Section>,
    /// Its place in the list, from 0.
    pub index: usize,
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        (self.distance, self.head, self.index) == (other.distance, other.head, other.index)
            && (Arc::ptr_eq(&self.listed, &other.listed) || self.listed.shop == other.listed.shop)
    }
}

/// The rows as they are shown, and how dense they are.
#[derive(Clone, Debug, Default)]
pub struct Arranged {
    /// The rows.
    pub rows: Arc<[Row]>,
    /// How dense shops are around the member, where the exact place is known.
    pub density: Option<Density>,
    /// Where there are more shops, if there are few: with the district of the nearest of them.
    pub cluster: Option<(Cluster, Option<String>)>,
    /// Whether more shops are needed before any row's place around the member is certain.
    pub is_unsettled: bool,
}

impl PartialEq for Arranged {
    /// Whether it is the very same: comparing thousands of rows costs more than showing sixty again.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rows, &other.rows)
    }
}

impl Arranged {
    /// The rows of a list, around `here` where it is to be nearest first. Until that can be said of any, the rows stay as
    /// they came.
    pub fn of(list: &ShopList, here: Option<Wgs84>) -> Self {
        let known = here.and_then(|here| match (list.is_whole(), list.shops.last()) {
            (true, _) => Some((here, f64::INFINITY)),
            (false, Some(furthest)) if list.ordered == Ordered::Around(here.coarse()) => {
                Some((here, known_within(here, furthest.place)))
            }
            (false, _) => None,
        });
        let Some((here, known)) = known else { return Self::as_they_came(list) };
        let arranged = Self::around(list, here, known);
        if arranged.rows.is_empty() && !list.shops.is_empty() {
            return Self { is_unsettled: true, ..Self::as_they_came(list) };
        }
        arranged
    }

    fn as_they_came(list: &ShopList) -> Self {
        let mut shops: Vec<&Arc<Listed>> = list.shops.iter().collect();
        if list.is_whole() && list.ordered != Ordered::LatestChecked {
            let checked = |shop: &Shop| shop.curation.as_ref().map(|curation| curation.on);
            shops.sort_by(|a, b| {
                let (a, b) = (&a.shop, &b.shop);
                let by_record = a.trust.fails_often.cmp(&b.trust.fails_often);
                by_record.then_with(|| checked(b).cmp(&checked(a))).then_with(|| a.id.cmp(&b.id))
            });
        }
        // In another order they would stand in a different section each.
        let has_sections = list.is_whole() || list.ordered == Ordered::LatestChecked;
        let section = |shop: &Shop| match (has_sections, shop.trust.fails_often, shop.curation.is_some()) {
            (true, true, _) => Section::FailsOften,
            (true, false, false) => Section::NoEvidence,
            _ => Section::Evidence,
        };
        let rows = shops.into_iter().map(|listed| (Arc::clone(listed), None, section(&listed.shop)));
        // A list of the latest checked begins with what is to be expected; only what departs from it gets a heading.
        Self { rows: with_heads(rows, Some(Section::Evidence)), ..Self::default() }
    }

    fn around(list: &ShopList, here: Wgs84, known: f64) -> Self {
        let candidates: Vec<Candidate> = list
            .shops
            .iter()
            .map(|listed| Candidate { place: listed.place, fails_often: listed.shop.trust.fails_often })
            .collect();
        let ranked = nearest_first(here, &candidates, known);
        let rows = ranked.iter().map(|ranked| {
            let band = Section::Distance(DistanceBand::of(ranked.distance));
            (Arc::clone(&list.shops[ranked.index]), Some(ranked.distance), band)
        });
        let rows = with_heads(rows, None);
        let distances = candidates.iter().map(|candidate| here.distance_to(candidate.place));
        let density = Density::of(distances, known);
        let cluster = if density.is_sparse() {
            let places: Vec<Wgs84> = candidates.iter().map(|candidate| candidate.place).collect();
            next_cluster(here, &places).map(|found| (found, list.shops[found.index].shop.district.clone()))
        } else {
            None
        };
        Self { rows, density: Some(density), cluster, is_unsettled: false }
    }
}

/// Rows in order; the first of each section bears its heading, but for a first section that needs none.
fn with_heads(
    rows: impl Iterator<Item = (Arc<Listed>, Option<Distance>, Section)>,
    mut last: Option<Section>,
) -> Arc<[Row]> {
    rows.enumerate()
        .map(|(index, (listed, distance, section))| {
            let head = (last != Some(section)).then_some(section);
            last = Some(section);
            Row { listed, distance, head, index }
        })
        .collect()
}
