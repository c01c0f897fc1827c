//! The answer to `GET /v1/me` that `index.html` asks for while the page's code is on its way, where none is kept of an earlier
//! visit.

use js_sys::{Array, JsString, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::{
    clock::{Asking, monotonic_millis},
    start::Entry,
};

/// What the promise comes to if there was no answer in time.
const TOO_LATE: f64 = 1.0;

/// An answer that has been waiting for longer, in milliseconds, is not the state of things any more.
const LONGEST_WAIT: f64 = 8_000.0;

/// An answer with when it was asked for.
pub(super) struct Early {
    pub(super) status: u16,
    pub(super) text: JsString,
    pub(super) asking: Asking,
}

/// What a promise of an answer came to.
pub(super) enum Arrived {
    Answer(Early),
    /// The backend did not answer in time. There is no point in asking at once again.
    TooLate,
}

/// The answer if it is there. The next question is one of its own.
pub(super) fn at_hand() -> Option<Early> {
    let found = Entry::Me.get()?.dyn_into().ok()?;
    Entry::Me.remove();
    read(&found)
}

/// The answer if it is on its way; nothing where asking failed.
pub(super) async fn on_its_way() -> Option<Arrived> {
    let promise: Promise = Entry::Me.get()?.dyn_into().ok()?;
    Entry::Me.remove();
    let found = JsFuture::from(promise).await.ok()?;
    if found.as_f64() == Some(TOO_LATE) {
        return Some(Arrived::TooLate);
    }
    read(&found.dyn_into().ok()?).map(Arrived::Answer)
}

/// `[status, text, asked, wall, answered]`: HTTP's status; then in milliseconds when the question went out, by the
/// monotonic clock and by the phone's, and when the answer was there.
fn read(found: &Array) -> Option<Early> {
    let number = |place| found.get(place).as_f64();
    let answered = number(4).filter(|answered| monotonic_millis() - answered < LONGEST_WAIT)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an HTTP status")]
    let status = number(0)? as u16;
    let text = found.get(1).dyn_into().ok()?;
    Some(Early { status, text, asking: Asking::noted(number(2)?, number(3)?, answered) })
}
