//! Parses the place of a row.

use std::io::Read;

use member_domain::{City, Place};

use super::{fault::Faults, number::degrees, row::Row};

/// The maximum distance from the city's centre. Beyond it, the city or the place is wrong.
const FARTHEST_METRES: f64 = 200_000.0;

/// Parses the place of a row. It is a fault if the place cannot be read, is outside China, or is far from
/// `city`.
pub(super) fn place<R: Read>(row: &Row<'_, R>, city: Option<City>, faults: &mut Faults) -> Option<Place> {
    let lat = row.required("lat", faults, degrees);
    let lng = row.required("lng", faults, degrees);
    let system = row.required("coord_system", faults, |field| Ok::<_, &str>(field.to_owned()));
    let (lat, lng, system) = (lat?, lng?, system?);
    let in_china = |lat: f64, lng: f64| (3.0..=54.0).contains(&lat) && (73.0..=136.0).contains(&lng);
    if !in_china(lat, lng) {
        let swapped = in_china(lng, lat);
        let reason = if swapped { "lng and lat look swapped" } else { "the place is outside China" };
        faults.add(row.line, Some(if swapped { "lng" } else { "lat" }), reason);
        return None;
    }
    let place =
        Place::new(lat, lng, &system).map_err(|error| faults.add(row.line, Some("coord_system"), error)).ok()?;
    let away = city.map(|city| (city, place.to_wgs84().distance_to(city.centre()).metres));
    if let Some((city, metres)) = away.filter(|(_, metres)| *metres > FARTHEST_METRES) {
        let reason = format!("the place is {:.0} km from the middle of {}", metres / 1_000.0, city.as_str());
        faults.add(row.line, Some("city"), format!("{reason}: is the city or the place wrong?"));
    }
    Some(place)
}
