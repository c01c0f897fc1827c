//! The answer to the early `GET /v1/me`. `index.html` sends this request while the wasm loads, if no answer
//! of an earlier visit is stored.

use js_sys::{Array, JsString, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::{
    clock::{RequestTimes, monotonic_millis},
    start::Entry,
};

/// The promise resolves to this number if no answer came in time.
const TOO_LATE: f64 = 1.0;

/// An answer older than this, in milliseconds, is out of date.
const LONGEST_WAIT: f64 = 8_000.0;

/// An early answer, with the time of its request.
pub(super) struct Early {
    pub(super) status: u16,
    pub(super) text: JsString,
    pub(super) times: RequestTimes,
}

/// The outcome of the early request.
pub(super) enum EarlyOutcome {
    Answer(Early),
    /// The backend did not answer in time. An immediate retry is useless.
    TooLate,
}

/// Takes the early answer, if it has arrived. It can be taken only once.
pub(super) fn take_arrived() -> Option<Early> {
    let found = Entry::Me.get()?.dyn_into().ok()?;
    Entry::Me.remove();
    read(&found)
}

/// Takes the early answer and waits for it. `None` if there was no early request or it failed.
pub(super) async fn await_early() -> Option<EarlyOutcome> {
    let promise: Promise = Entry::Me.get()?.dyn_into().ok()?;
    Entry::Me.remove();
    let found = JsFuture::from(promise).await.ok()?;
    if found.as_f64() == Some(TOO_LATE) {
        return Some(EarlyOutcome::TooLate);
    }
    read(&found.dyn_into().ok()?).map(EarlyOutcome::Answer)
}

/// Reads `[status, text, asked, wall, answered]`: the HTTP status and the text; then, in milliseconds, when
/// the request was sent by the monotonic clock and by the phone's clock, and when the answer arrived.
fn read(found: &Array) -> Option<Early> {
    let number = |place| found.get(place).as_f64();
    let answered = number(4).filter(|answered| monotonic_millis() - answered < LONGEST_WAIT)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an HTTP status")]
    let status = number(0)? as u16;
    let text = found.get(1).dyn_into().ok()?;
    Some(Early { status, text, times: RequestTimes::from_times(number(2)?, number(3)?, answered) })
}
