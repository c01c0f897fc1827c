//! Places on earth and their distances. The coordinate system is part of the type, because a GCJ-02 position read as
//! WGS 84 is wrong by 300 to 600 m in Chinese cities. Such an error can send a member to the wrong street.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A position in WGS 84 (EPSG:4326), in degrees. Satellite navigation and the browser's geolocation use WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wgs84 {
    /// Latitude, -90 to 90.
    pub lat: f64,
    /// Longitude, -180 to 180.
    pub lng: f64,
}

/// A position in GCJ-02 (GB 20263), in degrees. Maps published in mainland China use GCJ-02.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gcj02 {
    /// Latitude, -90 to 90.
    pub lat: f64,
    /// Longitude, -180 to 180.
    pub lng: f64,
}

/// A position and its coordinate system, in the API's form: `{"coordSystem":"gcj02","lat":31.23,"lng":121.47}`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "coordSystem", rename_all = "lowercase", try_from = "FlatPlace")]
pub enum Place {
    /// A position in WGS 84.
    Wgs84(Wgs84),
    /// A position in GCJ-02.
    Gcj02(Gcj02),
}

/// A position in the coordinate system in which it was published. It is not converted.
// [`Place`] is deserialized from this form. Serde's derived code for tagged enums first buffers a value of any type, which
// adds ten kilobytes to the page's wasm.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(as = Place, examples(json!({ "coordSystem": "gcj02", "lat": 31.209_275, "lng": 121.440_572 })))
)]
pub(crate) struct FlatPlace {
    /// The coordinate system.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::CoordSystem))]
    coord_system: String,
    /// The latitude, in degrees north.
    #[cfg_attr(feature = "openapi", schema(minimum = -90, maximum = 90))]
    lat: f64,
    /// The longitude, in degrees east.
    #[cfg_attr(feature = "openapi", schema(minimum = -180, maximum = 180))]
    lng: f64,
}

impl TryFrom<FlatPlace> for Place {
    type Error = PlaceError;

    fn try_from(FlatPlace { coord_system, lat, lng }: FlatPlace) -> Result<Self, PlaceError> {
        Self::new(lat, lng, &coord_system)
    }
}

/// Two numbers and a name are not a valid place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceError {
    /// The latitude is not a number from -90 to 90.
    Latitude,
    /// The longitude is not a number from -180 to 180.
    Longitude,
    /// The coordinate system is neither `wgs84` nor `gcj02`.
    CoordSystem,
}

impl fmt::Display for PlaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Latitude => "a latitude is a number of degrees from -90 to 90",
            Self::Longitude => "a longitude is a number of degrees from -180 to 180",
            Self::CoordSystem => "the coordinate system is 'wgs84' or 'gcj02'",
        })
    }
}

impl std::error::Error for PlaceError {}

impl Place {
    /// The place at `lat`, `lng` in the coordinate system named `wgs84` or `gcj02`.
    pub fn new(lat: f64, lng: f64, coord_system: &str) -> Result<Self, PlaceError> {
        if !(-90.0..=90.0).contains(&lat) {
            return Err(PlaceError::Latitude);
        }
        if !(-180.0..=180.0).contains(&lng) {
            return Err(PlaceError::Longitude);
        }
        match coord_system {
            "wgs84" => Ok(Self::Wgs84(Wgs84 { lat, lng })),
            "gcj02" => Ok(Self::Gcj02(Gcj02 { lat, lng })),
            _ => Err(PlaceError::CoordSystem),
        }
    }

    /// The name of the coordinate system: `wgs84` or `gcj02`.
    pub const fn coord_system(&self) -> &'static str {
        match self {
            Self::Wgs84(_) => "wgs84",
            Self::Gcj02(_) => "gcj02",
        }
    }

    /// This place in WGS 84. Distances are computed in WGS 84.
    pub fn to_wgs84(self) -> Wgs84 {
        match self {
            Self::Wgs84(place) => place,
            Self::Gcj02(place) => place.to_wgs84(),
        }
    }
}

/// A distance on the ground, in metres.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Distance {
    /// The number of metres, not negative.
    pub metres: f64,
}

impl Wgs84 {
    /// The great-circle distance to `other` (haversine formula, mean earth radius of IUGG, 6371008.8 m). It differs by
    /// at most 0.6 % from the distance on the ellipsoid, a few metres at walking distance.
    pub fn distance_to(self, other: Self) -> Distance {
        const MEAN_EARTH_RADIUS_METRES: f64 = 6_371_008.8;
        let (lat_a, lat_b) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = (lat_b - lat_a) / 2.0;
        let half_lng = (other.lng - self.lng).to_radians() / 2.0;
        let haversine = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lng.sin().powi(2);
        Distance { metres: 2.0 * MEAN_EARTH_RADIUS_METRES * haversine.sqrt().min(1.0).asin() }
    }

    /// The position rounded to two decimals of a degree (about 1 km). No more precise position may leave the device.
    #[must_use]
    pub fn coarse(self) -> Self {
        let round = |degrees: f64| (degrees * 100.0).round() / 100.0;
        Self { lat: round(self.lat), lng: round(self.lng) }
    }

    /// This place in GCJ-02. A position outside the area of GCJ-02 keeps its coordinates.
    pub fn to_gcj02(self) -> Gcj02 {
        let (lat_shift, lng_shift) = gcj02_shift(self.lat, self.lng);
        Gcj02 { lat: self.lat + lat_shift, lng: self.lng + lng_shift }
    }
}

impl Gcj02 {
    /// This place in WGS 84, by fixed-point iteration. The shift changes slowly, so that the error after three rounds
    /// is far below a centimetre.
    pub fn to_wgs84(self) -> Wgs84 {
        let mut guess = Wgs84 { lat: self.lat, lng: self.lng };
        for _ in 0..3 {
            let image = guess.to_gcj02();
            guess.lat += self.lat - image.lat;
            guess.lng += self.lng - image.lng;
        }
        guess
    }
}

/// The shift from WGS 84 to GCJ-02 in degrees (latitude, longitude), by the approximation published as eviltransform: a
/// sum of sines over the offset from 35° N 105° E, scaled to the Krasovsky 1940 ellipsoid.
fn gcj02_shift(lat: f64, lng: f64) -> (f64, f64) {
    use std::f64::consts::PI;
    const SEMI_MAJOR_AXIS: f64 = 6_378_245.0;
    const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;

    let inside = (0.8293..=55.8271).contains(&lat) && (72.004..=137.8347).contains(&lng);
    if !inside {
        return (0.0, 0.0);
    }
    let (x, y) = (lng - 105.0, lat - 35.0);
    let wave = |value: f64, terms: [(f64, f64); 2]| -> f64 {
        terms.iter().map(|(amplitude, divisor)| amplitude * (value / divisor * PI).sin()).sum::<f64>() * 2.0 / 3.0
    };
    let ripple = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let north_metres = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + ripple
        + wave(y, [(20.0, 1.0), (40.0, 3.0)])
        + wave(y, [(160.0, 12.0), (320.0, 30.0)]);
    let east_metres = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + ripple
        + wave(x, [(20.0, 1.0), (40.0, 3.0)])
        + wave(x, [(150.0, 12.0), (300.0, 30.0)]);

    let lat_radians = lat.to_radians();
    let flattening = 1.0 - ECCENTRICITY_SQUARED * lat_radians.sin().powi(2);
    let meridian = SEMI_MAJOR_AXIS * (1.0 - ECCENTRICITY_SQUARED) / (flattening * flattening.sqrt());
    let parallel = SEMI_MAJOR_AXIS / flattening.sqrt() * lat_radians.cos();
    ((north_metres / meridian).to_degrees(), (east_metres / parallel).to_degrees())
}
