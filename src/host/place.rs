//! The member's position from the app around a page that is opened by its address. The app passes it through
//! `window`, so the member need not be asked.

use js_sys::Reflect;
use leptos::prelude::{on_cleanup, window, window_event_listener_untyped};
use member_domain::{Distance, Place};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::CustomEvent;

use crate::geolocation::Fix;

/// The event that an app dispatches on `window`, and the `window` property that it may set before the page
/// loads.
const EVENT: &str = "member-page-place";
const PROPERTY: &str = "memberPagePlace";

/// `{lat, lng, coordSystem, accuracyMetres}`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WindowPosition {
    lat: f64,
    lng: f64,
    coord_system: String,
    #[serde(default)]
    accuracy_metres: f64,
}

/// Runs `callback` with each position the app passes, now and while the owner lives. An invalid position is
/// rejected with a console warning.
pub(super) fn use_window_place(callback: impl Fn(Fix) + Clone + 'static) {
    let handle = move |value: JsValue| match read(value) {
        Ok(fix) => callback(fix),
        Err(reason) => leptos::logging::warn!("{EVENT}: {reason}"),
    };
    if let Ok(value) = Reflect::get(&window(), &PROPERTY.into())
        && value.is_object()
    {
        handle(value);
    }
    let listener = window_event_listener_untyped(EVENT, move |event| {
        handle(event.unchecked_into::<CustomEvent>().detail());
    });
    on_cleanup(move || listener.remove());
}

fn read(value: JsValue) -> Result<Fix, String> {
    let place: WindowPosition = serde_wasm_bindgen::from_value(value).map_err(|error| error.to_string())?;
    let accuracy = Distance { metres: place.accuracy_metres.max(0.0) };
    let place = Place::new(place.lat, place.lng, &place.coord_system).map_err(|error| error.to_string())?;
    Ok(Fix { position: place.to_wgs84(), accuracy })
}
