//! The frames of a scene: one for each selected width, theme and language. Each frame is a document, because
//! media queries and the root's text size belong to the document. Changes are sent to a frame without
//! reloading it.

use crate::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{CustomEvent, CustomEventInit, Window};

use super::{
    LOCALES, SCENE,
    choices::{Choices, Knob},
    scenes::Kind,
    stage::{CHANGE, property},
};

const WIDTHS: [&str; 4] = ["320", "390", "768", "full"];
const THEMES: [&str; 2] = ["light", "dark"];

/// The values that identify a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Framing {
    width: &'static str,
    theme: &'static str,
    locale: &'static str,
}

impl Framing {
    /// The frames selected by the knobs.
    fn all(choices: &Choices) -> Vec<Self> {
        let chosen =
            |knob: Knob, value: &str| matches!(choices.get(knob), "all" | "both") || choices.get(knob) == value;
        let mut all = Vec::new();
        for width in WIDTHS.into_iter().filter(|width| chosen(Knob::Width, width)) {
            for locale in LOCALES.iter().map(|locale| locale.tag()).filter(|tag| chosen(Knob::Locale, tag)) {
                for theme in THEMES.into_iter().filter(|theme| chosen(Knob::Theme, theme)) {
                    all.push(Self { width, theme, locale });
                }
            }
        }
        all
    }

    /// The scene's address in this frame.
    fn query(self, choices: &Choices) -> String {
        let mut choices = choices.clone();
        for (knob, value) in [(Knob::Width, self.width), (Knob::Theme, self.theme), (Knob::Locale, self.locale)] {
            choices.set(knob, value.to_owned());
        }
        choices.query(SCENE)
    }
}

/// All frames.
#[component]
pub(super) fn Frames(
    /// The knobs' values.
    choices: RwSignal<Choices>,
) -> impl IntoView {
    let framings = Memo::new(move |_| choices.with(Framing::all));
    let heading = move || choices.with(|choices| format!("{} · {}", choices.scene().group, choices.scene().title));
    view! {
        <section class="frames" aria-labelledby="frames-heading">
            <h2 class="frames__heading" id="frames-heading">{heading}</h2>
            <div class="frames__all">
                <For each=move || framings.get() key=|framing| format!("{framing:?}") children=move |framing| view! { <Frame framing choices /> } />
            </div>
        </section>
    }
}

#[component]
fn Frame(framing: Framing, choices: RwSignal<Choices>) -> impl IntoView {
    let frame = NodeRef::<html::Iframe>::new();
    let query = Memo::new(move |_| choices.with(|choices| framing.query(choices)));
    let is_panel = move || choices.with(|choices| choices.scene().kind == Kind::Panel);
    let send_query = move || {
        if let Some(frame) = frame.get_untracked() {
            change(&frame, &query.get_untracked());
        }
    };
    Effect::new(move |before: Option<()>| {
        query.track();
        if before.is_some() {
            send_query();
        } else if let Some(frame) = frame.get_untracked() {
            // A frame outside the viewport loads lazily. `loading` must be set before `src`.
            let _ = frame.set_attribute("loading", "lazy");
            let _ = frame.set_attribute("src", &format!("/{}", query.get_untracked()));
        }
    });
    let Framing { width, theme, locale } = framing;
    let label = format!("{width} · {theme} · {locale}");
    let title = move || format!("{} at {width}, {theme}, {locale}", choices.with(|choices| choices.scene().title));
    view! {
        <figure class="frame" class:frame--full=width == "full">
            <figcaption class="frame__caption">
                {label}
                <a class="frame__alone" href=move || format!("/{}", query.get()) target="_blank">"Open alone"</a>
            </figcaption>
            <iframe
                node_ref=frame
                class="frame__scene"
                class:frame__scene--screen=move || !is_panel()
                data-width=width
                title=title
                // Sends the changes made while the frame was loading.
                on:load=move |_| send_query()
            ></iframe>
        </figure>
    }
}

/// Sends another scene or other knobs to a frame. A sheet takes the focus when it opens, but the gallery must
/// keep it. So the frame is inert meanwhile: nothing in it can be focused.
fn change(frame: &web_sys::HtmlElement, query: &str) {
    let window = property(frame, "contentWindow");
    if !window.is_object() {
        return;
    }
    // The frame's window is not an instance of this document's `Window`, so a checked cast fails.
    let window = window.unchecked_into::<Window>();
    let init = CustomEventInit::new();
    init.set_detail(&query.into());
    let Ok(event) = CustomEvent::new_with_event_init_dict(CHANGE, &init) else { return };
    let _ = frame.set_attribute("inert", "");
    let _ = window.dispatch_event(&event);
    let frame = frame.clone();
    request_animation_frame(move || {
        request_animation_frame(move || {
            let _ = frame.remove_attribute("inert");
        });
    });
}
