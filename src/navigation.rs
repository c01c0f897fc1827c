//! The page's addresses: `/`; `/#code` with the code sheet open; `/?shop=ID` with the code sheet open for
//! that shop; `/#shop/ID` with a shop's sheet; `/#event/ID` with an event's sheet; `/#savings` with the
//! savings sheet. Each sheet is an entry in the browser's history, so the back button closes it. Other parts
//! of the query string do not belong to the sheets and stay unchanged. Apps append parameters to links, also
//! behind the hash (`#shop/ID?from=timeline`, `#code&from=app`, `#code#wechat_redirect`); they are ignored.

pub mod list_address;
pub mod list_scroll;

use leptos::ev;
use wasm_bindgen::JsValue;

use crate::prelude::*;

const CODE_HASH: &str = "code";
const SAVINGS_HASH: &str = "savings";
const SHOP_HASH: &str = "shop/";
const EVENT_HASH: &str = "event/";
const SHOP_QUERY: &str = "shop=";

/// The topmost sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// No sheet.
    Closed,
    /// The redemption code, for a shop if one was chosen.
    Code {
        /// The shop's id.
        shop: Option<String>,
    },
    /// The savings sheet.
    Savings,
    /// A shop's sheet.
    Shop {
        /// The shop's id.
        id: String,
    },
    /// A members-only event's sheet.
    Event {
        /// The event's id.
        id: String,
    },
}

impl Sheet {
    /// The page's address with this sheet open, on this origin.
    pub fn address(&self) -> String {
        let location = window().location();
        let path = location.pathname().unwrap_or_else(|_| "/".to_owned());
        let search = location.search().unwrap_or_default();
        let (shop, hash) = match self {
            Self::Closed => (None, String::new()),
            Self::Savings => (None, format!("#{SAVINGS_HASH}")),
            Self::Code { shop } => (shop.as_deref(), format!("#{CODE_HASH}")),
            Self::Shop { id } => (None, format!("#{SHOP_HASH}{}", percent_encode(id))),
            Self::Event { id } => (None, format!("#{EVENT_HASH}{}", percent_encode(id))),
        };
        // `shop` belongs to the code sheet. Everything else is kept.
        let other_pairs = search.split(['?', '&']).filter(|pair| !pair.starts_with(SHOP_QUERY));
        let shop = shop.map(|id| format!("{SHOP_QUERY}{}", percent_encode(id)));
        let query: Vec<String> = other_pairs.filter(|pair| !pair.is_empty()).map(str::to_owned).chain(shop).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{path}{mark}{}{hash}", query.join("&"))
    }
}

/// The link for sharing a shop's sheet of the page at `page_url`. It omits the member's search.
pub fn shop_link(page_url: &str, id: &str) -> String {
    format!("{page_url}#{SHOP_HASH}{}", percent_encode(id))
}

/// The sheet that the address names.
fn sheet_of_address() -> Sheet {
    let location = window().location();
    let hash = location.hash().unwrap_or_default();
    let hash = hash.strip_prefix('#').map(without_appended).unwrap_or_default();
    if let Some(id) = hash.strip_prefix(SHOP_HASH).and_then(percent_decode) {
        return Sheet::Shop { id };
    }
    if let Some(id) = hash.strip_prefix(EVENT_HASH).and_then(percent_decode) {
        return Sheet::Event { id };
    }
    if hash == SAVINGS_HASH {
        return Sheet::Savings;
    }
    let shop = shop_in(&location.search().unwrap_or_default());
    if shop.is_some() || hash == CODE_HASH { Sheet::Code { shop } } else { Sheet::Closed }
}

/// The part before anything that an app appended. Ids are percent-encoded, so they contain none of these
/// characters.
fn without_appended(part: &str) -> &str {
    part.split(['?', '&', '#', ';', ' ']).next().unwrap_or_default().trim_end_matches('/')
}

/// The `shop` value of a query string. Apps also append a second query string: `?shop=ID?from=timeline`.
fn shop_in(search: &str) -> Option<String> {
    search.split(['?', '&', '#']).filter_map(|pair| pair.strip_prefix(SHOP_QUERY)).find_map(percent_decode)
}

fn percent_encode(value: &str) -> String {
    js_sys::encode_uri_component(value).into()
}

/// Decodes a percent-encoded value. `None` if it is empty or malformed.
fn percent_decode(value: &str) -> Option<String> {
    js_sys::decode_uri_component(value).ok().map(String::from).filter(|value| !value.is_empty())
}

/// The open sheets, in step with the address and the browser's history.
#[derive(Clone, Copy, Debug)]
pub struct Navigation {
    /// The open sheets, from bottom to top. The address names only the topmost, so a newly opened page has at
    /// most one.
    open: RwSignal<Vec<Sheet>>,
    /// Whether a step back is pending. A second one would leave the page.
    is_closing: StoredValue<bool>,
    /// Whether the address holds the sheets. In a host app the address belongs to the host, so the sheets are
    /// only on screen.
    uses_address: bool,
}

impl Navigation {
    /// A navigation without addresses, with this sheet open.
    pub fn without_address(sheet: Sheet) -> Self {
        let open = if sheet == Sheet::Closed { Vec::new() } else { vec![sheet] };
        Self { open: RwSignal::new(open), is_closing: StoredValue::new(false), uses_address: false }
    }

    /// Whether the address holds the sheets.
    pub fn uses_address(self) -> bool {
        self.uses_address
    }

    /// Starts with the address's sheet and handles history changes while the owner lives.
    pub fn start() -> Self {
        let navigation =
            Self { open: RwSignal::new(Vec::new()), is_closing: StoredValue::new(false), uses_address: true };
        navigation.apply_address(sheet_of_address());
        let listener = window_event_listener(ev::popstate, move |_| {
            navigation.is_closing.set_value(false);
            navigation.apply_address(sheet_of_address());
        });
        on_cleanup(move || listener.remove());
        navigation
    }

    /// The topmost sheet.
    pub fn sheet(self) -> Signal<Sheet> {
        Signal::derive(move || self.open.with(|open| open.last().cloned().unwrap_or(Sheet::Closed)))
    }

    /// The shop whose sheet is open, possibly beneath another.
    pub fn shop(self) -> Memo<Option<String>> {
        self.find(|sheet| if let Sheet::Shop { id } = sheet { Some(id) } else { None })
    }

    /// The event whose sheet is open, possibly beneath another.
    pub fn event(self) -> Memo<Option<String>> {
        self.find(|sheet| if let Sheet::Event { id } = sheet { Some(id) } else { None })
    }

    /// Whether the savings sheet is open, possibly beneath another.
    pub fn savings(self) -> Memo<bool> {
        Memo::new(move |_| self.open.with(|open| open.contains(&Sheet::Savings)))
    }

    fn find(self, id_of: fn(&Sheet) -> Option<&String>) -> Memo<Option<String>> {
        Memo::new(move |_| self.open.with(|open| open.iter().find_map(id_of).cloned()))
    }

    /// Opens the code sheet.
    pub fn open_code(self, shop: Option<String>) {
        self.push(Sheet::Code { shop });
    }

    /// Opens the savings sheet.
    pub fn open_savings(self) {
        self.push(Sheet::Savings);
    }

    /// Opens a shop's sheet.
    pub fn open_shop(self, id: String) {
        self.push(Sheet::Shop { id });
    }

    /// Opens an event's sheet.
    pub fn open_event(self, id: String) {
        self.push(Sheet::Event { id });
    }

    /// Shows the sheet a host app requests: a code replaces an open code, another sheet opens above the open
    /// ones, and `Closed` closes all.
    pub fn show(self, sheet: Sheet) {
        if sheet == Sheet::Closed {
            return self.open.update(Vec::clear);
        }
        self.open.update(|open| {
            let is_code = |sheet: &Sheet| matches!(sheet, Sheet::Code { .. });
            if is_code(&sheet) {
                open.retain(|known| !is_code(known));
            }
            open.retain(|known| *known != sheet);
            open.push(sheet);
        });
    }

    fn push(self, sheet: Sheet) {
        // A double tap opens one sheet.
        if self.open.with_untracked(|open| open.last() == Some(&sheet)) {
            return;
        }
        if let Some(history) = window().history().ok().filter(|_| self.uses_address) {
            // The state marks the entry as ours, so that closing goes back, even after a reload.
            let _ = history.push_state_with_url(&JsValue::TRUE, "", Some(&sheet.address()));
        }
        self.open.update(|open| open.push(sheet));
    }

    /// Applies a changed address: its sheet becomes the topmost. If it was already open, the sheets beneath
    /// it stay.
    fn apply_address(self, sheet: Sheet) {
        self.open.update(|open| match open.iter().position(|known| *known == sheet) {
            Some(place) => open.truncate(place + 1),
            None if sheet == Sheet::Closed => open.clear(),
            None => *open = vec![sheet],
        });
    }

    /// Closes the topmost sheet. The address becomes the one of the sheet beneath.
    pub fn close(self) {
        if !self.uses_address {
            return self.open.update(|open| drop(open.pop()));
        }
        if self.is_closing.get_value() {
            return;
        }
        if let Ok(history) = window().history() {
            let is_own_entry = history.state().is_ok_and(|state| state.is_truthy());
            // The following `popstate` closes the sheet.
            if is_own_entry && history.back().is_ok() {
                return self.is_closing.set_value(true);
            }
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&Sheet::Closed.address()));
        }
        self.apply_address(Sheet::Closed);
    }
}
