//! The device's position. Requested only after the member's tap.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use leptos::prelude::{set_timeout, window};
use member_domain::{Distance, Wgs84};
pub use page_core::NoPosition;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{Position, PositionError, PositionOptions};

/// The longest wait for a position. The page has its own timer, because some WebViews never call back.
const TIMEOUT: Duration = Duration::from_secs(8);

/// The device's position as the device reports it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fix {
    /// The position.
    pub position: Wgs84,
    /// Its accuracy: the radius of 95 % confidence (W3C Geolocation).
    pub accuracy: Distance,
}

/// Requests the device's position. After [`TIMEOUT`] the answer is [`NoPosition::TimedOut`]. A later answer
/// is passed on too, because the member may answer the permission prompt late.
pub fn locate(answer: impl FnMut(Result<Fix, NoPosition>) + 'static) {
    let answer: Answer = Rc::new(RefCell::new(answer));
    let Ok(geolocation) = window().navigator().geolocation() else {
        return deliver(&answer, Err(NoPosition::Unavailable));
    };
    let options = PositionOptions::new();
    options.set_maximum_age(60_000);
    let settled = Rc::new(Cell::new(false));
    let (on_found, on_failed) = (Rc::clone(&answer), Rc::clone(&answer));
    let (found_settles, failed_settles) = (Rc::clone(&settled), Rc::clone(&settled));
    // The browser's garbage collector frees both closures, because at most one of them is ever called.
    let found = Closure::<dyn FnMut(JsValue)>::new(move |position: JsValue| {
        found_settles.set(true);
        let coordinates = position.unchecked_into::<Position>().coords();
        let position = Wgs84 { lat: coordinates.latitude(), lng: coordinates.longitude() };
        deliver(&on_found, Ok(Fix { position, accuracy: Distance { metres: coordinates.accuracy() } }));
    });
    let failed = Closure::<dyn FnMut(JsValue)>::new(move |error: JsValue| {
        failed_settles.set(true);
        let reason = match error.unchecked_into::<PositionError>().code() {
            PositionError::PERMISSION_DENIED => NoPosition::Denied,
            PositionError::TIMEOUT => NoPosition::TimedOut,
            _ => NoPosition::Unavailable,
        };
        deliver(&on_failed, Err(reason));
    });
    let (found, failed) = (found.into_js_value(), failed.into_js_value());
    let request = geolocation.get_current_position_with_error_callback_and_options(
        found.unchecked_ref(),
        Some(failed.unchecked_ref()),
        &options,
    );
    if request.is_err() {
        return deliver(&answer, Err(NoPosition::Unavailable));
    }
    set_timeout(
        move || {
            if !settled.get() {
                deliver(&answer, Err(NoPosition::TimedOut));
            }
        },
        TIMEOUT,
    );
}

type Answer = Rc<RefCell<dyn FnMut(Result<Fix, NoPosition>)>>;

fn deliver(answer: &Answer, outcome: Result<Fix, NoPosition>) {
    if let Ok(mut answer) = answer.try_borrow_mut() {
        answer(outcome);
    }
}
