//! What surrounds one mounted page: the document that is its own, or the host app that it is a part of. What the host wants
//! comes in here, and what it may want to know goes out, as events that carry no secret.

mod events;
mod place;

use member_domain::City;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

pub use self::events::{HostEvent, Trouble};
use crate::{api::Api, geolocation::Fix, i18n::Locale, prelude::*, store::Store};

/// Parts of the page that a host may leave out. The card, the code and what becomes of the money are always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Features {
    /// The list of shops.
    pub shops: bool,
    /// The events for members.
    pub events: bool,
    /// What the card has saved, in full.
    pub savings: bool,
    /// What is due soon.
    pub reminders: bool,
    /// The choice of language at the foot of the page.
    pub language_choice: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self { shops: true, events: true, savings: true, reminders: true, language_choice: true }
    }
}

/// What surrounds one mounted page.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    /// The element that the page is mounted in.
    root: StoredValue<HtmlElement>,
    /// Whether document and address are the page's own.
    pub owns_document: bool,
    /// The backend.
    pub api: Api,
    /// What is kept on the device.
    pub store: Store,
    /// What is shown.
    pub features: RwSignal<Features>,
    /// The language the host wants.
    pub locale: RwSignal<Option<Locale>>,
    /// Where the host says that the member is.
    place: RwSignal<Option<Fix>>,
    /// The city the host wants to be looked in.
    city: RwSignal<Option<City>>,
    /// Where the page is to be had on its own, for links that are passed on; empty for where it is.
    page_url: StoredValue<String>,
}

/// What of a host cannot change while the page is mounted.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The element that the page is mounted in.
    pub root: HtmlElement,
    /// The backend.
    pub api: Api,
    /// What is kept on the device.
    pub store: Store,
    /// Where the page is to be had on its own.
    pub page_url: String,
}

impl Host {
    /// The page's own document, in which it is mounted into `root`. It lives as long as the owner.
    pub fn own_document(root: HtmlElement) -> Self {
        let (api, store) = (Api::at(""), Store::default());
        let host = Self::app(Surroundings { root, api, store, page_url: String::new() });
        Self { owns_document: true, ..host }
    }

    /// A host app. It lives as long as the owner.
    pub fn app(Surroundings { root, api, store, page_url }: Surroundings) -> Self {
        Self {
            root: StoredValue::new(root),
            owns_document: false,
            api,
            store,
            features: RwSignal::new(Features::default()),
            locale: RwSignal::new(None),
            place: RwSignal::new(None),
            city: RwSignal::new(None),
            page_url: StoredValue::new(page_url),
        }
    }

    /// Tells the host; `false` if it has prevented what usually follows. Once the page is unmounted nobody is told.
    pub fn tell(self, event: &HostEvent) -> bool {
        self.root().is_none_or(|root| event.dispatch(&root))
    }

    /// Whether the host opens this address, which leads out of the page.
    pub fn takes_over(self, url: &str) -> bool {
        !self.tell(&HostEvent::OpenLink { url: url.to_owned() })
    }

    /// The element that the page is mounted in, while it is.
    pub fn root(self) -> Option<HtmlElement> {
        self.root.try_get_value()
    }

    /// The first element of this page that a selector finds.
    pub fn find(self, selector: &str) -> Option<HtmlElement> {
        self.root()?.query_selector(selector).ok()??.dyn_into().ok()
    }

    /// What has the focus: in a shadow tree the document itself only knows its host.
    pub fn focused(self) -> Option<Element> {
        let tree = self.root()?.get_root_node();
        match tree.dyn_ref::<web_sys::ShadowRoot>() {
            Some(shadow) => shadow.active_element(),
            None => document().active_element(),
        }
    }

    /// The address of the page on its own, without query and fragment.
    pub fn page_url(self) -> String {
        let known = self.page_url.try_get_value().filter(|url| !url.is_empty());
        known.unwrap_or_else(|| {
            let location = window().location();
            let path = location.pathname().unwrap_or_else(|_| "/".to_owned());
            location.origin().unwrap_or_default() + &path
        })
    }

    /// Where the host says that the member is.
    pub fn set_place(self, place: Fix) {
        let _ = self.place.try_set(Some(place));
    }

    /// Sets the language that the host wants.
    pub fn set_locale(self, locale: Locale) {
        let _ = self.locale.try_set(Some(locale));
    }

    /// Changes which parts of the page the host wants.
    pub fn change_features(self, change: impl FnOnce(&mut Features)) {
        let _ = self.features.try_update(change);
    }

    /// The city the host wants to be looked in.
    pub fn set_city(self, city: City) {
        let _ = self.city.try_set(Some(city));
    }

    /// The same, as it is.
    pub fn city_untracked(self) -> Option<City> {
        self.city.get_untracked()
    }

    /// Runs `callback` with each place that the host hands over, now and while the owner lives.
    pub fn use_place(self, callback: impl Fn(Fix) + Clone + 'static) {
        if self.owns_document {
            place::use_window_place(callback.clone());
        }
        let place = self.place;
        Effect::new(move |_| {
            if let Some(fix) = place.get() {
                callback(fix);
            }
        });
    }

    /// Runs `callback` with each city that the host names after it was asked, while the owner lives.
    pub fn use_city(self, callback: impl Fn(City) + 'static) {
        on_change(self.city, callback);
    }

    /// The same with each language.
    pub fn use_locale(self, callback: impl Fn(Locale) + 'static) {
        on_change(self.locale, callback);
    }
}

/// Runs `callback` with what the host names from now on, where it differs from what it named before.
fn on_change<T: Copy + PartialEq + Send + Sync + 'static>(named: RwSignal<Option<T>>, callback: impl Fn(T) + 'static) {
    Effect::new(move |before: Option<Option<T>>| {
        let now = named.get();
        if let (Some(before), Some(value)) = (before, now)
            && before != now
        {
            callback(value);
        }
        now
    });
}

/// What surrounds the page. [`crate::app::App`] provides it; a component used alone has the document to itself.
pub fn use_host() -> Host {
    use_context().unwrap_or_else(|| {
        let body = document().body().expect("a document with components on it has a body");
        Host::own_document(body)
    })
}
