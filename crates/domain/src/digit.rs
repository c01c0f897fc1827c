//! Digits as people type them: Chinese keyboards also have full-width ones.

/// The ASCII digit that this character is or stands for; `None` if it is no digit.
pub fn ascii_digit(character: char) -> Option<char> {
    match character {
        '\u{ff10}'..='\u{ff19}' => char::from_digit(u32::from(character) - 0xff10, 10),
        _ => Some(character).filter(char::is_ascii_digit),
    }
}
