//! A number in a message: formatted with the language's separators and the correct plural form.

use std::fmt;

/// A count, formatted by [`super::Formats::count`]. Messages receive every number as a `Count`, so none can
/// print a bare integer or choose its own plural form.
///
/// The page's languages follow CLDR's cardinal rules: English has "one" (1) and "other"; Chinese has a single
/// form. A comparison is enough. `Intl.PluralRules` would give the same result and cost bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    number: i64,
    text: String,
}

/// A space as wide as a digit (Unicode's U+2007).
const FIGURE_SPACE: &str = "\u{2007}";

impl Count {
    /// A count with this number and text.
    pub(super) const fn new(number: i64, text: String) -> Self {
        Self { number, text }
    }

    /// Pads the text to the width of `digits` digits, so that nothing beside it moves during a countdown.
    pub fn padded_to(mut self, digits: usize) -> Self {
        let missing = digits.saturating_sub(self.text.chars().count());
        self.text.insert_str(0, &FIGURE_SPACE.repeat(missing));
        self
    }

    /// Whether the number is zero. Some messages use other words then.
    pub const fn is_none(&self) -> bool {
        self.number == 0
    }

    /// Whether the number is one. Some messages use other words then.
    pub const fn is_one(&self) -> bool {
        self.number == 1
    }

    /// Adds a noun, for languages with two forms: `1 shop`, `1,000 shops`.
    pub fn of(&self, one: &str, other: &str) -> String {
        format!("{self} {}", if self.is_one() { one } else { other })
    }

    /// The same number with rewritten text.
    #[cfg(debug_assertions)]
    pub(super) fn rewritten(&self, write: impl FnOnce(&str) -> String) -> Self {
        Self { number: self.number, text: write(&self.text) }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}
