//! Folds text: removes the differences that people do not mean when they type.

/// Returns the NFKD form of a text in lower case. Unicode's tables are large, so the caller brings them: the backend
/// from a crate, the page from the browser. The backend's function also turns Traditional characters into Simplified.
pub type Normalize = fn(&str) -> String;

/// The ü of pinyin after `l` or `n`, where it is not u.
pub(super) const U_UMLAUT: char = 'ü';
const DIAERESIS: char = '\u{308}';

/// Folds a text. Words are separated by single spaces. Accents, format characters, apostrophes, hyphens, dots and
/// brackets are removed; commas and slashes count as spaces.
pub(super) fn fold(text: &str, normalize: Normalize) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in normalize(text).chars() {
        match character {
            DIAERESIS if folded.ends_with("lu") || folded.ends_with("nu") => {
                folded.pop();
                folded.push(U_UMLAUT);
            }
            _ if is_separator(character) => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            _ if is_ignored(character) => {}
            // Letters that NFKD leaves alone.
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            _ => folded.push(character),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Whether a character is Chinese. Compatibility ideographs are not: NFKD replaces them.
pub fn is_han(character: char) -> bool {
    matches!(character, '〇' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, ',' | ';' | '/' | '|' | '⁄' | '、' | '。')
}

/// Whether a character is an accent, a format or control character, or punctuation inside words.
fn is_ignored(character: char) -> bool {
    let is_accent = matches!(
        character,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
    );
    let is_format = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}'
    );
    let is_punctuation = matches!(
        character,
        '\'' | '"' | '`' | '-' | '.' | '(' | ')' | '[' | ']' | '{' | '}' | '!' | '?' | ':' | '*' | '~' | '^'
            | '·' | '\u{2b9}'..='\u{2df}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}'
            | '\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}' | '・'
    );
    is_accent || is_format || is_punctuation || character.is_control()
}
