//! The page's languages. All text comes from one typed table per language: a missing message does not compile. Money,
//! dates, times and distances are formatted by the browser's Intl.

mod count;
mod en;
mod format;
mod locale;
mod messages;
mod number;
#[cfg(debug_assertions)]
mod pseudo;
mod zh_hans;
mod zh_hant;

pub use count::Count;
pub use format::Formats;
pub use locale::Locale;
use member_domain::{Fen, PriceBand, wire::OpenState};
pub use messages::{Messages, RefundText};

use crate::{host::Host, prelude::*, store::Store};

const CHOICE: &str = "locale";

/// The language in use, for everything on the page.
#[derive(Clone, Copy, Debug)]
pub struct Language {
    locale: RwSignal<Locale>,
    store: Store,
}

impl Language {
    /// The language the member chose on the page, else the one the host app asks for, else the first of the browser's that
    /// the page speaks, else Simplified Chinese. The host may change its mind later on: that is followed, not remembered.
    pub fn start(host: Host) -> Self {
        let store = host.store;
        let first = store.choice(CHOICE).as_deref().and_then(Locale::from_tag);
        let first = first.or(host.locale.get_untracked()).or_else(Locale::of_browser).unwrap_or(Locale::ZhHans);
        let language = Self { locale: RwSignal::new(first), store };
        host.use_locale(move |locale| language.locale.set(locale));
        Effect::new(move |_| {
            let tag = language.locale().tag();
            let element = if host.owns_document { document().document_element() } else { host.root().map(Into::into) };
            if let Some(element) = element {
                let _ = element.set_attribute("lang", tag);
            }
            if host.owns_document {
                document().set_title(language.text().title);
            }
        });
        language
    }

    /// This language, whatever anybody prefers.
    pub fn fixed(locale: Locale) -> Self {
        Self { locale: RwSignal::new(locale), store: Store::default() }
    }

    /// The language in use; reactive.
    pub fn locale(self) -> Locale {
        self.locale.get()
    }

    /// The member switches language: remembered for the next visit.
    pub fn choose(self, locale: Locale) {
        self.store.remember_choice(CHOICE, locale.tag());
        self.locale.set(locale);
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
