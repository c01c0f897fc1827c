//! The gallery itself: the list of scenes, the knobs, and the frames.

use std::{collections::BTreeSet, time::Duration};

use crate::{mount_to, prelude::*};
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::{
    GALLERY,
    choices::Choices,
    frames::Frames,
    knobs::Knobs,
    scenes::{self, Scene},
};

/// Opens the gallery. Its styles are added here, so the page's styles contain none of them.
pub(super) fn open(root: HtmlElement, choices: Choices) {
    if let Ok(style) = document().create_element("style") {
        style.set_text_content(Some(include_str!("gallery.css")));
        let _ = document().head().map(|head| head.append_child(&style));
    }
    if let Some(html) = document().document_element() {
        let _ = html.set_attribute("lang", "en");
        let _ = html.set_attribute("data-theme", "light");
    }
    mount_to(root, move || view! { <Gallery choices=RwSignal::new(choices) /> }).forget();
}

#[component]
fn Gallery(choices: RwSignal<Choices>) -> impl IntoView {
    // The address stores the choices. It is debounced: sliders move many times a second, and browsers limit
    // address changes.
    let mut write = leptos::prelude::debounce(Duration::from_millis(150), move |address: String| {
        let _ = window().history().map(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
    });
    Effect::new(move |_| {
        choices.with(|choices| {
            document().set_title(&format!("{} · Gallery", choices.scene().title));
            write(format!("/{}", choices.query(GALLERY)));
        });
    });
    view! {
        <div class="gallery">
            <Scenes choices />
            <main class="gallery__stage">
                <Knobs choices />
                <Frames choices />
            </main>
        </div>
    }
}

/// The scenes by feature, filtered by the search text.
#[component]
fn Scenes(choices: RwSignal<Choices>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let groups = move || {
        let words: Vec<String> = typed.get().to_lowercase().split_whitespace().map(str::to_owned).collect();
        let is_found = |scene: &&Scene| {
            let text = format!("{} {} {}", scene.group, scene.name, scene.title).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let found: Vec<&'static Scene> = scenes::all().filter(is_found).collect();
        let mut seen = BTreeSet::new();
        let names: Vec<&'static str> =
            found.iter().map(|scene| scene.group).filter(|group| seen.insert(*group)).collect();
        if names.is_empty() {
            return view! { <p class="gallery__none">"No scene of that name."</p> }.into_any();
        }
        let group = |name: &'static str| {
            let links =
                found.iter().filter(|scene| scene.group == name).map(|scene| link(scene, choices)).collect_view();
            view! {
                <section>
                    <h2 class="gallery__group">{name}</h2>
                    <ul>{links}</ul>
                </section>
            }
        };
        names.into_iter().map(group).collect_view().into_any()
    };
    view! {
        <nav class="gallery__nav" aria-label="Scenes">
            <header class="gallery__title">
                <h1>"Member page"</h1>
                <span class="gallery__count">{format!("{} scenes", scenes::all().count())}</span>
            </header>
            <input
                class="gallery__search"
                type="search"
                placeholder="Find a scene"
                aria-label="Find a scene"
                on:input=move |event: leptos::ev::Event| typed.set(event_target_value(&event))
            />
            <div class="gallery__scenes" role="status" aria-live="off">{groups}</div>
        </nav>
    }
}

fn link(scene: &'static Scene, choices: RwSignal<Choices>) -> AnyView {
    let current = move || choices.with(|choices| (choices.scene().name == scene.name).then(|| "page".to_owned()));
    // A real address, so that a scene can open in another tab.
    let address = move || choices.with(|choices| format!("/{}", choices.of_scene(scene.name).query(GALLERY)));
    let choose = move |event: leptos::ev::MouseEvent| {
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            choices.update(|choices| scene.name.clone_into(&mut choices.scene));
        }
    };
    view! {
        <li>
            <a class="gallery__scene" href=address data-scene=scene.name aria-current=current on:click=choose>
                {scene.title}
            </a>
        </li>
    }
    .into_any()
}
