//! The environment of one mounted page: its own document or a host app. The host's options come in here.
//! Events without secrets go out.

mod events;
mod place;

use member_domain::City;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

pub use self::events::{ErrorCause, HostEvent};
use crate::{api::Api, geolocation::Fix, i18n::Locale, prelude::*, store::Store};

/// Parts of the page that a host may omit. The card, the code and the refund banner are always present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Features {
    /// The list of shops.
    pub shops: bool,
    /// The members-only events.
    pub events: bool,
    /// The savings sheet.
    pub savings: bool,
    /// The reminders.
    pub reminders: bool,
    /// The language choice at the foot of the page.
    pub language_choice: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self { shops: true, events: true, savings: true, reminders: true, language_choice: true }
    }
}

/// The environment of one mounted page.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    /// The element the page is mounted in.
    root: StoredValue<HtmlElement>,
    /// Whether the page owns the document and the address.
    pub owns_document: bool,
    /// The backend.
    pub api: Api,
    /// The device's storage.
    pub store: Store,
    /// The parts that are shown.
    pub features: RwSignal<Features>,
    /// The language set by the host.
    pub locale: RwSignal<Option<Locale>>,
    /// The member's position set by the host.
    place: RwSignal<Option<Fix>>,
    /// The city set by the host.
    city: RwSignal<Option<City>>,
    /// The page's public address, for shared links. Empty means the current address.
    page_url: StoredValue<String>,
}

/// Settings of a host that are fixed while the page is mounted.
#[derive(Clone, Debug)]
pub struct HostSettings {
    /// The element the page is mounted in.
    pub root: HtmlElement,
    /// The backend.
    pub api: Api,
    /// The device's storage.
    pub store: Store,
    /// The page's public address.
    pub page_url: String,
}

impl Host {
    /// An environment that owns the document. The page is mounted into `root`. Lives as long as the owner.
    pub fn own_document(root: HtmlElement) -> Self {
        let (api, store) = (Api::at(""), Store::default());
        let host = Self::app(HostSettings { root, api, store, page_url: String::new() });
        Self { owns_document: true, ..host }
    }

    /// An environment in a host app. Lives as long as the owner.
    pub fn app(HostSettings { root, api, store, page_url }: HostSettings) -> Self {
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

    /// Notifies the host. Returns `false` if the host prevented the default action. After unmounting, no
    /// event is sent and the result is `true`.
    pub fn dispatch(self, event: &HostEvent) -> bool {
        self.root().is_none_or(|root| event.dispatch(&root))
    }

    /// Offers the host to open this external address. Returns whether the host does so.
    pub fn delegate_link(self, url: &str) -> bool {
        !self.dispatch(&HostEvent::OpenLink { url: url.to_owned() })
    }

    /// The element the page is mounted in. `None` once the page is unmounted.
    pub fn root(self) -> Option<HtmlElement> {
        self.root.try_get_value()
    }

    /// The first element of this page that matches a selector.
    pub fn find(self, selector: &str) -> Option<HtmlElement> {
        self.root()?.query_selector(selector).ok()??.dyn_into().ok()
    }

    /// The focused element. In a shadow tree, the document itself knows only the shadow host.
    pub fn focused(self) -> Option<Element> {
        let tree = self.root()?.get_root_node();
        match tree.dyn_ref::<web_sys::ShadowRoot>() {
            Some(shadow) => shadow.active_element(),
            None => document().active_element(),
        }
    }

    /// The page's public address, without query and fragment.
    pub fn page_url(self) -> String {
        let known = self.page_url.try_get_value().filter(|url| !url.is_empty());
        known.unwrap_or_else(|| {
            let location = window().location();
            let path = location.pathname().unwrap_or_else(|_| "/".to_owned());
            location.origin().unwrap_or_default() + &path
        })
    }

    /// Sets the member's position.
    pub fn set_place(self, place: Fix) {
        let _ = self.place.try_set(Some(place));
    }

    /// Sets the language.
    pub fn set_locale(self, locale: Locale) {
        let _ = self.locale.try_set(Some(locale));
    }

    /// Changes the parts that are shown.
    pub fn change_features(self, change: impl FnOnce(&mut Features)) {
        let _ = self.features.try_update(change);
    }

    /// Sets the city.
    pub fn set_city(self, city: City) {
        let _ = self.city.try_set(Some(city));
    }

    /// The city set by the host; not reactive.
    pub fn city_untracked(self) -> Option<City> {
        self.city.get_untracked()
    }

    /// Runs `callback` with each position the host sets, now and while the owner lives.
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

    /// Runs `callback` with each city the host sets from now on, while the owner lives.
    pub fn use_city(self, callback: impl Fn(City) + 'static) {
        on_change(self.city, callback);
    }

    /// Runs `callback` with each language the host sets from now on, while the owner lives.
    pub fn use_locale(self, callback: impl Fn(Locale) + 'static) {
        on_change(self.locale, callback);
    }
}

/// Runs `callback` with each later value that differs from the previous one.
fn on_change<T: Copy + PartialEq + Send + Sync + 'static>(
    setting: RwSignal<Option<T>>,
    callback: impl Fn(T) + 'static,
) {
    Effect::new(move |before: Option<Option<T>>| {
        let now = setting.get();
        if let (Some(before), Some(value)) = (before, now)
            && before != now
        {
            callback(value);
        }
        now
    });
}

/// The page's environment. [`crate::app::App`] provides it. A component used alone owns the document.
pub fn use_host() -> Host {
    use_context().unwrap_or_else(|| {
        let body = document().body().expect("a document with components on it has a body");
        Host::own_document(body)
    })
}
