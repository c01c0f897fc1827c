//! The page's languages. All text comes from one typed table per language: a missing message does not compile. Money,
//! dates, times and distances are formatted by the browser's Intl.

mod en;
mod format;
mod messages;
mod zh_hans;

pub use format::Formats;
use leptos::prelude::*;
use member_domain::{Fen, PriceBand, wire::OpenState};
pub use messages::{Messages, RefundText};

use crate::{host::Host, store::Store};

/// A language the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// Simplified Chinese.
    ZhHans,
    /// English.
    En,
}

const CHOICE: &str = "locale";

impl Locale {
    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhHans => "zh-Hans",
            Self::En => "en",
        }
    }

    /// The other language, for switching.
    pub const fn other(self) -> Self {
        match self {
            Self::ZhHans => Self::En,
            Self::En => Self::ZhHans,
        }
    }

    /// The language's messages.
    pub const fn messages(self) -> &'static Messages {
        match self {
            Self::ZhHans => &zh_hans::MESSAGES,
            Self::En => &en::MESSAGES,
        }
    }

    /// What the member chose before.
    fn chosen(store: Store) -> Option<Self> {
        Self::from_tag(&store.choice(CHOICE)?)
    }

    /// The language that a BCP 47 tag stands for, if the page speaks it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split('-').next()? {
            "zh" => Some(Self::ZhHans),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// What the browser prefers: English where that comes first, Chinese otherwise.
    fn preferred() -> Self {
        window().navigator().language().and_then(|tag| Self::from_tag(&tag)).unwrap_or(Self::ZhHans)
    }
}

/// The language in use, for everything on the page.
#[derive(Clone, Copy, Debug)]
pub struct Language {
    locale: RwSignal<Locale>,
    store: Store,
}

impl Language {
    /// The member's language, else the one the host wants; the host may change its mind.
    pub fn start(host: Host) -> Self {
        let store = host.store;
        let first = Locale::chosen(store).or(host.locale.get_untracked()).unwrap_or_else(Locale::preferred);
        let language = Self { locale: RwSignal::new(first), store };
        Effect::new(move |before: Option<Option<Locale>>| {
            let wanted = host.locale.get();
            if let (Some(before), Some(locale)) = (before, wanted)
                && before != wanted
            {
                language.locale.set(locale);
            }
            wanted
        });
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

    /// This language, whatever the browser prefers.
    pub fn fixed(locale: Locale) -> Self {
        Self { locale: RwSignal::new(locale), store: Store::default() }
    }

    /// The language in use; reactive.
    pub fn locale(self) -> Locale {
        self.locale.get()
    }

    /// Switches language and remembers it.
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
