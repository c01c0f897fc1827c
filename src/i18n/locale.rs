//! The page's languages and their tags.

use leptos::prelude::window;

use super::{Messages, en, zh_hans, zh_hant};

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// Simplified Chinese.
    ZhHans,
    /// Traditional Chinese, as read in Taiwan and Hong Kong.
    ZhHant,
    /// English.
    En,
    /// English with accents, longer and in brackets. Text without brackets does not come from a message
    /// table. Not in release builds.
    #[cfg(debug_assertions)]
    Pseudo,
}

impl Locale {
    /// The languages that members can choose.
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

    /// The language of a BCP 47 tag: `zh-TW`, `zh-HK`, `zh-MO` and `zh-Hant-*` are Traditional Chinese, other
    /// `zh` tags Simplified, every `en` English. `None` for other languages and invalid tags.
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
        // The script precedes the region and overrides it: zh-Hans-HK is Simplified. Extensions follow a
        // single letter (`-u-`, `-x-`).
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

    /// The first of the browser's languages that the page supports.
    pub(super) fn of_browser() -> Option<Self> {
        let tags = window().navigator().languages();
        tags.iter().find_map(|tag| Self::from_tag(&tag.as_string()?))
    }

    /// Whether the reader's browser is set to this language, as the first one or another.
    pub(super) fn is_of_browser(self) -> bool {
        let tags = window().navigator().languages();
        tags.iter().any(|tag| tag.as_string().as_deref().and_then(Self::from_tag) == Some(self))
    }

    /// Whether a programme's names and texts are shown in English if it has them.
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
