//! The designers' gallery, in debug builds only: every feature in every state, without a backend. `trunk
//! serve` opens it at `/`. A single scene is at `/?scene=NAME`. `docs/gallery.md` explains how to use it and
//! how to add a scene.

mod choices;
mod data;
mod frames;
mod knobs;
mod scenes;
mod shell;
mod stage;

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;

use self::choices::Choices;

use crate::i18n::Locale;

/// The scenes' languages.
const LOCALES: &[Locale] = &[Locale::ZhHans, Locale::ZhHant, Locale::En, Locale::Pseudo];

/// The address parameter that names the gallery's scene.
const GALLERY: &str = "gallery";
/// The address parameter that names a single scene.
const SCENE: &str = "scene";

/// Opens the gallery or the scene that the address names. Returns `false` for an address of the page.
pub fn open() -> bool {
    let location = window().location();
    let (search, hash) = (location.search().unwrap_or_default(), location.hash().unwrap_or_default());
    let asks_for =
        |key: &str| search.trim_start_matches('?').split('&').any(|pair| pair.split('=').next() == Some(key));
    let scene = asks_for(SCENE);
    let plain = search.is_empty() && hash.is_empty();
    if !(scene || plain || asks_for(GALLERY)) {
        return false;
    }
    let root =
        document().get_element_by_id("member-page").expect("index.html has an element with the id 'member-page'");
    root.set_text_content(None);
    let root = root.unchecked_into();
    if scene {
        stage::open(root);
    } else {
        shell::open(root, Choices::of_address(GALLERY));
    }
    true
}
