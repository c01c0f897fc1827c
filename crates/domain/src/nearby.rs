//! The order of shops around a place, and how dense they are there.
//!
//! A place leaves the device rounded to about a kilometre, so the backend orders by a place up to [`COARSE_ERROR_METRES`]
//! away. The exact order is made on the device, from as many shops as have arrived: [`nearest_first`] shows a shop only
//! once none that has not arrived can come before it.

use std::cmp::Ordering;

use crate::{Distance, Wgs84};

/// How far [`Wgs84::coarse`] moves a place at most, in metres: half of 0.01° north and east, 786 m at the equator.
pub const COARSE_ERROR_METRES: f64 = 790.0;

/// How far from a shop of a cluster the others may be, in metres.
const CLUSTER_METRES: f64 = 500.0;
/// How many shops make a cluster.
const CLUSTER_SHOPS: usize = 3;
/// Among how many of the nearest shops a cluster is looked for: looking costs their square.
const CLUSTER_CANDIDATES: usize = 400;

/// How far a shop is, as a list is cut into sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DistanceBand {
    /// Within 500 m.
    Within500,
    /// Within 1 km.
    Within1000,
    /// Within 3 km.
    Within3000,
    /// Within 10 km.
    Within10000,
    /// Further.
    Beyond,
}

impl DistanceBand {
    /// The band a distance lies in; its end belongs to it.
    pub fn of(distance: Distance) -> Self {
        let bands = [Self::Within500, Self::Within1000, Self::Within3000, Self::Within10000];
        bands.into_iter().find(|band| distance.metres <= band.end_metres()).unwrap_or(Self::Beyond)
    }

    /// Where the band ends, in metres.
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

/// What of a shop decides about its place in the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Where it is.
    pub place: Wgs84,
    /// Whether redeeming there fails often: then it comes last within its [`DistanceBand`].
    pub fails_often: bool,
}

/// A shop's place in the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// Which candidate.
    pub index: usize,
    /// How far it is.
    pub distance: Distance,
}

/// Orders candidates around `here`: nearest first, those that fail often last in their band. Of all shops within
/// `known_within` metres of `here` none may be missing; candidates that a missing one could come before are left out.
/// `f64::INFINITY` says that all have arrived.
pub fn nearest_first(here: Wgs84, candidates: &[Candidate], known_within: f64) -> Vec<Ranked> {
    let mut ranked: Vec<(f64, bool, Ranked)> = candidates
        .iter()
        .enumerate()
        .map(|(index, candidate)| {
            let distance = here.distance_to(candidate.place);
            let fails = candidate.fails_often;
            let stands_at = if fails { DistanceBand::of(distance).end_metres() } else { distance.metres };
            (stands_at, fails, Ranked { index, distance })
        })
        .filter(|(stands_at, ..)| *stands_at <= known_within)
        .collect();
    ranked.sort_unstable_by(|a, b| {
        a.0.total_cmp(&b.0)
            .then(a.1.cmp(&b.1))
            .then(a.2.distance.metres.total_cmp(&b.2.distance.metres))
            .then(a.2.index.cmp(&b.2.index))
    });
    ranked.into_iter().map(|(.., ranked)| ranked).collect()
}

/// Within how many metres of `here` no shop is missing, if all up to `last` have arrived in the order of their distance
/// from `here` rounded ([`Wgs84::coarse`]).
pub fn known_within(here: Wgs84, last: Wgs84) -> f64 {
    (here.coarse().distance_to(last).metres - COARSE_ERROR_METRES).max(0.0)
}

/// How many shops, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The shops counted.
    pub shops: u32,
    /// Whether there may be more that have not arrived.
    pub at_least: bool,
}

/// How dense shops are around a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Density {
    /// Within 500 m.
    pub within_500: Count,
    /// Within 1 km.
    pub within_1000: Count,
}

impl Density {
    /// Counts shops by their distances. None within `known_within` metres may be missing.
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

    /// Whether there is so little within 1 km that one wants to know where there is more.
    pub const fn is_sparse(&self) -> bool {
        !self.within_1000.at_least && self.within_1000.shops < 3
    }
}

/// Several shops close together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cluster {
    /// The shop of it that is nearest.
    pub index: usize,
    /// How many shops are within 500 m of that one, itself included.
    pub shops: u32,
    /// How far it is.
    pub distance: Distance,
}

/// The nearest shop further than 1 km from `here` that has at least two others within 500 m.
pub fn next_cluster(here: Wgs84, places: &[Wgs84]) -> Option<Cluster> {
    let mut by_distance: Vec<Ranked> =
        places.iter().enumerate().map(|(index, place)| Ranked { index, distance: here.distance_to(*place) }).collect();
    let nearer = |a: &Ranked, b: &Ranked| -> Ordering { a.distance.metres.total_cmp(&b.distance.metres) };
    by_distance.sort_unstable_by(nearer);
    by_distance.truncate(CLUSTER_CANDIDATES);
    by_distance.iter().filter(|ranked| ranked.distance.metres > 1_000.0).find_map(|ranked| {
        let centre = places[ranked.index];
        let close = |other: &&Ranked| centre.distance_to(places[other.index]).metres <= CLUSTER_METRES;
        let shops = by_distance.iter().filter(close).count();
        (shops >= CLUSTER_SHOPS).then(|| Cluster {
            index: ranked.index,
            shops: u32::try_from(shops).unwrap_or(u32::MAX),
            distance: ranked.distance,
        })
    })
}
