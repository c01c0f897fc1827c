//! The words of OpenStreetMap's syntax.

use super::State;

/// One word, or a mark between words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A number and how many digits it is written with.
    Number(u16, usize),
    /// `Mo` to `Su`; Monday is 0.
    Weekday(u32),
    /// `Jan` to `Dec`; January is 1.
    Month(u32),
    /// `PH`
    Holiday,
    /// `week`
    Week,
    /// `24/7`
    Always,
    /// `open`, `closed`, `off`, `unknown`
    State(State),
    /// A text in quotation marks.
    Comment,
    /// `||`
    Otherwise,
    /// `;`, `,`, `-`, `:`, `+`, `/`, `[` or `]`
    Mark(char),
}

/// The known names, in lower case. Full names and longer abbreviations are not in the specification, but have
/// no other meaning. `Thu` is not read: opening_hours.js refuses it.
const NAMES: &[(&str, Word)] = &[
    ("mo", Word::Weekday(0)),
    ("mon", Word::Weekday(0)),
    ("monday", Word::Weekday(0)),
    ("tu", Word::Weekday(1)),
    ("tue", Word::Weekday(1)),
    ("tues", Word::Weekday(1)),
    ("tuesday", Word::Weekday(1)),
    ("we", Word::Weekday(2)),
    ("wed", Word::Weekday(2)),
    ("wednesday", Word::Weekday(2)),
    ("th", Word::Weekday(3)),
    ("thur", Word::Weekday(3)),
    ("thurs", Word::Weekday(3)),
    ("thursday", Word::Weekday(3)),
    ("fr", Word::Weekday(4)),
    ("fri", Word::Weekday(4)),
    ("friday", Word::Weekday(4)),
    ("sa", Word::Weekday(5)),
    ("sat", Word::Weekday(5)),
    ("saturday", Word::Weekday(5)),
    ("su", Word::Weekday(6)),
    ("sun", Word::Weekday(6)),
    ("sunday", Word::Weekday(6)),
    ("jan", Word::Month(1)),
    ("feb", Word::Month(2)),
    ("mar", Word::Month(3)),
    ("apr", Word::Month(4)),
    ("may", Word::Month(5)),
    ("jun", Word::Month(6)),
    ("jul", Word::Month(7)),
    ("aug", Word::Month(8)),
    ("sep", Word::Month(9)),
    ("oct", Word::Month(10)),
    ("nov", Word::Month(11)),
    ("dec", Word::Month(12)),
    ("ph", Word::Holiday),
    ("week", Word::Week),
    ("open", Word::State(State::Open)),
    ("closed", Word::State(State::Closed)),
    ("off", Word::State(State::Closed)),
    ("unknown", Word::State(State::Unknown)),
];

/// Splits a text into words; `None` if any part is not a word.
pub(super) fn words(text: &str) -> Option<Vec<Word>> {
    let mut rest = text.trim_ascii();
    let mut words = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (word, length) = match first {
            ';' | ',' | ':' | '+' | '/' | '[' | ']' | '-' => (Word::Mark(first), 1),
            '–' => (Word::Mark('-'), first.len_utf8()),
            '|' if rest.starts_with("||") => (Word::Otherwise, 2),
            '"' => comment(rest)?,
            '0'..='9' => always(rest).or_else(|| number(rest))?,
            _ => name(rest)?,
        };
        words.push(word);
        rest = rest[length..].trim_ascii_start();
    }
    Some(words)
}

/// Parses a comment. It has at least one character.
fn comment(text: &str) -> Option<(Word, usize)> {
    let length = text[1..].find('"')?;
    (length > 0).then_some((Word::Comment, length + 2))
}

fn always(text: &str) -> Option<(Word, usize)> {
    let after = text.strip_prefix("24/7")?;
    (!after.starts_with(|next: char| next.is_ascii_alphanumeric())).then_some((Word::Always, 4))
}

fn number(text: &str) -> Option<(Word, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let value = text[..digits].parse().ok()?;
    (digits <= 4).then_some((Word::Number(value, digits), digits))
}

fn name(text: &str) -> Option<(Word, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (_, word) = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(&text[..length]))?;
    Some((*word, length))
}
