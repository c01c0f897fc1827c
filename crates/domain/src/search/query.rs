//! The search query, and how a word of it matches a document.

use super::{
    BREAK, Normalize, OTHER_SCRIPT, READINGS,
    fold::{U_UMLAUT, fold, is_han},
    has_reading,
};

/// A search query: one or more words. All words must match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchQuery(Vec<Word>);

impl SearchQuery {
    /// A query as typed.
    pub fn new(typed: &str, normalize: Normalize) -> Self {
        Self(fold(typed, normalize).split_whitespace().map(Word::new).collect())
    }

    /// Whether the query is empty.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every word matches the document. A word matches if it is part of a written text, or if it matches
    /// characters and words that follow each other in one text, from the start of any word or Chinese character. A
    /// Chinese character can be typed as itself, in its other script, as pinyin, or as the initial of its pinyin; the
    /// last pinyin can end anywhere. Spaces in the text do not count. Chinese and other words that are typed together
    /// may also stand apart, if each is long enough to mean something alone. An empty query matches every document.
    pub fn matches(&self, document: &str) -> bool {
        let (written, readings) = document.split_once(READINGS).unwrap_or((document, ""));
        self.0.iter().all(|word| word.matches(written, readings))
    }
}

/// The minimum number of characters of Chinese, and of others, that a member may type without the space before the
/// next word.
const SHORTEST_PARTS: (usize, usize) = (2, 3);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    /// The word as it may be written in a text.
    written: String,
    /// The word as it may be typed in pinyin: ü as v after `l` and `n`, otherwise as u.
    typed: String,
    /// Whether the word has Latin letters, which can be pinyin.
    has_letters: bool,
    /// The longest part without Latin letters. It is written as it is typed, if the document has no other script.
    fixed: String,
    /// Its Chinese parts and its other parts, if they may stand apart.
    parts: Vec<Self>,
}

impl Word {
    fn new(word: &str) -> Self {
        let parts = parts(word);
        let (chinese, other) = SHORTEST_PARTS;
        let stands_alone = |part: &&str| part.chars().count() >= if part.starts_with(is_han) { chinese } else { other };
        let may_part = parts.len() > 1 && parts.iter().all(stands_alone);
        let parts = if may_part { parts.into_iter().map(Self::new).collect() } else { Vec::new() };
        let mut typed = word.replace(U_UMLAUT, "v");
        for (v, u) in [("jv", "ju"), ("qv", "qu"), ("xv", "xu"), ("yv", "yu")] {
            typed = typed.replace(v, u);
        }
        let has_letters = typed.bytes().any(|byte| byte.is_ascii_lowercase());
        let fixed = typed.split(|letter: char| letter.is_ascii_lowercase()).max_by_key(|part| part.len());
        let fixed = fixed.unwrap_or_default().to_owned();
        Self { written: word.replace(U_UMLAUT, "u"), typed, has_letters, fixed, parts }
    }

    fn matches(&self, written: &str, readings: &str) -> bool {
        written.contains(&self.written)
            || (self.may_follow(written, readings)
                && (follows(written, readings, self.typed.as_bytes())
                    // In the text itself, a typed ü can be u.
                    || (self.written != self.typed && follows(written, "", self.written.as_bytes()))))
            || (!self.parts.is_empty() && self.parts.iter().all(|part| part.matches(written, readings)))
    }

    /// Whether the word can match otherwise than as it is written: the document has characters of the other script, or
    /// the word has Latin letters and the document has the rest of it. This spares most documents the full comparison.
    fn may_follow(&self, written: &str, readings: &str) -> bool {
        self.typed.len() <= LONGEST_WORD
            && (readings.starts_with(OTHER_SCRIPT)
                || (self.has_letters && (self.fixed.is_empty() || written.contains(&self.fixed))))
    }
}

/// The parts of a word: Chinese and other characters in turn.
fn parts(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (index, character) in word.char_indices() {
        let is_chinese = is_han(character);
        if last.is_some_and(|last| last != is_chinese) {
            parts.push(&word[start..index]);
            start = index;
        }
        last = Some(is_chinese);
    }
    parts.push(&word[start..]);
    parts
}

/// The maximum length in bytes of a word that is matched character by character: its places fit into 64 bits.
const LONGEST_WORD: usize = 63;

/// Whether `word` matches consecutive characters of a text.
///
/// Reads the document once. Bit `n` of `places` says that the first `n` bytes of the word match the characters before
/// the current one. So the time does not grow with the number of ways to read a text.
fn follows(written: &str, readings: &str, word: &[u8]) -> bool {
    let mut readings = readings.as_bytes().split(|byte| *byte == b' ');
    let mut places = 0_u64;
    let mut starts_word = true;
    for (index, character) in written.char_indices() {
        if has_reading(character) {
            let alternatives = readings.next().unwrap_or_default();
            places = after_chinese(word, places | 1, &written[index..][..character.len_utf8()], alternatives);
            starts_word = true;
        } else if character == ' ' {
            starts_word = true;
        } else if character == BREAK {
            places = 0;
            starts_word = true;
        } else {
            let from = places | u64::from(starts_word);
            starts_word = false;
            if from == 0 {
                continue;
            }
            places = after(word, from, &written.as_bytes()[index..][..character.len_utf8()]);
        }
        if places >> word.len() & 1 == 1 {
            return true;
        }
    }
    false
}

/// The places after `part`, from each of these places on.
fn after(word: &[u8], places: u64, part: &[u8]) -> u64 {
    each(places)
        .filter(|place| word[*place..].starts_with(part))
        .fold(0, |next, place| next | 1 << (place + part.len()))
}

/// The places after a Chinese character with these alternatives.
fn after_chinese(word: &[u8], places: u64, character: &str, alternatives: &[u8]) -> u64 {
    let mut next = after(word, places, character.as_bytes());
    for alternative in alternatives.split(|byte| *byte == b'/') {
        for place in each(places) {
            let rest = &word[place..];
            if rest.first() != alternative.first() {
                continue;
            }
            if alternative.starts_with(rest) && alternative.is_ascii() {
                return 1 << word.len();
            }
            next |= after(word, 1 << place, alternative);
            if alternative.is_ascii() {
                next |= 1 << (place + 1);
                next |= after(word, 1 << place, &alternative[..initial_length(alternative)]);
            }
        }
    }
    next
}

/// The bits that are set, the lowest first.
fn each(mut places: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (places != 0).then(|| places.trailing_zeros() as usize)?;
        places &= places - 1;
        Some(place)
    })
}

/// The length of the initial: 2 for `zh`, `ch`, `sh`, otherwise 1.
fn initial_length(reading: &[u8]) -> usize {
    if matches!(reading, [b'z' | b'c' | b's', b'h', ..]) { 2 } else { 1 }
}
