//! Finding shops by what members type: Chinese text, Latin text in any case, pinyin, pinyin initials.
//!
//! A table of readings is large, so it stays with the backend: it writes each shop's readings down once, and backend and
//! page look for a text in the same way.

use crate::Category;

/// Stands between what is written and how it is read.
const READINGS: char = '\u{1}';
/// Stands between texts: nothing that is typed can reach across.
const BREAK: char = '\n';

/// Everything of a shop that a text is looked for in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchDocument(String);

impl SearchDocument {
    /// The document of a shop: its name, what it is, and where. `pinyin` says how the Chinese characters of
    /// `[name, category, district, address]` are read: syllables without tones separated by spaces, several readings of
    /// one character by `/`, and texts or gaps by `,`: `le/yue shan, xu hui qu`.
    pub fn new(name: &str, category: Category, district: &str, address: &str, pinyin: &str) -> Self {
        let mut document = String::new();
        for text in [name, words(category), district, address] {
            document.extend(text.chars().map(folded));
            document.push(BREAK);
        }
        document.push(READINGS);
        document.push_str(pinyin);
        Self(document)
    }

    /// The document as one text, for keeping; [`SearchQuery::matches`] takes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What members look for: one or more words, all of which must be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchQuery(String);

impl SearchQuery {
    /// A query as it was typed: in any case, full-width or half-width, with spaces around it.
    pub fn new(typed: &str) -> Self {
        let folded: String = typed.chars().map(folded).collect();
        Self(folded.trim().to_owned())
    }

    /// Whether there is nothing to look for.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every word is in the document: as a part of what is written, or, if it is of Latin letters, as pinyin from
    /// the start of any syllable on. Each syllable may be written out or shortened to its initial; the last may end
    /// anywhere. An empty query matches everything.
    pub fn matches(&self, document: &str) -> bool {
        let (written, readings) = document.split_once(READINGS).unwrap_or((document, ""));
        let mut words = self.0.split(char::is_whitespace).filter(|word| !word.is_empty());
        words.all(|word| {
            // Input methods put an apostrophe between syllables.
            let letters = || word.replace(['\'', '\u{2019}'], "");
            written.contains(word) || (is_pinyin(word) && is_read(readings, &letters()))
        })
    }
}

/// What members call a category, in Chinese and in English.
pub const fn words(category: Category) -> &'static str {
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

/// Full-width forms as their ASCII counterparts (Unicode's Halfwidth and Fullwidth Forms, FF01 to FF5E), lower case.
///
/// Lower case for Latin, Greek and Cyrillic by their place in Unicode: the table of all cases is five kilobytes of the page.
fn folded(character: char) -> char {
    let narrow = match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        // The wide space; and neither mark of the document's own may come from outside.
        '\u{3000}' | READINGS | BREAK => ' ',
        _ => character,
    };
    let is_capital = matches!(narrow, 'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ω' | 'А'..='Я');
    if is_capital { char::from_u32(u32::from(narrow) + 0x20).unwrap_or(narrow) } else { narrow }
}

/// Longer words are no pinyin of a name that anybody types.
const LONGEST_WORD: usize = 60;

fn is_pinyin(word: &str) -> bool {
    let is_sign = |sign: char| sign.is_ascii_lowercase() || matches!(sign, '\'' | '\u{2019}');
    word.len() <= LONGEST_WORD
        && word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.chars().all(is_sign)
}

/// Whether `word` can be read off consecutive syllables somewhere.
fn is_read(readings: &str, word: &str) -> bool {
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

/// Whether `word` can be read off these syllables from the first one on.
fn continues<'a>(mut syllables: impl Iterator<Item = &'a str> + Clone, word: &str) -> bool {
    let Some(syllable) = syllables.next() else { return false };
    // Readings of one character often begin alike: each beginning is followed up once.
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

/// The length of the initial: two for `zh`, `ch`, `sh`.
fn initial_length(reading: &str) -> usize {
    if matches!(reading.as_bytes(), [b'z' | b'c' | b's', b'h', ..]) { 2 } else { 1 }
}
