//! Places, distances, and the conversion between WGS 84 and GCJ-02.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use member_domain::{Gcj02, Place, PlaceError, Wgs84};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;

const fn wgs84(lat: f64, lng: f64) -> Wgs84 {
    Wgs84 { lat, lng }
}

/// The distance between two GCJ-02 positions in metres. Both have almost the same shift, so that the formula for WGS 84
/// works too.
fn apart(a: Gcj02, b: Gcj02) -> f64 {
    wgs84(a.lat, a.lng).distance_to(wgs84(b.lat, b.lng)).metres
}

fn metres(a: Wgs84, b: Wgs84) -> f64 {
    a.distance_to(b).metres
}

#[derive(Deserialize)]
struct CityRow {
    city: String,
    wgs84_lng: f64,
    wgs84_lat: f64,
    gcj02_lng: f64,
    gcj02_lat: f64,
}

#[test]
fn known_cities_convert_both_ways_within_a_metre() {
    let csv = include_str!("vectors/gcj02-cities.csv");
    let cities: Vec<CityRow> = csv::Reader::from_reader(csv.as_bytes()).deserialize().map(Result::unwrap).collect();
    assert!(cities.len() > 50, "{}", cities.len());
    for row in cities {
        let (real, shifted) = (wgs84(row.wgs84_lat, row.wgs84_lng), Gcj02 { lat: row.gcj02_lat, lng: row.gcj02_lng });
        assert!(apart(real.to_gcj02(), shifted) < 1.0, "{} to GCJ-02", row.city);
        assert!(metres(shifted.to_wgs84(), real) < 1.0, "{} to WGS 84", row.city);
        assert!(metres(real, wgs84(shifted.lat, shifted.lng)) > 100.0, "{}: the shift is what matters", row.city);
    }
}

#[test]
fn positions_outside_china_are_not_shifted() {
    for (lat, lng) in [(51.5, -0.12), (37.77, -122.42), (-33.86, 151.2), (0.0, 0.0), (90.0, 180.0), (31.2, 138.0)] {
        assert_eq!(wgs84(lat, lng).to_gcj02(), Gcj02 { lat, lng });
        assert_eq!(Gcj02 { lat, lng }.to_wgs84(), wgs84(lat, lng));
    }
}

#[test]
fn known_distances_hold() {
    // One degree of a great circle with the IUGG mean radius is 111.195 km.
    let cases = [
        ("a degree of latitude", wgs84(31.0, 121.0), wgs84(32.0, 121.0), 111_195.0, 1.0),
        ("a degree of the equator", wgs84(0.0, 20.0), wgs84(0.0, 21.0), 111_195.0, 1.0),
        ("across the date line", wgs84(0.0, 179.5), wgs84(0.0, -179.5), 111_195.0, 1.0),
        ("a degree of longitude at 60° N is half as long", wgs84(60.0, 20.0), wgs84(60.0, 21.0), 55_597.0, 5.0),
        ("pole to equator", wgs84(90.0, 0.0), wgs84(0.0, 77.0), 10_007_557.0, 1.0),
        ("the other side of the earth", wgs84(31.0, 121.0), wgs84(-31.0, -59.0), 20_015_115.0, 1.0),
        ("Shanghai to Hangzhou", wgs84(31.2304, 121.4737), wgs84(30.2741, 120.1551), 164_500.0, 1_500.0),
        ("nowhere", wgs84(31.0, 121.0), wgs84(31.0, 121.0), 0.0, 0.000_001),
    ];
    for (what, from, to, expected, tolerance) in cases {
        let found = metres(from, to);
        assert!((found - expected).abs() <= tolerance, "{what}: {found} m");
    }
}

/// Rounding errors must be far smaller than 100 m at walking distance.
#[test]
fn short_distances_are_exact_to_a_centimetre() {
    let hundred_metres = 100.0 / 111_195.08;
    let found = metres(wgs84(31.0, 121.0), wgs84(31.0 + hundred_metres, 121.0));
    assert!((found - 100.0).abs() < 0.01, "{found}");
}

#[test]
fn numbers_that_are_no_place_are_refused_by_name() {
    let refused = [
        (90.001, 0.0, "wgs84", PlaceError::Latitude),
        (-90.001, 0.0, "wgs84", PlaceError::Latitude),
        (f64::NAN, 0.0, "wgs84", PlaceError::Latitude),
        (f64::INFINITY, 0.0, "wgs84", PlaceError::Latitude),
        (0.0, 180.001, "gcj02", PlaceError::Longitude),
        (0.0, -180.001, "gcj02", PlaceError::Longitude),
        (0.0, f64::NAN, "gcj02", PlaceError::Longitude),
        (0.0, 0.0, "bd09", PlaceError::CoordSystem),
        (0.0, 0.0, "WGS84", PlaceError::CoordSystem),
        (0.0, 0.0, "", PlaceError::CoordSystem),
    ];
    for (lat, lng, system, error) in refused {
        assert_eq!(Place::new(lat, lng, system), Err(error), "{lat} {lng} {system}");
    }
    for (lat, lng) in [(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0)] {
        assert_eq!(Place::new(lat, lng, "wgs84"), Ok(Place::Wgs84(wgs84(lat, lng))));
    }
}

#[test]
fn the_coordinate_system_travels_with_the_place() {
    let place = Place::new(31.23, 121.47, "gcj02").unwrap();
    let json = json!({ "coordSystem": "gcj02", "lat": 31.23, "lng": 121.47 });
    assert_eq!(serde_json::to_value(place).unwrap(), json);
    assert_eq!(serde_json::from_value::<Place>(json).unwrap(), place);
    for refused in [
        json!({ "lat": 31.23, "lng": 121.47 }),
        json!({ "coordSystem": "bd09", "lat": 31.23, "lng": 121.47 }),
        json!({ "coordSystem": "gcj02", "lat": 121.47, "lng": 31.23 }),
        json!({ "coordSystem": "gcj02", "lat": "31.23", "lng": 121.47 }),
        json!({ "coordSystem": "gcj02", "lat": 31.23 }),
    ] {
        assert!(serde_json::from_value::<Place>(refused.clone()).is_err(), "{refused}");
    }
    assert_eq!(place.coord_system(), "gcj02");
    assert_eq!(place.to_wgs84(), Gcj02 { lat: 31.23, lng: 121.47 }.to_wgs84());
    let plain = Place::new(31.23, 121.47, "wgs84").unwrap();
    assert_eq!((plain.coord_system(), plain.to_wgs84()), ("wgs84", wgs84(31.23, 121.47)));
}

prop_compose! {
    fn anywhere()(lat in -90.0..=90.0, lng in -180.0..=180.0) -> Wgs84 {
        wgs84(lat, lng)
    }
}

prop_compose! {
    /// A position in the area of GCJ-02, at least half a degree from its edge.
    fn in_china()(lat in 1.4..=55.3, lng in 72.5..=137.3) -> Wgs84 {
        wgs84(lat, lng)
    }
}

proptest! {
    #[test]
    fn a_distance_is_the_same_in_both_directions_and_at_most_half_round_the_earth(a in anywhere(), b in anywhere()) {
        prop_assert!((metres(a, b) - metres(b, a)).abs() < 1e-6);
        prop_assert!((0.0..=20_015_116.0).contains(&metres(a, b)), "{}", metres(a, b));
    }

    #[test]
    fn a_detour_is_never_shorter(a in anywhere(), b in anywhere(), c in anywhere()) {
        // One metre of tolerance: near the antipode, rounding costs the haversine formula that much.
        prop_assert!(metres(a, c) <= metres(a, b) + metres(b, c) + 1.0);
    }

    #[test]
    fn the_way_to_gcj02_and_back_ends_within_a_centimetre(place in in_china()) {
        prop_assert!(metres(place.to_gcj02().to_wgs84(), place) < 0.01);
    }

    #[test]
    fn coarsening_keeps_two_decimals_and_moves_less_than_a_kilometre(place in anywhere()) {
        let coarse = place.coarse();
        prop_assert!(metres(place, coarse) < 1_000.0);
        for degrees in [coarse.lat, coarse.lng] {
            prop_assert!((degrees * 100.0 - (degrees * 100.0).round()).abs() < 1e-6, "{}", degrees);
        }
    }
}
