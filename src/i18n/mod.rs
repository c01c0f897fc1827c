//! The page's languages. All text comes from one typed table per language: a missing message does not compile. Money,
//! dates, times and distances are formatted by the browser's Intl.

mod count;
mod en;
mod format;
mod locale;
mod messages;
#[cfg(debug_assertions)]
mod pseudo;
mod zh_hans;
mod zh_hant;

pub use count::Count;
pub use format::Formats;
use leptos::prelude::*;
pub use locale::Locale;
use member_domain::{Fen, PriceBand, wire::OpenState};
pub use messages::{Messages, RefundText};
use web_sys::Element;

use crate::store;

const CHOICE: &str = "locale";

/// The language in use, for everything on the page.
#[derive(Clone, Copy, Debug)]
pub struct Language {
    locale: RwSignal<Locale>,
}

impl Language {
    /// The language the member chose on the page, else the one the host app asks for, else the first of the browser's that
    /// the page speaks, else Simplified Chinese.
    pub fn start(host_wish: Option<Locale>) -> Self {
        Self::fixed(Self::chosen().or_else(|| Self::unchosen(host_wish)).unwrap_or(Locale::ZhHans))
    }

    /// This language, whatever anybody prefers.
    pub fn fixed(locale: Locale) -> Self {
        Self { locale: RwSignal::new(locale) }
    }

    /// What the member chose on an earlier visit.
    fn chosen() -> Option<Locale> {
        store::choice(CHOICE).as_deref().and_then(Locale::from_tag)
    }

    fn unchosen(host_wish: Option<Locale>) -> Option<Locale> {
        host_wish.or_else(Locale::of_browser)
    }

    /// Says on `root`, for as long as the caller's owner lives, which language its text is in.
    pub fn mark(self, root: Element) {
        Effect::new(move |_| {
            let _ = root.set_attribute("lang", self.locale().tag());
        });
    }

    /// Titles the document. Only where the page owns it.
    pub fn title_document(self) {
        Effect::new(move |_| document().set_title(self.text().title));
    }

    /// Goes along with the host app, unless the member has chosen. Not remembered.
    pub fn follow(self, host_wish: Option<Locale>) {
        if Self::chosen().is_none()
            && let Some(locale) = Self::unchosen(host_wish)
        {
            self.locale.set(locale);
        }
    }

    /// The member switches language: remembered for the next visit.
    pub fn choose(self, locale: Locale) {
        store::remember_choice(CHOICE, locale.tag());
        self.locale.set(locale);
    }

    /// The language in use; reactive.
    pub fn locale(self) -> Locale {
        self.locale.get()
    }

    /// The messages in use; reactive.
    pub fn text(self) -> &'static Messages {
        self.locale().messages()
    }

    /// `营业至 22:00`, `11:00 开门`, `周二 11:00 开门`; nothing where it is not known. Reactive.
    pub fn open_state(self, state: OpenState) -> String {
        let (text, formats) = (self.text(), self.formats());
        match state {
            OpenState::Open { until: Some(at) } => (text.open_until)(&formats.soon(at)),
            OpenState::Open { until: None } => text.always_open.to_owned(),
            OpenState::Closed { until: Some(at) } => (text.opens_at)(&formats.soon(at)),
            OpenState::Closed { until: None } => text.closed.to_owned(),
            OpenState::Unknown => String::new(),
        }
    }

    /// `¥50 以内`, `¥50–¥100`, `¥200 以上`. Reactive.
    pub fn price_band(self, band: PriceBand) -> String {
        let formats = self.formats();
        let (from, below) = band.bounds();
        let from = (from > Fen(0)).then(|| formats.short_money(from));
        let below = below.map(|below| formats.short_money(below));
        (self.text().price_band)(from.as_deref(), below.as_deref())
    }

    /// The formats in use; reactive.
    pub fn formats(self) -> std::rc::Rc<Formats> {
        Formats::of(self.locale())
    }
}

/// The page's language. [`crate::app::App`] provides it; a component used alone speaks Chinese.
pub fn use_language() -> Language {
    use_context().unwrap_or_else(|| Language::fixed(Locale::ZhHans))
}
