//! Reads one cell: removes what spreadsheets and invisible characters add to it.

use super::{
    characters::{Cleaned, clean},
    fault::quoted,
};

/// The columns whose texts people read. They are kept as they are written.
const TEXTS: [&str; 12] = [
    "about",
    "address",
    "curated_reason",
    "discount_rules",
    "district",
    "name",
    "not_combined_with",
    "notes",
    "opening_hours",
    "praise",
    "title",
    "venue",
];
/// The columns with identifiers, whose digits a spreadsheet must not change.
const IDENTIFIERS: [&str; 8] =
    ["card_number", "id", "payment_reference", "phone", "programme", "provider_reference", "refund_id", "shop"];
/// What a spreadsheet writes in a cell whose formula fails.
const ERRORS: [&str; 9] = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"];
/// The signs before which our own files have an apostrophe, so that no spreadsheet runs the text.
const FORMULA_SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// The content of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Text for people.
    Text,
    /// An identifier.
    Identifier,
    /// A number, a date or a word of a list.
    Value,
}

impl Content {
    pub(super) fn of(column: &str) -> Self {
        if TEXTS.contains(&column) {
            Self::Text
        } else if IDENTIFIERS.contains(&column) {
            Self::Identifier
        } else {
            Self::Value
        }
    }
}

/// A cell that is read in another way than it is written.
#[derive(Debug, Default)]
pub(super) struct Cell {
    pub(super) text: String,
    /// Why the cell cannot be read; `None` if it can.
    pub(super) refusal: Option<String>,
    /// Whether the spreadsheet has marked the cell as text.
    pub(super) is_marked: bool,
    /// Notes for the operator.
    pub(super) notes: Vec<String>,
}

impl Cell {
    /// Reads a field. Returns `None` if it is read as it is written, without the white space at both ends.
    pub(super) fn read(field: &str, content: Content) -> Option<Self> {
        let is_written = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
        let may_change = |text: &str| text.trim_start().starts_with(['\'', '=', '#']);
        if field.bytes().all(is_written) && !may_change(field) {
            return None;
        }
        let cleaned = clean(field);
        if content == Content::Text && cleaned.is_none() && !may_change(field) {
            return None;
        }
        let text = cleaned.as_ref().map_or(field, |cleaned| &cleaned.text).trim();
        let is_error = ERRORS.contains(&text) || (text.len() > 2 && text.bytes().all(|byte| byte == b'#'));
        let (read, is_marked) = if content == Content::Text { text_cell(text) } else { value_cell(text, content) };
        if cleaned.is_none() && read == field.trim() && !is_error {
            return None;
        }
        let refusal = cleaned.as_ref().and_then(Cleaned::refusal);
        let error = || format!("'{}' is a spreadsheet's error: mend the cell and export it again", quoted(text));
        let refusal = refusal.or_else(|| is_error.then(error));
        let notes = cleaned.iter().flat_map(Cleaned::notes).collect();
        Some(Self { text: read, refusal, is_marked, notes })
    }
}

/// Returns a text without the apostrophe that keeps spreadsheets from running it.
fn text_cell(text: &str) -> (String, bool) {
    let unmarked = text.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA_SIGNS));
    (unmarked.unwrap_or(text).to_owned(), unmarked.is_some())
}

/// Returns a value with ASCII in the place of full-width characters, and without the marks of a text cell: `'0012`
/// and `="0012"`. In numbers and dates, dashes are read as hyphens.
fn value_cell(text: &str, content: Content) -> (String, bool) {
    let is_dash = |sign: char| matches!(sign, '\u{2010}'..='\u{2013}' | '\u{2212}') && content == Content::Value;
    let narrow: String = text.chars().map(|sign| if is_dash(sign) { '-' } else { narrow(sign) }).collect();
    let quoted = narrow.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let unmarked = quoted.or_else(|| narrow.strip_prefix('\''));
    (unmarked.unwrap_or(&narrow).trim().to_owned(), unmarked.is_some())
}

fn narrow(sign: char) -> char {
    match sign {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        _ => sign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lose_what_spreadsheets_add() {
        for (field, expected) in [
            ("'000000000001", "000000000001"),
            ("=\"000000000001\"", "000000000001"),
            ("１２３", "123"),
            ("２０２６／１１／３", "2026/11/3"),
            ("９：３０", "9:30"),
            ("s\u{200b}1", "s1"),
            ("\u{feff}s1\u{a0}", "s1"),
            (" '12 ", "12"),
        ] {
            let cell = Cell::read(field, Content::Identifier).expect("it changes");
            assert_eq!((cell.text.as_str(), cell.refusal), (expected, None), "{field:?}");
        }
        for field in ["s1", " s1 ", "　s1　", "2026年11月3日", "=1+1", "", "two\nlines"] {
            assert!(Cell::read(field, Content::Value).is_none(), "{field:?}");
        }
    }

    #[test]
    fn texts_stay_as_they_are_written() {
        for field in ["梧桐里（一号店）", "１号店", "全角　空格", "'n", "''", "=1+1", "# 1", " 名 "] {
            assert!(Cell::read(field, Content::Text).is_none(), "{field:?}");
        }
        assert_eq!(Cell::read("'=1+1", Content::Text).map(|cell| cell.text).as_deref(), Some("=1+1"));
        assert_eq!(Cell::read("小\u{200b}吃", Content::Text).map(|cell| cell.text).as_deref(), Some("小吃"));
    }

    #[test]
    fn errors_of_formulas_are_refused() {
        for field in ["#REF!", "#N/A", " #VALUE! ", "########"] {
            for content in [Content::Text, Content::Value, Content::Identifier] {
                let refusal = Cell::read(field, content).and_then(|cell| cell.refusal).expect("it is refused");
                assert!(refusal.contains("is a spreadsheet's error"), "{refusal}");
            }
        }
    }
}
