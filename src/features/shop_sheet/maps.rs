//! Links that open a place in a map app. Each app expects its own coordinate system.

use member_domain::{Gcj02, Place};

use crate::{i18n::Language, prelude::*, ui::OutsideLink};

/// Links to Amap, to Apple Maps, and to the device's app for `geo:` addresses. `hooks` are their test ids.
pub(crate) fn map_links(hooks: [&'static str; 3], place: Place, name: &str, language: Language) -> AnyView {
    let links = addresses(place, name).into_iter().zip(language.text().map_names).zip(hooks);
    let links: Vec<AnyView> = links
        .map(|((url, label), test_id)| view! { <OutsideLink test_id url label=label.to_owned() /> }.into_any())
        .collect();
    view! { <span class="map-links">{links}</span> }.into_any()
}

/// The way to the place on foot, in Amap's app or on its website.
pub(super) fn directions(place: Place, name: &str) -> String {
    let Gcj02 { lat, lng } = gcj02(place);
    let name = String::from(js_sys::encode_uri_component(name));
    let (lat, lng) = (degrees(lat), degrees(lng));
    format!("https://uri.amap.com/navigation?to={lng},{lat},{name}&mode=walk&coordinate=gaode&callnative=1")
}

fn gcj02(place: Place) -> Gcj02 {
    match place {
        Place::Gcj02(place) => place,
        Place::Wgs84(place) => place.to_gcj02(),
    }
}

/// Builds the addresses. Amap and Apple Maps show mainland China in GCJ-02; `geo:` is WGS 84 (RFC 5870
/// §3.4.2).
fn addresses(place: Place, name: &str) -> [String; 3] {
    let gcj02 = gcj02(place);
    let wgs84 = place.to_wgs84();
    let name = String::from(js_sys::encode_uri_component(name));
    let (lat, lng) = (degrees(gcj02.lat), degrees(gcj02.lng));
    let (true_lat, true_lng) = (degrees(wgs84.lat), degrees(wgs84.lng));
    [
        format!("https://uri.amap.com/marker?position={lng},{lat}&name={name}&coordinate=gaode"),
        format!("https://maps.apple.com/?ll={lat},{lng}&q={name}"),
        format!("geo:{true_lat},{true_lng}?q={true_lat},{true_lng}({name})"),
    ]
}

/// Formats degrees with six decimals: a tenth of a metre. The browser formats the number: formatting a float
/// in Rust adds ten kilobytes of wasm.
fn degrees(value: f64) -> String {
    js_sys::Number::from(value).to_fixed(6).map(String::from).unwrap_or_default()
}
