//! The order of shops by distance from a place, and the density of shops there.
//!
//! A position leaves the device rounded to about a kilometre. The backend therefore orders shops around a position that
//! is up to [`COARSE_ERROR_METRES`] away. The device computes the exact order from the shops that it has loaded.
//! [`nearest_first`] returns a shop only if no shop that is not loaded yet can come before it.

use std::cmp::Ordering;

use crate::{Distance, Wgs84};

/// The maximum error of [`Wgs84::coarse`] in metres: half of 0.01° north and east, 786 m at the equator.
pub const COARSE_ERROR_METRES: f64 = 790.0;

/// The maximum distance of the other shops of a cluster from its centre shop, in metres.
const CLUSTER_METRES: f64 = 500.0;
/// The minimum number of shops in a cluster.
const CLUSTER_SHOPS: usize = 3;
/// The number of nearest shops that are searched for a cluster. The cost grows with the square of this number.
const CLUSTER_CANDIDATES: usize = 400;

/// The distance bands into which a list is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DistanceBand {
    /// At most 500 m.
    Within500,
    /// At most 1 km.
    Within1000,
    /// At most 3 km.
    Within3000,
    /// At most 10 km.
    Within10000,
    /// More than 10 km.
    Beyond,
}

impl DistanceBand {
    /// The band of a distance. The upper limit belongs to the band.
    pub fn of(distance: Distance) -> Self {
        let bands = [Self::Within500, Self::Within1000, Self::Within3000, Self::Within10000];
        bands.into_iter().find(|band| distance.metres <= band.end_metres()).unwrap_or(Self::Beyond)
    }

    /// The upper limit of the band, in metres.
    pub const fn end_metres(self) -> f64 {
        match self {
            Self::Within500 => 500.0,
            Self::Within1000 => 1_000.0,
            Self::Within3000 => 3_000.0,
            Self::Within10000 => 10_000.0,
            Self::Beyond => f64::INFINITY,
        }
    }
}

/// The data of a shop that decides its rank in the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShopPosition {
    /// The shop's position.
    pub place: Wgs84,
    /// Whether redemptions fail often at the shop. Such a shop comes last within its [`DistanceBand`].
    pub fails_often: bool,
}

/// The rank of a shop in the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankedShop {
    /// The index of the shop among the candidates.
    pub index: usize,
    /// The distance to the shop.
    pub distance: Distance,
}

/// Orders candidates by distance from `here`. Candidates that fail often come last in their band. `known_within` is the
/// radius around `here` in metres within which no shop is missing from `candidates`; `f64::INFINITY` if none is missing
/// at all. Candidates that a missing shop could precede are left out.
pub fn nearest_first(here: Wgs84, candidates: &[ShopPosition], known_within: f64) -> Vec<RankedShop> {
    let mut ranked: Vec<(f64, bool, RankedShop)> = candidates
        .iter()
        .enumerate()
        .map(|(index, candidate)| {
            let distance = here.distance_to(candidate.place);
            let fails = candidate.fails_often;
            let sort_metres = if fails { DistanceBand::of(distance).end_metres() } else { distance.metres };
            (sort_metres, fails, RankedShop { index, distance })
        })
        .filter(|(sort_metres, ..)| *sort_metres <= known_within)
        .collect();
    ranked.sort_unstable_by(|a, b| {
        a.0.total_cmp(&b.0)
            .then(a.1.cmp(&b.1))
            .then(a.2.distance.metres.total_cmp(&b.2.distance.metres))
            .then(a.2.index.cmp(&b.2.index))
    });
    ranked.into_iter().map(|(.., ranked)| ranked).collect()
}

/// The radius around `here` in metres within which no shop is missing. `last` is the furthest shop loaded so far; the
/// backend sent the shops in the order of their distance from [`Wgs84::coarse`] of `here`.
pub fn known_within(here: Wgs84, last: Wgs84) -> f64 {
    (here.coarse().distance_to(last).metres - COARSE_ERROR_METRES).max(0.0)
}

/// A number of shops, exact or a lower bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The number of shops counted.
    pub shops: u32,
    /// Whether there may be more shops that are not loaded yet.
    pub at_least: bool,
}

/// The density of shops around a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Density {
    /// The number of shops within 500 m.
    pub within_500: Count,
    /// The number of shops within 1 km.
    pub within_1000: Count,
}

impl Density {
    /// Counts shops by their distances. `known_within` is the radius in metres within which no shop is missing.
    pub fn of(distances: impl Iterator<Item = Distance>, known_within: f64) -> Self {
        let (mut near, mut wider) = (0, 0);
        for Distance { metres } in distances {
            near += u32::from(metres <= 500.0);
            wider += u32::from(metres <= 1_000.0);
        }
        Self {
            within_500: Count { shops: near, at_least: known_within < 500.0 },
            within_1000: Count { shops: wider, at_least: known_within < 1_000.0 },
        }
    }

    /// Whether certainly fewer than three shops are within 1 km. The member then wants to know where there are more.
    pub const fn is_sparse(&self) -> bool {
        !self.within_1000.at_least && self.within_1000.shops < 3
    }
}

/// Several shops close together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cluster {
    /// The index of the cluster's nearest shop.
    pub index: usize,
    /// The number of shops within 500 m of that shop, including the shop itself.
    pub shops: u32,
    /// The distance to that shop.
    pub distance: Distance,
}

/// The nearest shop that is more than 1 km from `here` and has at least two other shops within 500 m.
pub fn next_cluster(here: Wgs84, places: &[Wgs84]) -> Option<Cluster> {
    let mut by_distance: Vec<RankedShop> = places
        .iter()
        .enumerate()
        .map(|(index, place)| RankedShop { index, distance: here.distance_to(*place) })
        .collect();
    let nearer = |a: &RankedShop, b: &RankedShop| -> Ordering { a.distance.metres.total_cmp(&b.distance.metres) };
    by_distance.sort_unstable_by(nearer);
    by_distance.truncate(CLUSTER_CANDIDATES);
    by_distance.iter().filter(|ranked| ranked.distance.metres > 1_000.0).find_map(|ranked| {
        let centre = places[ranked.index];
        let close = |other: &&RankedShop| centre.distance_to(places[other.index]).metres <= CLUSTER_METRES;
        let shops = by_distance.iter().filter(close).count();
        (shops >= CLUSTER_SHOPS).then(|| Cluster {
            index: ranked.index,
            shops: u32::try_from(shops).unwrap_or(u32::MAX),
            distance: ranked.distance,
        })
    })
}
