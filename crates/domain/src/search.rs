//! The search for shops by typed text: Chinese, Latin in upper or lower case, pinyin, pinyin initials.
//!
//! The table of pinyin readings is large, so only the backend has it. The backend adds each shop's readings to the
//! shop's data. Backend and page then search with the same code.

use crate::Category;

/// Separates the written texts from their pinyin readings.
const READINGS: char = '\u{1}';
/// Separates the texts, so that no match extends over two texts.
const BREAK: char = '\n';

/// The searchable text of a shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchDocument(String);

impl SearchDocument {
    /// The search document of a shop: name, category, district and address. `pinyin` gives the readings of the Chinese
    /// characters in `[name, category, district, address]`: syllables without tones, separated by spaces. `/` separates
    /// several readings of one character. `,` separates texts and gaps. Example: `le/yue shan, xu hui qu`.
    pub fn new(name: &str, category: Category, district: &str, address: &str, pinyin: &str) -> Self {
        let mut document = String::new();
        for text in [name, search_words(category), district, address] {
            document.extend(text.chars().map(fold_char));
            document.push(BREAK);
        }
        document.push(READINGS);
        document.push_str(pinyin);
        Self(document)
    }

    /// The document as text, for storage. [`SearchQuery::matches`] takes this text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A search query: one or more words. All words must match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchQuery(String);

impl SearchQuery {
    /// A query as typed: in upper or lower case, full-width or half-width, with surrounding spaces.
    pub fn new(typed: &str) -> Self {
        let folded: String = typed.chars().map(fold_char).collect();
        Self(folded.trim().to_owned())
    }

    /// Whether the query is empty.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every word matches the document. A word matches if it is part of a written text. A word of Latin letters
    /// also matches as pinyin, from the start of any syllable. Each syllable can be complete or shortened to its
    /// initial; the last one can end anywhere. An empty query matches every document.
    pub fn matches(&self, document: &str) -> bool {
        let (written, readings) = document.split_once(READINGS).unwrap_or((document, ""));
        let mut words = self.0.split(char::is_whitespace).filter(|word| !word.is_empty());
        words.all(|word| {
            // Input methods put an apostrophe between syllables.
            let letters = || word.replace(['\'', '\u{2019}'], "");
            written.contains(word) || (is_pinyin(word) && matches_reading(readings, &letters()))
        })
    }
}

/// The Chinese and English search words of a category.
pub const fn search_words(category: Category) -> &'static str {
    match category {
        Category::Coffee => "咖啡 coffee",
        Category::Tea => "茶饮 tea",
        Category::Snacks => "小吃 snacks",
        Category::Restaurant => "餐馆 restaurant",
        Category::Bakery => "烘焙甜品 bakery",
        Category::Bar => "小酒馆 bar",
        Category::Books => "书店 books",
        Category::Show => "演出 show",
        Category::Exhibition => "展览 exhibition",
        Category::Craft => "手作 craft",
        Category::Sport => "运动 sport",
        Category::Lifestyle => "生活好物 lifestyle",
    }
}

/// The half-width, lower-case form of a character. Full-width forms (U+FF01 to U+FF5E) become ASCII.
///
/// Lower case is computed from the code point, for Latin, Greek and Cyrillic only. The full Unicode table would add
/// five kilobytes to the page.
fn fold_char(character: char) -> char {
    let narrow = match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        // The wide space. The document's own separators must not come from the input.
        '\u{3000}' | READINGS | BREAK => ' ',
        _ => character,
    };
    let is_capital = matches!(narrow, 'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ω' | 'А'..='Я');
    if is_capital { char::from_u32(u32::from(narrow) + 0x20).unwrap_or(narrow) } else { narrow }
}

/// The maximum length of a pinyin word. Nobody types a longer one.
const LONGEST_WORD: usize = 60;

fn is_pinyin(word: &str) -> bool {
    let is_sign = |sign: char| sign.is_ascii_lowercase() || matches!(sign, '\'' | '\u{2019}');
    word.len() <= LONGEST_WORD
        && word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.chars().all(is_sign)
}

/// Whether `word` matches consecutive syllables anywhere in the readings.
fn matches_reading(readings: &str, word: &str) -> bool {
    readings.split(',').any(|text| {
        let mut syllables = text.split_ascii_whitespace();
        loop {
            if continues(syllables.clone(), word) {
                return true;
            }
            if syllables.next().is_none() {
                return false;
            }
        }
    })
}

/// Whether `word` matches these syllables from the first one on.
fn continues<'a>(mut syllables: impl Iterator<Item = &'a str> + Clone, word: &str) -> bool {
    let Some(syllable) = syllables.next() else { return false };
    // Readings of one character often start with the same letters. Each common start is followed only once.
    let mut tried = [0; 8];
    let mut count = 0;
    syllable.split('/').any(|reading| {
        if reading.starts_with(word) {
            return true;
        }
        [1, initial_length(reading), reading.len()].into_iter().any(|length| {
            let rest = reading.get(..length).and_then(|part| word.strip_prefix(part));
            let Some(rest) = rest.filter(|_| !tried[..count].contains(&length)) else { return false };
            if let Some(slot) = tried.get_mut(count) {
                *slot = length;
                count += 1;
            }
            continues(syllables.clone(), rest)
        })
    })
}

/// The length of the initial: 2 for `zh`, `ch`, `sh`, otherwise 1.
fn initial_length(reading: &str) -> usize {
    if matches!(reading.as_bytes(), [b'z' | b'c' | b's', b'h', ..]) { 2 } else { 1 }
}
