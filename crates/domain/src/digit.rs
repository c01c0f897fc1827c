//! Digits as people type them. Chinese keyboards also type full-width digits.

/// The ASCII digit for an ASCII or full-width digit; `None` for any other character.
pub fn ascii_digit(character: char) -> Option<char> {
    match character {
        '\u{ff10}'..='\u{ff19}' => char::from_digit(u32::from(character) - 0xff10, 10),
        _ => Some(character).filter(char::is_ascii_digit),
    }
}
