//! The scroll position of a long list across a reload or a history navigation. The browser restores positions itself,
//! but only up to the height of the page when it has loaded. A long list is not loaded by then.

use js_sys::{Array, JSON};
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use web_sys::Storage;

/// The name in sessionStorage, which belongs to the tab.
const NAME: &str = "list-scroll";
/// `PerformanceNavigation.TYPE_RELOAD` and `TYPE_BACK_FORWARD`.
const RETURNS: [u16; 2] = [1, 2];

/// A scroll position.
#[derive(Clone, Debug, PartialEq)]
pub struct ListScroll {
    /// The page's scroll position, in CSS pixels.
    pub top: f64,
    /// The measured heights of the list's blocks, in CSS pixels.
    pub heights: Vec<Option<f64>>,
}

impl ListScroll {
    /// Stores the position at this address.
    pub fn store(&self) {
        let Some(storage) = storage() else { return };
        let heights: Array = self.heights.iter().map(|height| height.map_or(JsValue::NULL, JsValue::from)).collect();
        let parts = Array::of3(&address().into(), &self.top.into(), &heights);
        if let Ok(text) = JSON::stringify(&parts) {
            let _ = storage.set_item(NAME, &String::from(text));
        }
    }

    /// Takes the stored position, if the page has been reloaded, or opened through the history, at the same address.
    pub fn take() -> Option<Self> {
        let storage = storage()?;
        let stored = storage.get_item(NAME).ok()??;
        let _ = storage.remove_item(NAME);
        let is_return = RETURNS.contains(&window().performance()?.navigation().type_());
        let parts = Array::from(&JSON::parse(&stored).ok().filter(|_| is_return)?);
        let is_here = parts.get(0).as_string()? == address();
        let heights = Array::from(&parts.get(2)).iter().map(|height| height.as_f64()).collect();
        is_here.then_some(Self { top: parts.get(1).as_f64()?, heights })
    }
}

/// Path and query. The hash is the open sheet, which lies above the list.
fn address() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}
