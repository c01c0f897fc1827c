//! The page's languages. All texts come from one typed table per language: a missing message does not
//! compile. The browser's Intl formats dates, times and distances; `number` formats numbers and money.

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
use member_domain::{CivilDate, Fen, PriceBand, UnixMillis, wire::OpenState};
pub use messages::{Messages, RefundText};

use crate::{host::Host, prelude::*, store::Store};

const CHOICE: &str = "locale";
/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

/// The current language of the page.
#[derive(Clone, Copy, Debug)]
pub struct Language {
    locale: RwSignal<Locale>,
    store: Store,
}

impl Language {
    /// Starts with the language the member chose on the page; otherwise the host app's; otherwise the first
    /// of the browser's languages that the page supports; otherwise Simplified Chinese. A later change by the
    /// host applies, but is not stored.
    pub fn start(host: Host) -> Self {
        let store = host.store;
        let first = store.choice(CHOICE).as_deref().and_then(Locale::from_tag);
        let first = first.or(host.locale.get_untracked()).or_else(Locale::of_browser).unwrap_or(Locale::ZhHans);
        let language = Self { locale: RwSignal::new(first), store };
        host.use_locale(move |locale| language.locale.set(locale));
        Effect::new(move |_| {
            let locale = language.locale();
            let element = if host.owns_document { document().document_element() } else { host.root().map(Into::into) };
            if let Some(element) = element {
                let _ = element.set_attribute("lang", locale.tag());
                // Translators may change any other page. They must not change one that its reader understands.
                let _ = if locale.is_of_browser() {
                    element.set_attribute("translate", "no")
                } else {
                    element.remove_attribute("translate")
                };
            }
            if host.owns_document {
                document().set_title(language.text().title);
            }
        });
        language
    }

    /// A fixed language, independent of all preferences.
    pub fn fixed(locale: Locale) -> Self {
        Self { locale: RwSignal::new(locale), store: Store::default() }
    }

    /// The current language; reactive.
    pub fn locale(self) -> Locale {
        self.locale.get()
    }

    /// Switches to the language the member chose and stores the choice.
    pub fn choose(self, locale: Locale) {
        self.store.store_choice(CHOICE, locale.tag());
        self.locale.set(locale);
    }

    /// The current messages; reactive.
    pub fn text(self) -> &'static Messages {
        self.locale().messages()
    }

    /// `营业至 22:00`, `休息中 · 25 分钟后开`, `休息中 · 明天 11:00 开`; empty if the state is unknown. Reactive.
    pub fn open_state(self, state: OpenState, now: Option<UnixMillis>) -> String {
        let (text, formats) = (self.text(), self.formats());
        match state {
            OpenState::Open { until: Some(at) } => (text.open_until)(&formats.closing_time(at, now)),
            OpenState::Open { until: None } => text.always_open.to_owned(),
            OpenState::Closed { until: Some(at) } => {
                let minutes = now.map(|now| at.millis_since(now).div_euclid(MINUTE) + 1);
                match minutes.filter(|minutes| (1..=60).contains(minutes)) {
                    Some(minutes) => (text.opens_in)(&formats.count(minutes)),
                    None => (text.opens_at)(&self.opening_time(at, now)),
                }
            }
            OpenState::Closed { until: None } => text.closed.to_owned(),
            OpenState::Unknown => String::new(),
        }
    }

    /// `11:00` today, `明天 11:00`, otherwise `周二 11:00`, or with the date if it is more than six days ahead.
    fn opening_time(self, at: UnixMillis, now: Option<UnixMillis>) -> String {
        let formats = self.formats();
        let (day, time) = (CivilDate::in_shanghai(at), formats.time(at));
        match now.map(|now| day.days_since(CivilDate::in_shanghai(now))) {
            Some(0) => time,
            Some(1) => (self.text().tomorrow_at)(&time),
            Some(2..=6) | None => format!("{} {time}", formats.weekday(day)),
            Some(_) => format!("{} {time}", formats.day(day)),
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

    /// The current formatters; reactive.
    pub fn formats(self) -> std::rc::Rc<Formats> {
        Formats::of(self.locale())
    }
}

/// Parts of a line with dots between them. A line can break after a dot, never before one.
pub fn joined(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().collect::<Vec<_>>().join("\u{a0}· ")
}

/// The page's language. [`crate::app::App`] provides it. A component used alone uses Simplified Chinese.
pub fn use_language() -> Language {
    use_context().unwrap_or_else(|| Language::fixed(Locale::ZhHans))
}
