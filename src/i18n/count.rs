//! A number of things in a message: written with the language's separators, and never beside the wrong form of the word.

use std::fmt;

/// How many, as [`super::Formats::count`] writes it. Messages get nothing else for a number, so that none can print a bare
/// integer or choose a form of its own.
///
/// The languages of this page tell whole numbers apart by CLDR's cardinal rules "one" (1) and "other" in English, and not
/// at all in Chinese. That is a comparison; asking `Intl.PluralRules` would come to the same and cost bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    number: i64,
    written: String,
}

/// As wide as a digit (Unicode's U+2007).
const FIGURE_SPACE: &str = "\u{2007}";

impl Count {
    /// This number, written like this.
    pub(super) const fn new(number: i64, written: String) -> Self {
        Self { number, written }
    }

    /// The same, as wide as a number of so many digits: nothing beside it moves as it counts down.
    pub fn with_places(mut self, digits: usize) -> Self {
        let missing = digits.saturating_sub(self.written.chars().count());
        self.written.insert_str(0, &FIGURE_SPACE.repeat(missing));
        self
    }

    /// Whether there is none: some messages say that in other words.
    pub const fn is_none(&self) -> bool {
        self.number == 0
    }

    /// Whether it is a single one: some messages say that in other words.
    pub const fn is_one(&self) -> bool {
        self.number == 1
    }

    /// `1 shop`, `1,000 shops`, for languages whose nouns have two forms.
    pub fn of(&self, one: &str, other: &str) -> String {
        format!("{self} {}", if self.is_one() { one } else { other })
    }

    /// The same number, written otherwise.
    #[cfg(debug_assertions)]
    pub(super) fn rewritten(&self, write: impl FnOnce(&str) -> String) -> Self {
        Self { number: self.number, written: write(&self.written) }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.written)
    }
}
