//! The search for shops by typed text: Chinese in both scripts, Latin letters, pinyin, pinyin initials, and mixtures.
//!
//! Backend and page search with this code. Both sides of a comparison, document and query, are folded in the same way:
//!
//! | difference | folded by |
//! | --- | --- |
//! | compatibility forms (full width, ligatures, circled digits), case | the caller's [`Normalize`]: a crate on the backend, `String.prototype.normalize` on the page |
//! | accents, format characters, punctuation inside words, ß, ø, æ | `fold.rs` |
//! | spaces inside a text | [`SearchDocument::new`] beside Chinese characters; the matcher in `query.rs` elsewhere |
//! | ü, v, u, yu | [`SearchDocument::new`] adds each spelling; `query.rs` reads a typed ü as v in pinyin |
//! | Traditional and Simplified | on the backend [`Normalize`]; on the page the alternatives that the backend sends |
//!
//! The tables of pinyin and of Traditional characters are large, so only the backend has them. It sends each shop's
//! readings and other-script characters with the shop (`Shop.pinyin`). Without them, the page searches what is written.

mod fold;
mod query;

use crate::Category;
pub use fold::{Normalize, is_han};
use fold::{U_UMLAUT, fold};
pub use query::SearchQuery;

/// Separates the written texts from their readings.
const READINGS: char = '\u{1}';
/// Begins readings that contain characters of the other script. Here it also separates alternatives.
const OTHER_SCRIPT: &str = "/";
/// Separates the texts, so that no match extends over two texts.
const BREAK: char = '\n';
/// Stands for a character of which only the readings are known.
const UNKNOWN: char = '\u{2}';

/// The searchable text of a shop: the folded texts, then, for each Chinese character in them, its readings and its
/// forms in the other script. A space separates characters, `/` separates alternatives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchDocument(String);

impl SearchDocument {
    /// The search document of a shop: name, category, district and address. `pinyin` gives the alternatives of each
    /// Chinese character in `[name, category, district, address]`: syllables without tones and characters of the other
    /// script. `/` separates them, a space separates characters, `,` separates texts and gaps, and `-` stands for a
    /// character without alternatives. Example: `le/yue shan,hui/匯`. If there are more or fewer characters in `pinyin`
    /// than in the texts, it is searched on its own.
    pub fn new(
        name: &str,
        category: Category,
        district: &str,
        address: &str,
        pinyin: &str,
        normalize: Normalize,
    ) -> Self {
        let [name, district, address] = [name, district, address].map(|text| closed_up(&fold(text, normalize)));
        let pinyin = with_v(&normalize(pinyin));
        let words = fold(search_words(category), normalize);
        let mut readings = Vec::new();
        let mut starts = Vec::new();
        for text in pinyin.split(',') {
            starts.push(readings.len());
            readings.extend(text.split(' ').filter(|reading| !reading.is_empty()));
        }
        starts.push(readings.len());
        let count = |text: &str| text.chars().filter(|character| is_han(*character)).count();
        // The readings between those of the name and those of the district are the category's. Other backends may have
        // other words for it.
        let ends = (count(&name), readings.len().checked_sub(count(&district) + count(&address)));
        let (first, middle, last, fits) = match ends {
            (name, Some(end)) if name <= end && starts.contains(&name) && starts.contains(&end) => {
                (&readings[..name], &readings[name..end], &readings[end..], count(&words) == end - name)
            }
            _ => (&[][..], &readings[..], &[][..], false),
        };
        let mut parts = Parts::default();
        parts.push(&name, &mut first.iter());
        let mut of_words = if fits { middle.iter() } else { [].iter() };
        for word in words.split(' ') {
            parts.push(word, &mut of_words);
        }
        for word in fold(traditional_words(category), normalize).split_whitespace() {
            if !parts.written.contains(word) {
                parts.push(word, &mut [].iter());
            }
        }
        if !fits {
            let unknown: String = middle.iter().map(|_| UNKNOWN).collect();
            parts.push(&unknown, &mut middle.iter());
        }
        let mut last = last.iter();
        parts.push(&district, &mut last);
        parts.push(&address, &mut last);
        let mark = if parts.readings.is_ascii() { "" } else { OTHER_SCRIPT };
        Self(format!("{}{READINGS}{mark}{}", parts.written, parts.readings))
    }

    /// The document as text, for storage. [`SearchQuery::matches`] takes this text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The two parts of a document.
#[derive(Default)]
struct Parts {
    written: String,
    readings: String,
}

impl Parts {
    /// Adds a text. `readings` are those of its Chinese characters. A text with ü is added in each spelling.
    fn push<'a>(&mut self, text: &str, readings: &mut (impl Iterator<Item = &'a &'a str> + Clone)) {
        let of_first = readings.clone();
        self.push_one(&text.replace(U_UMLAUT, "u"), readings);
        if text.contains(U_UMLAUT) {
            for spelling in ["v", "yu"] {
                self.push_one(&text.replace(U_UMLAUT, spelling), &mut of_first.clone());
            }
        }
    }

    fn push_one<'a>(&mut self, text: &str, readings: &mut impl Iterator<Item = &'a &'a str>) {
        for character in text.chars() {
            self.written.push(character);
            if has_reading(character) {
                self.push_reading(character, readings.next().copied().unwrap_or_default());
            }
        }
        self.written.push(BREAK);
    }

    /// Adds the alternatives of a character, without the character itself. Each spelling of ü is added.
    fn push_reading(&mut self, character: char, alternatives: &str) {
        if !self.readings.is_empty() {
            self.readings.push(' ');
        }
        let start = self.readings.len();
        for alternative in alternatives.split('/') {
            if alternative.chars().eq([character]) {
                continue;
            }
            self.push_alternative(start, alternative);
            if let Some(end) = alternative.strip_prefix("lv").or_else(|| alternative.strip_prefix("nv")) {
                let initial = &alternative[..1];
                self.push_alternative(start, &format!("{initial}u{end}"));
                self.push_alternative(start, &format!("{initial}yu{end}"));
            }
        }
        if self.readings.len() == start {
            self.readings.push('-');
        }
    }

    /// Adds an alternative to those that begin at `start`, unless it is among them.
    fn push_alternative(&mut self, start: usize, alternative: &str) {
        let known = &self.readings[start..];
        if alternative.is_empty() || known.split('/').any(|known| known == alternative) {
            return;
        }
        if !known.is_empty() {
            self.readings.push('/');
        }
        self.readings.push_str(alternative);
    }
}

/// Whether the document has readings for this character.
fn has_reading(character: char) -> bool {
    is_han(character) || character == UNKNOWN
}

/// The readings with each ü as v, without accents.
fn with_v(pinyin: &str) -> String {
    let pinyin = pinyin.replace("u\u{308}", "v");
    pinyin.chars().filter(|character| !matches!(character, '\u{300}'..='\u{36f}')).collect()
}

/// The text without the spaces beside Chinese characters, which separate nothing. A space between digits separates
/// numbers, which are not read as one.
fn closed_up(text: &str) -> String {
    let is_chinese = |character: Option<char>| character.is_some_and(is_han);
    let mut closed = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let (before, after) = (closed.chars().last(), rest.clone().next());
        let is_digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
        match character {
            ' ' if is_chinese(before) || is_chinese(after) => {}
            ' ' if is_digit(before) && is_digit(after) => closed.push(BREAK),
            _ => closed.push(character),
        }
    }
    closed
}

/// The Chinese and English search words of a category, in Simplified characters.
pub const fn search_words(category: Category) -> &'static str {
    match category {
        Category::Coffee => "咖啡 coffee",
        Category::Tea => "茶饮 tea",
        Category::Snacks => "小吃 snacks",
        Category::Restaurant => "餐馆 餐厅 restaurants",
        Category::Bakery => "烘焙甜品 bakery bakeries",
        Category::Bar => "小酒馆 bars",
        Category::Books => "书店 books",
        Category::Show => "演出 shows",
        Category::Exhibition => "展览 exhibitions",
        Category::Craft => "手作 crafts",
        Category::Sport => "运动 sport",
        Category::Lifestyle => "生活好物 选物 lifestyle",
    }
}

/// The Chinese search words of a category that differ in Traditional characters. The page has no table of them.
const fn traditional_words(category: Category) -> &'static str {
    match category {
        Category::Tea => "茶飲",
        Category::Restaurant => "餐館 餐廳",
        Category::Bar => "小酒館",
        Category::Books => "書店",
        Category::Exhibition => "展覽",
        Category::Sport => "運動",
        Category::Lifestyle => "選物",
        Category::Coffee | Category::Snacks | Category::Bakery | Category::Show | Category::Craft => "",
    }
}
