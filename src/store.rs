//! The page's storage. IndexedDB holds this device's credential. localStorage holds the last good answers,
//! the time and the member's choices. Secrets are never stored as readable bytes: the credential's key is a
//! non-extractable `CryptoKey`.
//!
//! On the page's own origin the names have no prefix. In a host app, every name starts with the prefix of
//! [`Store::for_backend`], so neither the host's data nor another backend's is touched.

mod device;

use std::cell::RefCell;

use leptos::prelude::window;
use wasm_bindgen::JsValue;

pub use self::device::DeviceCredential;
use crate::clock::TimeMark;

/// The name of the stored favourites.
pub const FAVOURITES: &str = "favourites";
/// The name of the stored changes of favourites that the backend does not have yet.
pub const UNSENT_FAVOURITES: &str = "favourites-unsent";
/// The name of the ways to redeem that worked last at each shop.
pub const WORKED_WAYS: &str = "worked-ways";
/// The name of the city that the member chose.
pub const CITY: &str = "city";
/// The name of the district that the member chose.
pub const DISTRICT: &str = "district";

const TIME: &str = "time";

/// The storage of one mounted page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Store {
    /// The prefix of its names. Empty on the page's own origin.
    prefix: &'static str,
}

impl Store {
    /// The part of a host's storage that belongs to this backend's pages.
    pub fn for_backend(backend: &str) -> Self {
        thread_local! {
            // One entry per backend, however often a page is mounted.
            static PREFIXES: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
        }
        let prefix = format!("member-page {backend} ");
        PREFIXES.with_borrow_mut(|known| {
            if !known.contains(&prefix.as_str()) {
                known.push(prefix.clone().leak());
            }
            let prefix = known.iter().find(|known| **known == prefix).copied();
            Self { prefix: prefix.unwrap_or_default() }
        })
    }

    fn full_name(self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// Stores a raw answer.
    pub fn store_answer(self, which: StoredAnswer, answer: &JsValue) {
        if let Ok(text) = js_sys::JSON::stringify(answer) {
            self.write(which.key(), &String::from(text));
        }
    }

    /// The last stored answer.
    pub fn stored_answer(self, which: StoredAnswer) -> Option<JsValue> {
        js_sys::JSON::parse(&self.read(which.key())?).ok()
    }

    /// Deletes a stored answer.
    pub fn forget_answer(self, which: StoredAnswer) {
        self.forget(which.key());
    }

    /// Deletes all answers and everything that tells where the member was, when the member signs out.
    pub fn forget_answers(self) {
        for which in [
            StoredAnswer::Me,
            StoredAnswer::Shops,
            StoredAnswer::Favourites,
            StoredAnswer::Events,
            StoredAnswer::Ledger,
        ] {
            self.forget_answer(which);
        }
        for choice in [FAVOURITES, UNSENT_FAVOURITES, WORKED_WAYS, CITY, DISTRICT] {
            self.forget(choice);
        }
    }

    /// Deletes everything under this store's names, including the credential.
    #[cfg(feature = "module")]
    pub async fn forget_everything(self) {
        if let Ok(Some(storage)) = window().local_storage() {
            let names = (0..storage.length().unwrap_or_default()).filter_map(|index| storage.key(index).ok()?);
            let ours: Vec<String> = names.filter(|name| name.starts_with(self.prefix)).collect();
            for name in ours {
                let _ = storage.remove_item(&name);
            }
        }
        self.forget_credential().await;
    }

    /// Stores the time mark for opening the page offline.
    pub fn store_time(self, mark: TimeMark) {
        let TimeMark { server, wall, lead, seen } = mark;
        self.write(TIME, &format!("{server},{wall},{lead},{seen}"));
    }

    /// The stored time mark.
    pub fn stored_time(self) -> Option<TimeMark> {
        let text = self.read(TIME)?;
        let mut fields = text.split(',').map_while(|field| field.parse().ok());
        let mut next = || fields.next();
        Some(TimeMark { server: next()?, wall: next()?, lead: next()?, seen: next()? })
    }

    /// Stores the idempotency key of a PIN request until its outcome is known.
    pub fn store_attempt(self, shop: &str, key: &str) {
        self.write(&attempt_key(shop), key);
    }

    /// The idempotency key of the unsettled PIN request at this shop.
    pub fn stored_attempt(self, shop: &str) -> Option<String> {
        self.read(&attempt_key(shop))
    }

    /// Deletes the idempotency key after the outcome is known.
    pub fn forget_attempt(self, shop: &str) {
        self.forget(&attempt_key(shop));
    }

    /// A stored choice of an earlier visit.
    pub fn choice(self, name: &str) -> Option<String> {
        self.read(name)
    }

    /// Stores a choice for the next visit.
    pub fn store_choice(self, name: &str, value: &str) {
        self.write(name, value);
    }

    fn forget(self, key: &str) {
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = storage.remove_item(&self.full_name(key));
        }
    }

    fn read(self, key: &str) -> Option<String> {
        window().local_storage().ok()??.get_item(&self.full_name(key)).ok()?
    }

    /// If the browser refuses or has no space, nothing is stored and the next visit starts empty.
    fn write(self, key: &str, value: &str) {
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = storage.set_item(&self.full_name(key), value);
        }
    }
}

/// The stored answers. The next visit starts with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredAnswer {
    /// `GET /v1/me`
    Me,
    /// The last list of shops.
    Shops,
    /// The favourite shops.
    Favourites,
    /// The members-only events.
    Events,
    /// The newest page of the ledger.
    Ledger,
}

impl StoredAnswer {
    const fn key(self) -> &'static str {
        match self {
            Self::Me => "last-me",
            Self::Shops => "last-shops",
            Self::Favourites => "last-favourites",
            Self::Events => "last-events",
            Self::Ledger => "last-ledger",
        }
    }
}

/// The name of the idempotency key of the unsettled PIN request at this shop.
fn attempt_key(shop: &str) -> String {
    format!("unsettled-attempt {shop}")
}
