//! The only way to the device's position. Asked for only when the member taps.

use std::time::Duration;

use js_sys::{Function, Promise};
use leptos::prelude::{set_timeout, window};
use member_domain::Wgs84;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Position, PositionOptions};

/// How long the device may look for its position, once it may.
const TIMEOUT: Duration = Duration::from_secs(8);
/// Some WebViews never call back, so the page keeps its own time, with enough for reading the permission prompt.
const PATIENCE: Duration = Duration::from_secs(30);

/// The device gives no position: refused, unavailable or too slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPosition;

/// Where the device is.
pub async fn current_position() -> Result<Wgs84, NoPosition> {
    let geolocation = window().navigator().geolocation().map_err(|_| NoPosition)?;
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        let options = PositionOptions::new();
        options.set_maximum_age(60_000);
        options.set_timeout(u32::try_from(TIMEOUT.as_millis()).unwrap_or(u32::MAX));
        let found = Closure::once_into_js(move |position: JsValue| resolve.call1(&JsValue::NULL, &position));
        let refuse = reject.clone();
        let failed = Closure::once_into_js(move |_: JsValue| refuse.call0(&JsValue::NULL));
        let asked = geolocation.get_current_position_with_error_callback_and_options(
            found.unchecked_ref(),
            Some(failed.unchecked_ref()),
            &options,
        );
        let give_up = move || drop(reject.call0(&JsValue::NULL));
        if asked.is_ok() { set_timeout(give_up, PATIENCE) } else { give_up() }
    });
    let position = JsFuture::from(promise).await.map_err(|_| NoPosition)?;
    let coordinates = position.unchecked_into::<Position>().coords();
    Ok(Wgs84 { lat: coordinates.latitude(), lng: coordinates.longitude() })
}
