//! The only storage: this device's credential in IndexedDB; the last good answers, the time and the member's small choices
//! in localStorage. Secrets are never here as readable bytes: the credential's key is a non-extractable `CryptoKey`.
//!
//! The page keeps all of this under plain names, on an origin of its own. Inside a host app, whose origin is not ours, every
//! name begins with [`Store::within`]'s, so that neither the host's data nor that of another backend is touched.

mod device;

use std::cell::RefCell;

use leptos::prelude::window;
use wasm_bindgen::JsValue;

pub use self::device::DeviceCredential;
use crate::clock::TimeMark;

/// The choice that names the shops the member keeps.
pub const FAVOURITES: &str = "favourites";

const TIME: &str = "time";

/// Where one mounted page keeps what it keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Store {
    /// What the names begin with; empty on the page's own origin.
    space: &'static str,
}

impl Store {
    /// The part of a host's storage that belongs to the pages of this backend.
    pub fn within(backend: &str) -> Self {
        thread_local! {
            // Of each backend once, however often a page is mounted.
            static SPACES: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
        }
        let space = format!("member-page {backend} ");
        SPACES.with_borrow_mut(|known| {
            if !known.contains(&space.as_str()) {
                known.push(space.clone().leak());
            }
            let space = known.iter().find(|known| **known == space).copied();
            Self { space: space.unwrap_or_default() }
        })
    }

    fn name(self, place: &str) -> String {
        format!("{}{place}", self.space)
    }

    /// Keeps an answer as the backend sent it.
    pub fn keep_answer(self, which: Kept, answer: &JsValue) {
        if let Ok(text) = js_sys::JSON::stringify(answer) {
            self.write(which.place(), &String::from(text));
        }
    }

    /// The answer kept last.
    pub fn kept_answer(self, which: Kept) -> Option<JsValue> {
        js_sys::JSON::parse(&self.read(which.place())?).ok()
    }

    /// Forgets an answer.
    pub fn forget_answer(self, which: Kept) {
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = storage.remove_item(&self.name(which.place()));
        }
    }

    /// Forgets all answers, as is due when the member is signed out.
    pub fn forget_answers(self) {
        for which in [Kept::Me, Kept::Shops, Kept::Favourites, Kept::Events, Kept::Ledger] {
            self.forget_answer(which);
        }
        self.remember_choice(FAVOURITES, "");
    }

    /// Forgets everything that is kept under this store's names, the credential included.
    #[cfg(feature = "module")]
    pub async fn forget_everything(self) {
        if let Ok(Some(storage)) = window().local_storage() {
            let names = (0..storage.length().unwrap_or_default()).filter_map(|index| storage.key(index).ok()?);
            let ours: Vec<String> = names.filter(|name| name.starts_with(self.space)).collect();
            for name in ours {
                let _ = storage.remove_item(&name);
            }
        }
        self.forget_credential().await;
    }

    /// Keeps what the page goes by when it is opened again without network.
    pub fn keep_time(self, mark: TimeMark) {
        let TimeMark { server, wall, lead, seen } = mark;
        self.write(TIME, &format!("{server},{wall},{lead},{seen}"));
    }

    /// What the page went by last.
    pub fn kept_time(self) -> Option<TimeMark> {
        let text = self.read(TIME)?;
        let mut fields = text.split(',').map_while(|field| field.parse().ok());
        let mut next = || fields.next();
        Some(TimeMark { server: next()?, wall: next()?, lead: next()?, seen: next()? })
    }

    /// Remembers the key of a request to redeem by PIN until its outcome is known.
    pub fn keep_attempt(self, shop: &str, key: &str) {
        self.write(&attempt_place(shop), key);
    }

    /// The key of the request at this shop whose outcome is not known.
    pub fn kept_attempt(self, shop: &str) -> Option<String> {
        self.read(&attempt_place(shop))
    }

    /// The outcome is known.
    pub fn settle_attempt(self, shop: &str) {
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = storage.remove_item(&self.name(&attempt_place(shop)));
        }
    }

    /// A choice the member made on an earlier visit.
    pub fn choice(self, name: &str) -> Option<String> {
        self.read(name)
    }

    /// Remembers a choice for the next visit.
    pub fn remember_choice(self, name: &str, value: &str) {
        self.write(name, value);
    }

    fn read(self, place: &str) -> Option<String> {
        window().local_storage().ok()??.get_item(&self.name(place)).ok()?
    }

    /// Where the browser does not let the page keep anything, or has no room, the next visit starts from nothing.
    fn write(self, place: &str, value: &str) {
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = storage.set_item(&self.name(place), value);
        }
    }
}

/// Answers that are kept, so that the next visit starts with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// `GET /v1/me`
    Me,
    /// The last list of shops.
    Shops,
    /// The shops the member keeps.
    Favourites,
    /// The members-only events.
    Events,
    /// The newest page of the ledger.
    Ledger,
}

impl Kept {
    const fn place(self) -> &'static str {
        match self {
            Self::Me => "last-me",
            Self::Shops => "last-shops",
            Self::Favourites => "last-favourites",
            Self::Events => "last-events",
            Self::Ledger => "last-ledger",
        }
    }
}

/// Where the key of a request at this shop is, whose outcome is not known.
fn attempt_place(shop: &str) -> String {
    format!("unsettled-attempt {shop}")
}
