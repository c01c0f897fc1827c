//! What the page shows below card and code. A queue waits for those two, and building the lists takes a slow phone as long
//! again; so they come after, and the code for them may come behind, in a file of its own.

use std::time::Duration;

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::redemption::RedemptionState;
use crate::{features::redemption_code::CodeSource, prelude::*, start::Entry};

/// How long the rest of the page waits for a code at the most.
const CODE_FIRST: Duration = Duration::from_secs(1);

/// How long its code may take to come before that is said.
const PATIENCE: Duration = Duration::from_secs(6);

/// How long a slow phone takes from a frame's making to its showing.
const FRAME: Duration = Duration::from_millis(50);

/// How far the rest of the page is.
#[derive(Clone, Copy)]
pub(super) struct RestOfPage {
    /// Whether it may be built: the code is on the screen, or is not to be waited for, and what builds the rest has arrived.
    pub(super) is_there: RwSignal<bool>,
    /// Whether what builds it takes so long that it is worth a word.
    pub(super) is_late: RwSignal<bool>,
}

/// Follows the code, then has the rest come.
pub(super) fn use_rest_of_page(redemption: RedemptionState) -> RestOfPage {
    let rest = RestOfPage { is_there: RwSignal::new(false), is_late: RwSignal::new(false) };
    let is_due = StoredValue::new(false);
    // Once: what is built stays, whatever is opened over it.
    let build = move || {
        if is_due.try_update_value(|is_due| std::mem::replace(is_due, true)) == Some(false) {
            let say = move || {
                let _ = rest.is_late.try_set(true);
            };
            let waited_long = set_timeout_with_handle(say, PATIENCE);
            spawn_local(async move {
                arrival().await;
                if let Ok(waited_long) = waited_long {
                    waited_long.clear();
                }
                let _ = rest.is_late.try_set(false);
                let _ = rest.is_there.try_set(true);
            });
        }
    };
    Effect::new(move |was_first: Option<bool>| {
        let has_no_code =
            redemption.source.with(|source| !matches!(source, CodeSource::Preparing | CodeSource::Ready(_)));
        let is_first = !redemption.open.get() || redemption.shown.get() || has_no_code;
        if is_first && was_first != Some(true) {
            // After the frame that shows it has had time to reach the screen.
            request_animation_frame(move || set_timeout(build, FRAME));
        }
        is_first
    });
    // A page that nobody looks at has no frames.
    set_timeout(build, CODE_FIRST);
    rest
}

/// Completes when all of the page's code is there. A build that keeps it in one file says nothing of it.
pub(super) async fn arrival() {
    if let Some(promise) = Entry::Rest.get().and_then(|rest| rest.dyn_into::<Promise>().ok()) {
        // It does not fail: what does not come is asked for again.
        let _ = JsFuture::from(promise).await;
    }
}
