//! The rest of the page, below the card and the code. A member in a queue needs the card and the code first.
//! Building the lists takes a slow phone as long again, so they come later. Their code may be in the second
//! wasm file.

use std::time::Duration;

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::redemption::RedemptionState;
use crate::{features::redemption_code::CodeSource, prelude::*, start::Entry};

/// The longest wait for a code before the rest of the page is built.
const CODE_FIRST: Duration = Duration::from_secs(1);

/// The wait for the second file before the page shows a note.
const PATIENCE: Duration = Duration::from_secs(6);

/// The time a slow phone needs from building a frame to showing it.
const FRAME: Duration = Duration::from_millis(50);

/// Progress of the rest of the page.
#[derive(Clone, Copy)]
pub(super) struct RestOfPage {
    /// Whether the rest may be built: the code is on screen or not expected, and the second file has arrived.
    pub(super) is_ready: RwSignal<bool>,
    /// Whether the second file is so late that the page shows a note.
    pub(super) is_late: RwSignal<bool>,
}

/// Waits for the code, then for the second file.
pub(super) fn use_rest_of_page(redemption: RedemptionState) -> RestOfPage {
    let rest = RestOfPage { is_ready: RwSignal::new(false), is_late: RwSignal::new(false) };
    let is_started = StoredValue::new(false);
    // Runs once. Built panels stay when sheets open.
    let build = move || {
        if is_started.try_update_value(|is_started| std::mem::replace(is_started, true)) == Some(false) {
            let show_note = move || {
                let _ = rest.is_late.try_set(true);
            };
            let note_timer = set_timeout_with_handle(show_note, PATIENCE);
            spawn_local(async move {
                second_file_loaded().await;
                if let Ok(note_timer) = note_timer {
                    note_timer.clear();
                }
                let _ = rest.is_late.try_set(false);
                let _ = rest.is_ready.try_set(true);
            });
        }
    };
    Effect::new(move |was_first: Option<bool>| {
        let has_no_code =
            redemption.source.with(|source| !matches!(source, CodeSource::Preparing | CodeSource::Ready(_)));
        let is_first = !redemption.open.get() || redemption.is_code_shown.get() || has_no_code;
        if is_first && was_first != Some(true) {
            // Waits until the frame with the code has reached the screen.
            request_animation_frame(move || set_timeout(build, FRAME));
        }
        is_first
    });
    // A hidden page renders no frames, so a timer starts the build too.
    set_timeout(build, CODE_FIRST);
    rest
}

/// Completes when all wasm has arrived. Returns at once in a build with one file, which sets no promise.
pub(super) async fn second_file_loaded() {
    if let Some(promise) = Entry::Rest.get().and_then(|rest| rest.dyn_into::<Promise>().ok()) {
        // The promise never rejects: a failed load is retried.
        let _ = JsFuture::from(promise).await;
    }
}
