//! Unicode's compatibility forms, and Traditional and Simplified characters. The tables are large: only the server has
//! them.

use std::{collections::HashMap, sync::LazyLock};

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use icu_normalizer::DecomposingNormalizerBorrowed;
use member_domain::is_han;

/// The blocks of Chinese characters in use; the rarer ones have one script.
const CHARACTERS: std::ops::RangeInclusive<char> = '\u{3400}'..='\u{9fff}';

/// OpenCC's table of characters, in both directions.
struct Scripts {
    simplified: HashMap<char, char>,
    /// The Traditional characters of each Simplified character.
    traditional: HashMap<char, Vec<char>>,
}

static SCRIPTS: LazyLock<Scripts> = LazyLock::new(|| {
    let converter = OpenCC::from_config(BuiltinConfig::T2s).expect("the table is compiled into the program");
    let mut scripts = Scripts { simplified: HashMap::new(), traditional: HashMap::new() };
    for character in CHARACTERS {
        // Each character alone: words have rules of their own.
        let converted = converter.convert(character.encode_utf8(&mut [0; 4]));
        if let Some(simplified) = converted.chars().next().filter(|simplified| *simplified != character) {
            scripts.simplified.insert(character, simplified);
            scripts.traditional.entry(simplified).or_default().push(character);
        }
    }
    scripts
});

fn simplified(character: char) -> char {
    if is_han(character) { SCRIPTS.simplified.get(&character).copied().unwrap_or(character) } else { character }
}

/// Returns the characters that are the same in the other script, or another form in the same script.
pub(super) fn other_forms(character: char) -> impl Iterator<Item = char> {
    let simplified = simplified(character);
    let traditional = SCRIPTS.traditional.get(&simplified).map(Vec::as_slice).unwrap_or_default();
    std::iter::once(simplified).chain(traditional.iter().copied()).filter(move |other| *other != character)
}

/// Returns the NFKD form of a text.
pub(super) fn decomposed(text: &str) -> String {
    DecomposingNormalizerBorrowed::new_nfkd().normalize(text).into_owned()
}

/// Returns the NFKD form of a text in lower case and in Simplified characters, as [`member_domain::Normalize`] says.
pub(super) fn normalize(text: &str) -> String {
    decomposed(text).to_lowercase().chars().map(simplified).collect()
}
