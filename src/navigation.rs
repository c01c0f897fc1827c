//! The page's addresses: `/`, `/#code` with the code sheet open, `/?shop=ID` with it open in that shop's context, `/#shop/ID`
//! with a shop's sheet, `/#event/ID` with an event's, `/#savings` with what the card has saved. A sheet is an entry in the browser's history, so that the back
//! button closes it. Whatever else the query string says is not of the sheets and stays as it is.

pub mod list_address;

use leptos::ev;
use wasm_bindgen::JsValue;

use crate::prelude::*;

const CODE_HASH: &str = "#code";
const SAVINGS_HASH: &str = "#savings";
const SHOP_HASH: &str = "#shop/";
const EVENT_HASH: &str = "#event/";
const SHOP_QUERY: &str = "shop=";

/// What lies over the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// Nothing.
    Closed,
    /// The redemption code, in the context of a shop if one was chosen.
    Code {
        /// The shop's id.
        shop: Option<String>,
    },
    /// What the card has saved.
    Savings,
    /// One shop in full.
    Shop {
        /// Its id.
        id: String,
    },
    /// One members-only event.
    Event {
        /// Its id.
        id: String,
    },
}

impl Sheet {
    /// The address of the page with this sheet open, on this origin.
    pub fn address(&self) -> String {
        let location = window().location();
        let path = location.pathname().unwrap_or_else(|_| "/".to_owned());
        let search = location.search().unwrap_or_default();
        let (shop, hash) = match self {
            Self::Closed => (None, String::new()),
            Self::Savings => (None, SAVINGS_HASH.to_owned()),
            Self::Code { shop } => (shop.as_deref(), CODE_HASH.to_owned()),
            Self::Shop { id } => (None, format!("{SHOP_HASH}{}", encoded(id))),
            Self::Event { id } => (None, format!("{EVENT_HASH}{}", encoded(id))),
        };
        // `shop` belongs to the code sheet; all else is kept.
        let kept = search.trim_start_matches('?').split('&').filter(|pair| !pair.starts_with(SHOP_QUERY));
        let shop = shop.map(|id| format!("{SHOP_QUERY}{}", encoded(id)));
        let query: Vec<String> = kept.filter(|pair| !pair.is_empty()).map(str::to_owned).chain(shop).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{path}{mark}{}{hash}", query.join("&"))
    }
}

/// The address to pass on of a shop's sheet, on the page that is at `page_url`, without what the member is looking for.
pub fn shop_link(page_url: &str, id: &str) -> String {
    format!("{page_url}{SHOP_HASH}{}", encoded(id))
}

/// The sheet the address asks for.
fn addressed() -> Sheet {
    let location = window().location();
    let hash = location.hash().unwrap_or_default();
    if let Some(id) = hash.strip_prefix(SHOP_HASH).and_then(decoded) {
        return Sheet::Shop { id };
    }
    if let Some(id) = hash.strip_prefix(EVENT_HASH).and_then(decoded) {
        return Sheet::Event { id };
    }
    if hash == SAVINGS_HASH {
        return Sheet::Savings;
    }
    let shop = shop_in(&location.search().unwrap_or_default());
    if shop.is_some() || hash == CODE_HASH { Sheet::Code { shop } } else { Sheet::Closed }
}

/// The value of `shop` in a query string.
fn shop_in(search: &str) -> Option<String> {
    search.trim_start_matches('?').split('&').filter_map(|pair| pair.strip_prefix(SHOP_QUERY)).find_map(decoded)
}

fn encoded(value: &str) -> String {
    js_sys::encode_uri_component(value).into()
}

/// What stands percent-encoded in an address; nothing if it is empty or malformed.
fn decoded(value: &str) -> Option<String> {
    js_sys::decode_uri_component(value).ok().map(String::from).filter(|value| !value.is_empty())
}

/// Which sheets are open, in step with the address and the browser's history.
#[derive(Clone, Copy, Debug)]
pub struct Navigation {
    /// The open sheets, each above the one before it. The address names the topmost only: a page that is opened anew has
    /// one at most.
    open: RwSignal<Vec<Sheet>>,
    /// Whether a step back is under way; a second one would leave the page.
    closing: StoredValue<bool>,
    /// Whether the sheets are in the address. In a host app the address is the host's: there they are only on screen.
    addressed: bool,
}

impl Navigation {
    /// Without addresses, with this sheet open.
    pub fn unaddressed(sheet: Sheet) -> Self {
        let open = if sheet == Sheet::Closed { Vec::new() } else { vec![sheet] };
        Self { open: RwSignal::new(open), closing: StoredValue::new(false), addressed: false }
    }

    /// Whether the sheets are in the address.
    pub fn is_addressed(self) -> bool {
        self.addressed
    }

    /// Follows the history while the owner lives.
    pub fn start() -> Self {
        let navigation = Self { open: RwSignal::new(Vec::new()), closing: StoredValue::new(false), addressed: true };
        navigation.follow(addressed());
        let listener = window_event_listener(ev::popstate, move |_| {
            navigation.closing.set_value(false);
            navigation.follow(addressed());
        });
        on_cleanup(move || listener.remove());
        navigation
    }

    /// The topmost sheet.
    pub fn sheet(self) -> Signal<Sheet> {
        Signal::derive(move || self.open.with(|open| open.last().cloned().unwrap_or(Sheet::Closed)))
    }

    /// The shop whose sheet is open, perhaps beneath another.
    pub fn shop(self) -> Memo<Option<String>> {
        self.find(|sheet| if let Sheet::Shop { id } = sheet { Some(id) } else { None })
    }

    /// The event whose sheet is open, perhaps beneath another.
    pub fn event(self) -> Memo<Option<String>> {
        self.find(|sheet| if let Sheet::Event { id } = sheet { Some(id) } else { None })
    }

    /// Whether the sheet about savings is open, perhaps beneath another.
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

    /// Opens the sheet about savings.
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

    /// What a host app wants to be open: a code in place of another, any other sheet above those that are open, or nothing.
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
        // Tapped twice.
        if self.open.with_untracked(|open| open.last() == Some(&sheet)) {
            return;
        }
        if let Some(history) = window().history().ok().filter(|_| self.addressed) {
            // The entry says itself that closing takes it back; so it does after a reload, too.
            let _ = history.push_state_with_url(&JsValue::TRUE, "", Some(&sheet.address()));
        }
        self.open.update(|open| open.push(sheet));
    }

    /// The address has changed: the sheet it asks for is the topmost, with those beneath it if it was open already.
    fn follow(self, sheet: Sheet) {
        self.open.update(|open| match open.iter().position(|known| *known == sheet) {
            Some(place) => open.truncate(place + 1),
            None if sheet == Sheet::Closed => open.clear(),
            None => *open = vec![sheet],
        });
    }

    /// Closes the topmost sheet; the address becomes that of what lies beneath it.
    pub fn close(self) {
        if !self.addressed {
            return self.open.update(|open| drop(open.pop()));
        }
        if self.closing.get_value() {
            return;
        }
        if let Ok(history) = window().history() {
            let ours = history.state().is_ok_and(|state| state.is_truthy());
            // The popstate that follows closes the sheet.
            if ours && history.back().is_ok() {
                return self.closing.set_value(true);
            }
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&Sheet::Closed.address()));
        }
        self.follow(Sheet::Closed);
    }
}
