//! The order of shops around a place, and their density.

use member_domain::{
    COARSE_ERROR_METRES, Density, Distance, DistanceBand, ShopPosition, Wgs84, known_within, nearest_first,
    next_cluster,
};
use proptest::prelude::*;

const HERE: Wgs84 = Wgs84 { lat: 31.2304, lng: 121.4737 };

/// A place this many metres north of [`HERE`].
fn north(metres: f64) -> Wgs84 {
    Wgs84 { lat: HERE.lat + metres / 111_195.0, ..HERE }
}

fn candidate(metres: f64, fails_often: bool) -> ShopPosition {
    ShopPosition { place: north(metres), fails_often }
}

fn order(candidates: &[ShopPosition], known_within: f64) -> Vec<usize> {
    nearest_first(HERE, candidates, known_within).iter().map(|ranked| ranked.index).collect()
}

#[test]
fn nearest_first_and_what_fails_often_last_in_its_band() {
    let shops = [
        candidate(900.0, false),
        candidate(100.0, true),
        candidate(400.0, false),
        candidate(600.0, false),
        candidate(50.0, true),
        candidate(20_000.0, true),
        candidate(30_000.0, false),
    ];
    assert_eq!(order(&shops, f64::INFINITY), [2, 4, 1, 3, 0, 6, 5]);
}

#[test]
fn what_a_missing_shop_could_come_before_is_not_shown_yet() {
    let shops = [candidate(100.0, false), candidate(700.0, false), candidate(110.0, true)];
    assert_eq!(order(&shops, 600.0), [0, 2], "the band of the one that fails ends at 500 m");
    assert_eq!(order(&shops, 499.0), [0]);
    assert_eq!(order(&shops, 0.0), Vec::<usize>::new());
}

#[test]
fn bands_end_where_they_say() {
    let band = |metres| DistanceBand::of(Distance { metres });
    assert_eq!(band(0.0), DistanceBand::Within500);
    assert_eq!(band(500.0), DistanceBand::Within500);
    assert_eq!(band(500.1), DistanceBand::Within1000);
    assert_eq!(band(3_000.0), DistanceBand::Within3000);
    assert_eq!(band(9_999.0), DistanceBand::Within10000);
    assert_eq!(band(1e7), DistanceBand::Beyond);
}

#[test]
fn density_is_a_lower_bound_while_shops_are_missing() {
    let distances = || [100.0, 500.0, 500.1, 999.0, 2_000.0].into_iter().map(|metres| Distance { metres });
    let all = Density::of(distances(), f64::INFINITY);
    assert_eq!((all.within_500.shops, all.within_1000.shops), (2, 4));
    assert!(!all.within_500.at_least && !all.within_1000.at_least && !all.is_sparse());
    let some = Density::of(distances(), 700.0);
    assert!(!some.within_500.at_least && some.within_1000.at_least);
    assert!(Density::of([900.0].map(|metres| Distance { metres }).into_iter(), 1_500.0).is_sparse());
    assert!(!Density::of([900.0].map(|metres| Distance { metres }).into_iter(), 900.0).is_sparse(), "not known yet");
}

#[test]
fn the_next_cluster_is_the_nearest_shop_with_two_others_close_by() {
    let alone = [north(800.0), north(1_200.0), north(1_800.0), north(2_500.0)];
    assert_eq!(next_cluster(HERE, &alone), None);
    let places = [north(5_000.0), north(3_300.0), north(3_000.0), north(1_500.0), north(3_450.0), north(5_100.0)];
    let found = next_cluster(HERE, &places).expect("three within 500 m");
    assert_eq!((found.index, found.shops), (2, 3));
    assert!((found.distance.metres - 3_000.0).abs() < 5.0, "{found:?}");
    assert_eq!(next_cluster(HERE, &[]), None);
}

proptest! {
    #[test]
    fn rounding_moves_a_place_by_less_than_it_is_said_to(lat in -90.0..90.0f64, lng in -179.9..179.9f64) {
        let here = Wgs84 { lat, lng };
        prop_assert!(here.distance_to(here.coarse()).metres <= COARSE_ERROR_METRES);
    }

    /// For every number of loaded shops, the shown list is the start of the exact list of all shops.
    #[test]
    fn what_is_shown_is_the_beginning_of_the_whole_list(
        shops in prop::collection::vec((-0.06..0.06f64, -0.06..0.06f64, prop::bool::weighted(0.2)), 1..80),
        here in (-0.005..0.005f64, -0.005..0.005f64),
        arrived in 0..80usize,
    ) {
        let here = Wgs84 { lat: HERE.lat + here.0, lng: HERE.lng + here.1 };
        let mut all: Vec<ShopPosition> = shops.iter().map(|(lat, lng, fails_often)| ShopPosition {
            place: Wgs84 { lat: HERE.lat + lat, lng: HERE.lng + lng },
            fails_often: *fails_often,
        }).collect();
        let coarse = here.coarse();
        all.sort_by(|a, b| coarse.distance_to(a.place).metres.total_cmp(&coarse.distance_to(b.place).metres));
        let arrived = &all[..arrived.min(all.len())];
        let known = arrived.last().map_or(0.0, |last| known_within(here, last.place));
        let shown: Vec<usize> = nearest_first(here, arrived, known).iter().map(|ranked| ranked.index).collect();
        let whole: Vec<usize> = nearest_first(here, &all, f64::INFINITY).iter().map(|ranked| ranked.index).collect();
        prop_assert_eq!(whole.len(), all.len());
        prop_assert_eq!(&shown[..], &whole[..shown.len()]);
        let density = Density::of(arrived.iter().map(|shop| here.distance_to(shop.place)), known);
        let exact = Density::of(all.iter().map(|shop| here.distance_to(shop.place)), f64::INFINITY);
        prop_assert!(density.within_1000.at_least || density.within_1000.shops == exact.within_1000.shops);
        prop_assert!(density.within_500.shops <= exact.within_500.shops);
    }
}
