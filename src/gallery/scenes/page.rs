//! The whole page: for each demo persona, and without a backend.

use super::{Kind, Scene, Stage};
use crate::{
    app::App,
    gallery::data::{NOON, sample},
    navigation::Navigation,
    prelude::*,
};

const GROUP: &str = "Whole page";

const fn of_persona(name: &'static str, title: &'static str, persona: &'static str) -> Scene {
    page(name, title, Kind::Page { persona, backend: "samples", has_stored: false })
}

const fn with_backend(name: &'static str, title: &'static str, backend: &'static str, has_stored: bool) -> Scene {
    page(name, title, Kind::Page { persona: "active", backend, has_stored })
}

const fn page(name: &'static str, title: &'static str, kind: Kind) -> Scene {
    Scene { group: GROUP, name, title, kind, view: app }
}

pub(super) const SCENES: &[Scene] = &[
    of_persona("page-active", "Active card", "active"),
    of_persona("page-ending", "End announced", "ending"),
    of_persona("page-refund-scheduled", "Refund scheduled", "refund-scheduled"),
    of_persona("page-refund-processing", "Refund processing", "refund-processing"),
    of_persona("page-refund-succeeded", "Refund arrived", "refund-succeeded"),
    of_persona("page-refund-abnormal", "Refund stuck", "refund-abnormal"),
    of_persona("page-refund-closed", "Refund closed", "refund-closed"),
    of_persona("page-none", "No card", "none"),
    with_backend("page-loading", "Loading", "silent", false),
    with_backend("page-offline", "Offline, with what was kept", "down", true),
    with_backend("page-failed", "Failed, nothing kept", "down", false),
    with_backend("page-signed-out", "Signed out", "signed-out", false),
];

fn app(stage: Stage) -> AnyView {
    view! { <App host=stage.host navigation=Navigation::start() /> }.into_any()
}

/// Stores the answers of a visit an hour ago, under the names of `store.rs`.
pub(super) fn store_answers() {
    let Ok(Some(storage)) = window().local_storage() else { return };
    let at = NOON.0 - 3_600_000;
    let keep = |name: &str, json: &str| {
        let json = json.replacen('{', &format!("{{\"serverTime\": {at},"), 1);
        let _ = storage.set_item(name, &json);
    };
    // A document holds its time only once, and the member's sample already has it.
    let _ = storage.set_item("last-me", sample::MEMBER);
    keep("last-shops", sample::SHOPS);
    keep("last-events", sample::EVENTS);
    keep("last-ledger", sample::LEDGER);
}
