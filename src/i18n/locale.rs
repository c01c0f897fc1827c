//! Which languages there are, and which of them is meant by a tag.

use leptos::prelude::window;

use super::{Messages, en, zh_hans, zh_hant};

/// A language the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// Simplified Chinese.
    ZhHans,
    /// Traditional Chinese, as read in Taiwan and Hong Kong.
    ZhHant,
    /// English.
    En,
    /// English as no one writes it, longer and in brackets: what is not in it comes from no message table. Not in release
    /// builds.
    #[cfg(debug_assertions)]
    Pseudo,
}

impl Locale {
    /// Those that members choose among.
    pub const ALL: [Self; 3] = [Self::ZhHans, Self::ZhHant, Self::En];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhHans => "zh-Hans",
            Self::ZhHant => "zh-Hant",
            Self::En => "en",
            #[cfg(debug_assertions)]
            Self::Pseudo => "en-XA",
        }
    }

    /// The language's own name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ZhHans => "简体中文",
            Self::ZhHant => "繁體中文",
            Self::En => "English",
            #[cfg(debug_assertions)]
            Self::Pseudo => "[Pšéüdö]",
        }
    }

    /// The language that a BCP 47 tag asks for: `zh-TW`, `zh-HK`, `zh-MO` and `zh-Hant-*` are Traditional Chinese, other `zh`
    /// Simplified, any `en` English. Nothing for other languages and for what is no tag.
    pub fn from_tag(tag: &str) -> Option<Self> {
        #[cfg(debug_assertions)]
        if tag == Self::Pseudo.tag() {
            return Some(Self::Pseudo);
        }
        let mut subtags = tag.trim().split(['-', '_']);
        let language = subtags.next().unwrap_or_default();
        if language.eq_ignore_ascii_case("en") {
            return Some(Self::En);
        }
        if !language.eq_ignore_ascii_case("zh") {
            return None;
        }
        // A script is written before a region and overrules it: zh-Hans-HK is Simplified. Behind a single letter (`-u-`,
        // `-x-`) are extensions.
        let means = |subtag: &str| {
            let is_one_of = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(subtag));
            match subtag.len() {
                4 if is_one_of(&["hans"]) => Some(Self::ZhHans),
                4 if is_one_of(&["hant"]) => Some(Self::ZhHant),
                2 if is_one_of(&["tw", "hk", "mo"]) => Some(Self::ZhHant),
                _ => None,
            }
        };
        Some(subtags.take_while(|subtag| subtag.len() > 1).find_map(means).unwrap_or(Self::ZhHans))
    }

    /// The first of the browser's languages that the page speaks.
    pub(super) fn of_browser() -> Option<Self> {
        let tags = window().navigator().languages();
        tags.iter().find_map(|tag| Self::from_tag(&tag.as_string()?))
    }

    /// Whether names and texts that a programme has in English too are shown in English.
    pub fn is_english(self) -> bool {
        self.tag().starts_with("en")
    }

    /// The language's messages.
    pub fn messages(self) -> &'static Messages {
        match self {
            Self::ZhHans => &zh_hans::MESSAGES,
            Self::ZhHant => &zh_hant::MESSAGES,
            Self::En => &en::MESSAGES,
            #[cfg(debug_assertions)]
            Self::Pseudo => &super::pseudo::MESSAGES,
        }
    }
}
