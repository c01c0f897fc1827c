//! The page's addresses: `/`, `/#code` with the code sheet open, `/?shop=ID` with it open in that shop's context. The
//! sheet is an entry in the browser's history, so that the back button closes it.

pub mod list_address;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;

const CODE_HASH: &str = "#code";

/// What lies over the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// Nothing.
    Closed,
    /// The redemption code, in the context of a shop if one was tapped.
    Code {
        /// The shop's id.
        shop: Option<String>,
    },
}

/// The sheet the address asks for.
fn addressed() -> Sheet {
    let location = window().location();
    let shop = shop_in(&location.search().unwrap_or_default());
    if shop.is_some() || location.hash().is_ok_and(|hash| hash == CODE_HASH) {
        Sheet::Code { shop }
    } else {
        Sheet::Closed
    }
}

/// The value of `shop` in a query string, decoded.
fn shop_in(search: &str) -> Option<String> {
    let pairs = search.trim_start_matches('?').split('&');
    let value = pairs.filter_map(|pair| pair.strip_prefix("shop=")).find(|value| !value.is_empty())?;
    js_sys::decode_uri_component(value).ok().map(String::from)
}

/// Which sheet is open, in step with the address and the browser's history.
#[derive(Clone, Copy, Debug)]
pub struct Navigation {
    sheet: RwSignal<Sheet>,
    /// Whether a step back is under way; a second one would leave the page.
    closing: StoredValue<bool>,
}

impl Navigation {
    /// Follows the history while the owner lives.
    pub fn start() -> Self {
        let navigation = Self { sheet: RwSignal::new(addressed()), closing: StoredValue::new(false) };
        let listener = window_event_listener(ev::popstate, move |_| {
            navigation.closing.set_value(false);
            navigation.sheet.set(addressed());
        });
        on_cleanup(move || listener.remove());
        navigation
    }

    /// The open sheet.
    pub fn sheet(self) -> Signal<Sheet> {
        self.sheet.into()
    }

    /// Opens the code sheet.
    pub fn open_code(self, shop: Option<String>) {
        let address = match &shop {
            Some(id) => format!("?shop={}{CODE_HASH}", String::from(js_sys::encode_uri_component(id))),
            None => CODE_HASH.to_owned(),
        };
        if let Ok(history) = window().history() {
            // The entry says itself that closing takes it back; so it does after a reload, too.
            let _ = history.push_state_with_url(&JsValue::TRUE, "", Some(&address));
        }
        self.sheet.set(Sheet::Code { shop });
    }

    /// Closes whatever is open; the address becomes the page's own.
    pub fn close(self) {
        if self.closing.get_value() {
            return;
        }
        if let Ok(history) = window().history() {
            let ours = history.state().is_ok_and(|state| state.is_truthy());
            // The popstate that follows closes the sheet.
            if ours && history.back().is_ok() {
                return self.closing.set_value(true);
            }
            let path = window().location().pathname().unwrap_or_else(|_| "/".to_owned());
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
        }
        self.sheet.set(Sheet::Closed);
    }
}
