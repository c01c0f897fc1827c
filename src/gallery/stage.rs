//! One scene in its own document, with the time, theme, tokens and language of the knobs. The gallery changes
//! them and the scene by an event, without reloading.

use std::{any::Any, cell::RefCell};

use crate::{mount_to, prelude::*};
use js_sys::{Function, Reflect};
use member_domain::{CivilDate, UnixMillis};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, HtmlElement};

use super::{
    SCENE,
    choices::{Choices, Knob},
    scenes::{Kind, Scene},
};
use crate::{
    clock::{PageClock, RequestTimes},
    host::Host,
    i18n::{Language, Locale},
};

/// The event that changes the shown scene. Its detail is the query string of the new address.
pub(super) const CHANGE: &str = "gallery-scene";

/// The environment of a scene.
#[derive(Clone, Copy)]
pub(super) struct Stage {
    /// The document.
    pub(super) host: Host,
    /// The instant, to the second.
    pub(super) now: Signal<Option<UnixMillis>>,
    /// The instant, to the minute.
    pub(super) minute: Signal<Option<UnixMillis>>,
    /// The day in Shanghai.
    pub(super) today: Signal<Option<CivilDate>>,
}

impl Stage {
    fn start(host: Host, at: UnixMillis) -> Self {
        let clock = PageClock::start(host.store);
        clock.set(at, RequestTimes::now());
        Self { host, now: clock.use_now(), minute: clock.use_minute(), today: clock.use_today() }
    }
}

/// The mounted scene.
struct MountedScene {
    choices: Choices,
    handle: Box<dyn Any>,
}

thread_local! {
    static MOUNTED: RefCell<Option<MountedScene>> = const { RefCell::new(None) };
}

/// Shows the scene of the address, then each scene that the event names.
pub(super) fn open(root: HtmlElement) {
    show(&root, Choices::of_address(SCENE));
    window_event_listener_untyped(CHANGE, move |event| {
        let detail = event.unchecked_into::<CustomEvent>().detail();
        if let Some(query) = detail.as_string() {
            show(&root, Choices::read(&query, SCENE));
        }
    });
}

/// The language with this tag. Simplified Chinese if there is none.
pub(super) fn locale(tag: &str) -> Locale {
    super::LOCALES.iter().copied().find(|locale| locale.tag() == tag).unwrap_or(Locale::ZhHans)
}

fn show(root: &HtmlElement, choices: Choices) {
    apply_theme(&choices);
    let before = MOUNTED.with_borrow_mut(Option::take);
    let same = |before: &MountedScene| {
        let is_unchanged = |knob: &Knob| before.choices.get(*knob) == choices.get(*knob);
        before.choices.scene == choices.scene && [Knob::Locale, Knob::At, Knob::Speed].iter().all(is_unchanged)
    };
    let scene = choices.scene();
    let handle = match before {
        Some(before) if same(&before) => before.handle,
        before => {
            drop(before);
            mount_scene(root, scene, &choices)
        }
    };
    fit(root, scene);
    MOUNTED.set(Some(MountedScene { choices, handle }));
}

/// Mounts the scene.
fn mount_scene(root: &HtmlElement, scene: &'static Scene, choices: &Choices) -> Box<dyn Any> {
    let html = document().document_element().expect("a document has a root");
    let _ = html.remove_attribute("data-scene");
    make_world(scene, choices);
    let locale = locale(choices.get(Knob::Locale));
    let _ = html.set_attribute("lang", locale.tag());
    document().set_title(&format!("{} · {}", scene.group, scene.title));
    // The whole page reads the language from its storage and the persona from the address.
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item("locale", locale.tag());
    }
    let persona =
        if let Kind::Page { persona, .. } = scene.kind { format!("&persona={persona}") } else { String::new() };
    let address = format!("/{}{persona}", choices.query(SCENE));
    let _ = window().history().map(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
    let at = choices.instant();
    let within = root.clone();
    let handle = mount_to(root.clone(), move || {
        let host = Host::own_document(within);
        provide_context(host);
        provide_context(Language::fixed(locale));
        (scene.view)(Stage::start(host, at))
    });
    // Set after the scene is drawn. Tests and screenshots wait for it.
    request_animation_frame(move || {
        request_animation_frame(move || {
            let _ = html.set_attribute("data-scene", scene.name);
        });
    });
    Box::new(handle)
}

/// Replaces clock, storage and network of the document, as the scene needs.
fn make_world(scene: &Scene, choices: &Choices) {
    let backend = if let Kind::Page { backend, .. } = scene.kind { backend } else { "samples" };
    #[expect(clippy::cast_precision_loss, reason = "instants of this millennium are exact in a double")]
    let at = choices.instant().0 as f64;
    let world = Function::new_with_args("at, speed, backend", include_str!("world.js"));
    let _ = world.call3(&JsValue::NULL, &at.into(), &choices.number(Knob::Speed).into(), &backend.into());
    scene.store_answers();
}

fn fit(root: &HtmlElement, scene: &Scene) {
    let fit = Function::new_with_args("root, fits", include_str!("fit.js"));
    let _ = fit.call2(&JsValue::NULL, root, &(scene.kind == Kind::Panel).into());
}

/// Sets theme and tokens on the root, where the page reads them.
fn apply_theme(choices: &Choices) {
    let html = document().document_element().expect("a document has a root").unchecked_into::<HtmlElement>();
    let theme = choices.get(Knob::Theme);
    let _ = match theme {
        "light" | "dark" => html.set_attribute("data-theme", theme),
        _ => html.remove_attribute("data-theme"),
    };
    let style = html.style();
    let set = |name: &str, value: String| {
        let _ = if value.is_empty() { style.remove_property(name).map(drop) } else { style.set_property(name, &value) };
    };
    let accent = choices.get(Knob::Accent);
    let darker = if accent.is_empty() { String::new() } else { format!("color-mix(in srgb, {accent} 72%, #000)") };
    for name in ["--vermilion", "--vermilion-text", "--card-top"] {
        set(name, accent.to_owned());
    }
    set("--card-bottom", darker);
    set("--paper", choices.get(Knob::Paper).to_owned());
    set("--ink", choices.get(Knob::Ink).to_owned());
    for (name, usual) in [("--radius-card", 22.0), ("--radius-panel", 16.0), ("--radius-field", 12.0)] {
        let round = usual * choices.number(Knob::Radius) / 100.0;
        set(name, if choices.is_default(Knob::Radius) { String::new() } else { format!("{round}px") });
    }
    let larger = format!("{}%", choices.number(Knob::Text));
    set("font-size", if choices.is_default(Knob::Text) { String::new() } else { larger });
}

/// Clicks the element that `selector` finds, as soon as it exists. For views that open only by a click.
pub(super) fn click_when_present(selector: &'static str) {
    click_within_frames(selector, 60);
}

/// Clicks the element, looking for it during this many frames.
fn click_within_frames(selector: &'static str, frames: u32) {
    request_animation_frame(move || {
        let found = document().query_selector(selector).ok().flatten();
        match found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            Some(found) => found.click(),
            None if frames > 0 => click_within_frames(selector, frames - 1),
            None => {}
        }
    });
}

/// Reads a property of a window or an element for which this build has no binding.
pub(super) fn property(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
