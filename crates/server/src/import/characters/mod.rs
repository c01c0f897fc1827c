//! Characters that nobody sees in a cell. Those that do nothing are removed, with a note. Those that may mislead
//! people are refused by name. Every imported text passes through here.

mod kind;
mod names;

use kind::{Kind, flag_length, is_filled, is_joined, is_right_to_left, is_selected, kind};
use names::name;

/// The maximum number of characters that a fault names.
const NAMED: usize = 3;

/// A text with invisible characters, after the cleaning.
#[derive(Debug, Default)]
pub(super) struct Cleaned {
    /// The text without the removed characters. The refused ones are in it.
    pub(super) text: String,
    removed: Vec<(char, u64)>,
    /// Spaces that became plain ones.
    replaced: Vec<(char, u64)>,
    refused: Vec<(char, u64)>,
}

/// Removes harmless invisible characters and finds misleading ones. Returns `None` if the text has neither.
pub(super) fn clean(text: &str) -> Option<Cleaned> {
    if text.chars().all(|sign| kind(sign) == Kind::Plain) {
        return None;
    }
    let signs: Vec<char> = text.chars().collect();
    let turns = signs.iter().any(|sign| is_right_to_left(*sign) || kind(*sign) == Kind::RightToLeft);
    // White space at both ends is removed from every cell.
    let inner_from = signs.iter().take_while(|sign| sign.is_whitespace()).count();
    let inner_to = signs.len() - signs.iter().rev().take_while(|sign| sign.is_whitespace()).count();
    let mut cleaned = Cleaned { text: String::with_capacity(text.len()), ..Cleaned::default() };
    let mut index = 0;
    while let Some(&sign) = signs.get(index) {
        if let Some(length) = flag_length(&signs[index..]) {
            cleaned.text.extend(&signs[index..index + length]);
            index += length;
            continue;
        }
        let is_inner = (inner_from..inner_to).contains(&index);
        index += 1;
        let (before, after) = (cleaned.text.chars().next_back(), signs.get(index).copied());
        match kind(sign) {
            Kind::Plain => cleaned.text.push(sign),
            Kind::Joiner if is_joined(before, after) => cleaned.text.push(sign),
            Kind::Selector if is_selected(before, sign) => cleaned.text.push(sign),
            Kind::Filler if is_filled(before, sign, after) => cleaned.text.push(sign),
            Kind::Space if is_inner => {
                count(&mut cleaned.replaced, sign);
                cleaned.text.push(' ');
            }
            Kind::Space | Kind::Invisible | Kind::Joiner | Kind::Selector | Kind::Filler => {
                count(&mut cleaned.removed, sign);
            }
            Kind::LineBreak if !is_inner => count(&mut cleaned.removed, sign),
            Kind::LeftToRight if !turns => count(&mut cleaned.removed, sign),
            _ => {
                count(&mut cleaned.refused, sign);
                cleaned.text.push(sign);
            }
        }
    }
    Some(cleaned)
}

fn count(found: &mut Vec<(char, u64)>, sign: char) {
    match found.iter_mut().find(|(known, _)| *known == sign) {
        Some((_, count)) => *count += 1,
        None => found.push((sign, 1)),
    }
}

impl Cleaned {
    /// Returns a note for each character that was removed or replaced.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        let note = |done: &str, (sign, count): &(char, u64)| {
            let times = if *count == 1 { String::new() } else { format!(" ({count} times)") };
            format!("{done} {}{times}", name(*sign))
        };
        let removed = self.removed.iter().map(move |found| note("removed", found));
        removed.chain(self.replaced.iter().map(move |found| note("read as a space:", found)))
    }

    /// Returns why the text is refused; `None` if it is not.
    pub(super) fn refusal(&self) -> Option<String> {
        let reasons: Vec<String> = self.refused.iter().take(NAMED).map(|(sign, _)| reason(*sign)).collect();
        let more = match self.refused.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        (!reasons.is_empty()).then(|| format!("contains {}{more}", reasons.join("; ")))
    }
}

/// Names a character, and says what it does and what to do.
fn reason(sign: char) -> String {
    let reason = match (kind(sign), sign) {
        (Kind::LeftToRight | Kind::RightToLeft, _) => {
            "an invisible mark that changes the order in which people see the text: type the text again without it"
        }
        (Kind::LineBreak, _) | (_, '\n' | '\r') => "a line break: write the text on one line",
        (_, '\t') => "a tab: write a space",
        (Kind::Control, _) => "a control character: delete it, or type the text again",
        (Kind::PrivateUse, _) => {
            "which each font shows in its own way, or not at all: type the character that is meant"
        }
        (Kind::Tag | Kind::Annotation, _) => "which hides text: type the text again without it",
        _ => "which nobody sees: type the text again without it",
    };
    format!("{}, {reason}", name(sign))
}

/// Names the first tab, line break or other control character of a text; `None` if there is none.
pub(super) fn control_in(text: &str) -> Option<String> {
    let sign = text.chars().find(|sign| sign.is_control())?;
    Some(format!("contains control characters or line breaks: {}", reason(sign)))
}

/// Names the first invisible character of a text that is typed in; `None` if there is none.
pub(super) fn invisible_in(text: &str) -> Option<String> {
    let cleaned = clean(text)?;
    cleaned.refusal().or_else(|| cleaned.removed.first().map(|(sign, _)| format!("contains {}", reason(*sign))))
}

/// Returns the character as a message may show it: a mark in the place of one that a terminal obeys or hides.
pub(super) fn shown(sign: char) -> char {
    let is_shown = matches!(kind(sign), Kind::Plain | Kind::Space | Kind::Joiner | Kind::Selector | Kind::Filler);
    if is_shown && !sign.is_control() { sign } else { '\u{fffd}' }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts in which invisible characters belong.
    #[test]
    fn what_emoji_and_scripts_need_stays() {
        for text in [
            "梧桐里 手冲",
            "全角　空格",
            "👩‍👩‍👧 亲子",
            "🏳️‍🌈 咖啡",
            "❤️‍🔥",
            "☕️☎︎",
            "1️⃣号店 #️⃣",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} pub",
            "葛\u{e0100}城",
            "，\u{fe01}",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "\u{1820}\u{180b}\u{1820}",
            "\u{1112}\u{1160}",
            "two\nlines",
        ] {
            assert!(clean(text).is_none_or(|cleaned| {
                cleaned.text == text && cleaned.notes().next().is_none() && cleaned.refusal().is_none()
            }));
        }
    }

    #[test]
    fn what_does_nothing_is_removed_and_named() {
        for (text, expected, note) in [
            ("小\u{200b}吃", "小吃", "removed U+200B ZERO WIDTH SPACE"),
            ("小\u{feff}吃\u{feff}", "小吃", "removed U+FEFF ZERO WIDTH NO-BREAK SPACE (2 times)"),
            ("小\u{200d}吃", "小吃", "removed U+200D ZERO WIDTH JOINER"),
            ("小\u{200c}吃", "小吃", "removed U+200C ZERO WIDTH NON-JOINER"),
            ("cof\u{ad}fee", "coffee", "removed U+00AD SOFT HYPHEN"),
            ("小\u{2060}吃", "小吃", "removed U+2060 WORD JOINER"),
            ("a\u{fe0f}b", "ab", "removed U+FE0F VARIATION SELECTOR-16"),
            ("a\u{e0100}", "a", "removed U+E0100 VARIATION SELECTOR-17"),
            ("\u{3164}", "", "removed U+3164 HANGUL FILLER"),
            ("\u{115f}店", "店", "removed U+115F HANGUL CHOSEONG FILLER"),
            ("店\u{180e}", "店", "removed U+180E MONGOLIAN VOWEL SEPARATOR"),
            ("\u{202d}13800000000\u{202c}", "13800000000", "removed U+202D LEFT-TO-RIGHT OVERRIDE"),
            ("\u{2066}店\u{2069}", "店", "removed U+2066 LEFT-TO-RIGHT ISOLATE"),
            ("店\u{200e}", "店", "removed U+200E LEFT-TO-RIGHT MARK"),
            ("店\u{2028}", "店", "removed U+2028 LINE SEPARATOR"),
            ("店\u{a0}", "店", "removed U+00A0 NO-BREAK SPACE"),
            ("武康路\u{a0}210", "武康路 210", "read as a space: U+00A0 NO-BREAK SPACE"),
            ("武康路\u{2003}210", "武康路 210", "read as a space: U+2003 EM SPACE"),
            ("武康路\u{2800}210", "武康路 210", "read as a space: U+2800 BRAILLE PATTERN BLANK"),
        ] {
            let cleaned = clean(text).expect("it is cleaned");
            assert_eq!(cleaned.text, expected, "{text:?}");
            assert_eq!(cleaned.notes().next().as_deref(), Some(note), "{text:?}");
            assert_eq!(cleaned.refusal(), None, "{text:?}");
        }
    }

    #[test]
    fn what_may_mislead_is_refused_by_name() {
        for (text, named) in [
            ("a\u{202e}b", "U+202E RIGHT-TO-LEFT OVERRIDE, an invisible mark"),
            ("a\u{202b}b", "U+202B RIGHT-TO-LEFT EMBEDDING"),
            ("a\u{2067}b", "U+2067 RIGHT-TO-LEFT ISOLATE"),
            ("a\u{200f}b", "U+200F RIGHT-TO-LEFT MARK"),
            ("a\u{61c}b", "U+061C ARABIC LETTER MARK"),
            ("שלום\u{202a}a", "U+202A LEFT-TO-RIGHT EMBEDDING"),
            ("שלום\u{2068}a", "U+2068 FIRST STRONG ISOLATE"),
            ("小\u{2028}吃", "U+2028 LINE SEPARATOR, a line break"),
            ("小\u{2029}吃", "U+2029 PARAGRAPH SEPARATOR"),
            ("小\u{85}吃", "U+0085 NEXT LINE, a line break"),
            ("a\u{0}b", "U+0000 NULL, a control character"),
            ("a\u{1b}[31m", "U+001B ESCAPE"),
            ("a\u{9b}b", "U+009B CONTROL SEQUENCE INTRODUCER"),
            ("小\u{e5e5}", "U+E5E5 PRIVATE USE CHARACTER, which each font"),
            ("\u{f8ff}", "U+F8FF PRIVATE USE CHARACTER"),
            ("\u{10fffd}", "U+10FFFD PRIVATE USE CHARACTER"),
            ("\u{fdd0}", "U+FDD0 NONCHARACTER"),
            ("\u{fffe}", "U+FFFE NONCHARACTER"),
            ("a\u{e0041}", "U+E0041 TAG LATIN CAPITAL LETTER A, which hides text"),
            ("🏴\u{e0067}", "U+E0067 TAG LATIN SMALL LETTER G"),
            ("\u{fff9}a\u{fffa}b\u{fffb}", "U+FFF9 INTERLINEAR ANNOTATION ANCHOR"),
            ("a\u{fff0}", "U+FFF0 UNASSIGNED CHARACTER"),
        ] {
            let refusal = clean(text).and_then(|cleaned| cleaned.refusal()).expect("it is refused");
            assert!(refusal.starts_with(&format!("contains {named}")), "{text:?}: {refusal}");
        }
    }
}
