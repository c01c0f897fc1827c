//! The designers' gallery, in debug builds only: every feature in every state, without a backend. `trunk serve` opens it at
//! `/`; a scene by itself is at `/?scene=NAME`. `docs/gallery.md` says how to use it and how to add a scene.

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

/// The languages scenes are shown in.
const LOCALES: &[Locale] = &[Locale::ZhHans, Locale::ZhHant, Locale::En, Locale::Pseudo];

/// The name of the scene in the gallery's address.
const GALLERY: &str = "gallery";
/// The name of the scene in the address of a scene by itself.
const SCENE: &str = "scene";

/// Opens the gallery, or the scene the address names. `false` where the address is one of the page's own.
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
