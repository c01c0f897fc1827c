//! The list as data: shops at hand, and the rows they make around a place.

use std::sync::Arc;

use member_domain::{
    Candidate, Cluster, Density, Distance, DistanceBand, SearchDocument, SearchQuery, ShopFilter, UnixMillis, Wgs84,
    known_within, nearest_first, next_cluster,
    wire::{Removal, Shop, ShopPage},
};

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
    /// The rounded place the backend ordered by.
    pub near: Option<Wgs84>,
}

impl ShopList {
    /// The first page of a list that was asked for around `near`.
    pub fn first(page: ShopPage, near: Option<Wgs84>) -> Self {
        Self {
            shops: page.shops.into_iter().map(Listed::new).collect(),
            next_cursor: page.next_cursor,
            total: page.total,
            total_is_capped: page.total_is_capped,
            districts: page.districts,
            nothing_because: page.nothing_because,
            as_of: page.server_time,
            near,
        }
    }

    /// Puts the next page behind.
    pub fn append(&mut self, page: ShopPage) {
        self.shops.extend(page.shops.into_iter().map(Listed::new));
        self.next_cursor = page.next_cursor;
        (self.total, self.total_is_capped) = (page.total, page.total_is_capped);
    }

    /// Takes the place of an older list of the same question. Pages that had been read behind the first stay, if the first
    /// has the same shops as before: whoever has scrolled far is not thrown back.
    pub fn renew(&mut self, fresh: Self) {
        let id = |listed: &Arc<Listed>| listed.shop.id.clone();
        let same = fresh.near == self.near
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

    /// The part of the list that passes, found without asking anybody. `is_kept` says which shops the member keeps.
    pub fn narrowed(&self, filter: &ShopFilter, now: Option<UnixMillis>, is_kept: &dyn Fn(&str) -> bool) -> Self {
        let passing = |filter: &ShopFilter| -> Vec<Arc<Listed>> {
            let query = SearchQuery::new(&filter.text);
            let passes = |listed: &&Arc<Listed>| {
                let Listed { shop, document, .. } = &***listed;
                filter.passes(&query, shop, document.as_str(), now, is_kept(&shop.id))
            };
            self.shops.iter().filter(passes).cloned().collect()
        };
        let shops = passing(filter);
        let nothing_because = if shops.is_empty() {
            let removal = |kind| {
                let without = passing(&filter.without(kind));
                let nearest = without.first().map(|listed| listed.shop.clone());
                Removal { filter: kind, removed: u32::try_from(without.len()).unwrap_or(u32::MAX), nearest }
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
            near: self.near,
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
}

impl PartialEq for Arranged {
    /// Whether it is the very same: comparing thousands of rows costs more than showing sixty again.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rows, &other.rows)
    }
}

impl Arranged {
    /// The rows of a list, around `here` where it is to be nearest first. While the backend has not ordered the list
    /// around it, the rows stay as they came.
    pub fn of(list: &ShopList, here: Option<Wgs84>) -> Self {
        let known = here.and_then(|here| match (list.is_whole(), list.shops.last()) {
            (true, _) => Some((here, f64::INFINITY)),
            (false, Some(furthest)) if list.near == Some(here.coarse()) => {
                Some((here, known_within(here, furthest.place)))
            }
            (false, _) => None,
        });
        match known {
            Some((here, known)) => Self::around(list, here, known),
            None => Self::as_they_came(list),
        }
    }

    fn as_they_came(list: &ShopList) -> Self {
        let section = |shop: &Shop| {
            if shop.trust.fails_often {
                Section::FailsOften
            } else if shop.curation.is_some() {
                Section::Evidence
            } else {
                Section::NoEvidence
            }
        };
        let rows = list.shops.iter().map(|listed| (Arc::clone(listed), None, section(&listed.shop)));
        // A list of the best kept begins with what is to be expected; only what departs from it gets a heading.
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
        Self { rows, density: Some(density), cluster }
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
