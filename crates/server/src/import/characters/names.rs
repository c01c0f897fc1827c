//! The names of characters in the Unicode Standard. Only characters that a cell may be refused for, or that are
//! removed from it, have an entry.

/// Returns the code point and the name: `U+202E RIGHT-TO-LEFT OVERRIDE`.
pub(super) fn name(sign: char) -> String {
    let code = u32::from(sign);
    let listed = |code: u32, from: u32, names: &'static [&'static str]| {
        usize::try_from(code - from).ok().and_then(|index| names.get(index)).copied()
    };
    let name = match code {
        0x00..=0x1F => listed(code, 0x00, &C0).unwrap_or_default().to_owned(),
        0x7F => "DELETE".to_owned(),
        0x80..=0x9F => listed(code, 0x80, &C1).unwrap_or_default().to_owned(),
        0xFE00..=0xFE0F => format!("VARIATION SELECTOR-{}", code - 0xFE00 + 1),
        0xE0100..=0xE01EF => format!("VARIATION SELECTOR-{}", code - 0xE0100 + 17),
        0xE0020..=0xE007F => tag_name(code),
        0xE000..=0xF8FF | 0xF_0000..=0xF_FFFD | 0x10_0000..=0x10_FFFD => "PRIVATE USE CHARACTER".to_owned(),
        0xFDD0..=0xFDEF => "NONCHARACTER".to_owned(),
        _ if code & 0xFFFE == 0xFFFE => "NONCHARACTER".to_owned(),
        _ => NAMES
            .binary_search_by_key(&code, |(code, _)| *code)
            .map_or("UNASSIGNED CHARACTER", |at| NAMES[at].1)
            .to_owned(),
    };
    format!("U+{code:04X} {name}")
}

/// Returns the name of a tag character, which stands for an ASCII character.
fn tag_name(code: u32) -> String {
    match u8::try_from(code - 0xE0000).map_or(' ', char::from) {
        letter @ 'A'..='Z' => format!("TAG LATIN CAPITAL LETTER {letter}"),
        letter @ 'a'..='z' => format!("TAG LATIN SMALL LETTER {}", letter.to_ascii_uppercase()),
        digit @ '0'..='9' => format!("TAG DIGIT {}", DIGITS[usize::from(digit as u8 - b'0')]),
        ' ' => "TAG SPACE".to_owned(),
        '\x7f' => "CANCEL TAG".to_owned(),
        mark => format!("TAG CHARACTER '{mark}'"),
    }
}

const DIGITS: [&str; 10] = ["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"];

/// The control characters from U+0000, by their formal aliases.
const C0: [&str; 32] = [
    "NULL",
    "START OF HEADING",
    "START OF TEXT",
    "END OF TEXT",
    "END OF TRANSMISSION",
    "ENQUIRY",
    "ACKNOWLEDGE",
    "ALERT",
    "BACKSPACE",
    "CHARACTER TABULATION",
    "LINE FEED",
    "LINE TABULATION",
    "FORM FEED",
    "CARRIAGE RETURN",
    "SHIFT OUT",
    "SHIFT IN",
    "DATA LINK ESCAPE",
    "DEVICE CONTROL ONE",
    "DEVICE CONTROL TWO",
    "DEVICE CONTROL THREE",
    "DEVICE CONTROL FOUR",
    "NEGATIVE ACKNOWLEDGE",
    "SYNCHRONOUS IDLE",
    "END OF TRANSMISSION BLOCK",
    "CANCEL",
    "END OF MEDIUM",
    "SUBSTITUTE",
    "ESCAPE",
    "INFORMATION SEPARATOR FOUR",
    "INFORMATION SEPARATOR THREE",
    "INFORMATION SEPARATOR TWO",
    "INFORMATION SEPARATOR ONE",
];

/// The control characters from U+0080.
const C1: [&str; 32] = [
    "PADDING CHARACTER",
    "HIGH OCTET PRESET",
    "BREAK PERMITTED HERE",
    "NO BREAK HERE",
    "INDEX",
    "NEXT LINE",
    "START OF SELECTED AREA",
    "END OF SELECTED AREA",
    "CHARACTER TABULATION SET",
    "CHARACTER TABULATION WITH JUSTIFICATION",
    "LINE TABULATION SET",
    "PARTIAL LINE FORWARD",
    "PARTIAL LINE BACKWARD",
    "REVERSE LINE FEED",
    "SINGLE SHIFT TWO",
    "SINGLE SHIFT THREE",
    "DEVICE CONTROL STRING",
    "PRIVATE USE ONE",
    "PRIVATE USE TWO",
    "SET TRANSMIT STATE",
    "CANCEL CHARACTER",
    "MESSAGE WAITING",
    "START OF GUARDED AREA",
    "END OF GUARDED AREA",
    "START OF STRING",
    "SINGLE GRAPHIC CHARACTER INTRODUCER",
    "SINGLE CHARACTER INTRODUCER",
    "CONTROL SEQUENCE INTRODUCER",
    "STRING TERMINATOR",
    "OPERATING SYSTEM COMMAND",
    "PRIVACY MESSAGE",
    "APPLICATION PROGRAM COMMAND",
];

/// Other characters, sorted.
const NAMES: [(u32, &str); 75] = [
    (0x00A0, "NO-BREAK SPACE"),
    (0x00AD, "SOFT HYPHEN"),
    (0x034F, "COMBINING GRAPHEME JOINER"),
    (0x061C, "ARABIC LETTER MARK"),
    (0x115F, "HANGUL CHOSEONG FILLER"),
    (0x1160, "HANGUL JUNGSEONG FILLER"),
    (0x1680, "OGHAM SPACE MARK"),
    (0x17B4, "KHMER VOWEL INHERENT AQ"),
    (0x17B5, "KHMER VOWEL INHERENT AA"),
    (0x180B, "MONGOLIAN FREE VARIATION SELECTOR ONE"),
    (0x180C, "MONGOLIAN FREE VARIATION SELECTOR TWO"),
    (0x180D, "MONGOLIAN FREE VARIATION SELECTOR THREE"),
    (0x180E, "MONGOLIAN VOWEL SEPARATOR"),
    (0x180F, "MONGOLIAN FREE VARIATION SELECTOR FOUR"),
    (0x2000, "EN QUAD"),
    (0x2001, "EM QUAD"),
    (0x2002, "EN SPACE"),
    (0x2003, "EM SPACE"),
    (0x2004, "THREE-PER-EM SPACE"),
    (0x2005, "FOUR-PER-EM SPACE"),
    (0x2006, "SIX-PER-EM SPACE"),
    (0x2007, "FIGURE SPACE"),
    (0x2008, "PUNCTUATION SPACE"),
    (0x2009, "THIN SPACE"),
    (0x200A, "HAIR SPACE"),
    (0x200B, "ZERO WIDTH SPACE"),
    (0x200C, "ZERO WIDTH NON-JOINER"),
    (0x200D, "ZERO WIDTH JOINER"),
    (0x200E, "LEFT-TO-RIGHT MARK"),
    (0x200F, "RIGHT-TO-LEFT MARK"),
    (0x2028, "LINE SEPARATOR"),
    (0x2029, "PARAGRAPH SEPARATOR"),
    (0x202A, "LEFT-TO-RIGHT EMBEDDING"),
    (0x202B, "RIGHT-TO-LEFT EMBEDDING"),
    (0x202C, "POP DIRECTIONAL FORMATTING"),
    (0x202D, "LEFT-TO-RIGHT OVERRIDE"),
    (0x202E, "RIGHT-TO-LEFT OVERRIDE"),
    (0x202F, "NARROW NO-BREAK SPACE"),
    (0x205F, "MEDIUM MATHEMATICAL SPACE"),
    (0x2060, "WORD JOINER"),
    (0x2061, "FUNCTION APPLICATION"),
    (0x2062, "INVISIBLE TIMES"),
    (0x2063, "INVISIBLE SEPARATOR"),
    (0x2064, "INVISIBLE PLUS"),
    (0x2066, "LEFT-TO-RIGHT ISOLATE"),
    (0x2067, "RIGHT-TO-LEFT ISOLATE"),
    (0x2068, "FIRST STRONG ISOLATE"),
    (0x2069, "POP DIRECTIONAL ISOLATE"),
    (0x206A, "INHIBIT SYMMETRIC SWAPPING"),
    (0x206B, "ACTIVATE SYMMETRIC SWAPPING"),
    (0x206C, "INHIBIT ARABIC FORM SHAPING"),
    (0x206D, "ACTIVATE ARABIC FORM SHAPING"),
    (0x206E, "NATIONAL DIGIT SHAPES"),
    (0x206F, "NOMINAL DIGIT SHAPES"),
    (0x2800, "BRAILLE PATTERN BLANK"),
    (0x3164, "HANGUL FILLER"),
    (0xFEFF, "ZERO WIDTH NO-BREAK SPACE"),
    (0xFFA0, "HALFWIDTH HANGUL FILLER"),
    (0xFFF9, "INTERLINEAR ANNOTATION ANCHOR"),
    (0xFFFA, "INTERLINEAR ANNOTATION SEPARATOR"),
    (0xFFFB, "INTERLINEAR ANNOTATION TERMINATOR"),
    (0xFFFC, "OBJECT REPLACEMENT CHARACTER"),
    (0x1BCA0, "SHORTHAND FORMAT LETTER OVERLAP"),
    (0x1BCA1, "SHORTHAND FORMAT CONTINUING OVERLAP"),
    (0x1BCA2, "SHORTHAND FORMAT DOWN STEP"),
    (0x1BCA3, "SHORTHAND FORMAT UP STEP"),
    (0x1D173, "MUSICAL SYMBOL BEGIN BEAM"),
    (0x1D174, "MUSICAL SYMBOL END BEAM"),
    (0x1D175, "MUSICAL SYMBOL BEGIN TIE"),
    (0x1D176, "MUSICAL SYMBOL END TIE"),
    (0x1D177, "MUSICAL SYMBOL BEGIN SLUR"),
    (0x1D178, "MUSICAL SYMBOL END SLUR"),
    (0x1D179, "MUSICAL SYMBOL BEGIN PHRASE"),
    (0x1D17A, "MUSICAL SYMBOL END PHRASE"),
    (0xE0001, "LANGUAGE TAG"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_unicode_standard() {
        for (sign, expected) in [
            ('\u{202e}', "U+202E RIGHT-TO-LEFT OVERRIDE"),
            ('\u{200b}', "U+200B ZERO WIDTH SPACE"),
            ('\u{7}', "U+0007 ALERT"),
            ('\u{7f}', "U+007F DELETE"),
            ('\u{9b}', "U+009B CONTROL SEQUENCE INTRODUCER"),
            ('\u{fe0f}', "U+FE0F VARIATION SELECTOR-16"),
            ('\u{e0100}', "U+E0100 VARIATION SELECTOR-17"),
            ('\u{e0041}', "U+E0041 TAG LATIN CAPITAL LETTER A"),
            ('\u{e0039}', "U+E0039 TAG DIGIT NINE"),
            ('\u{e5e5}', "U+E5E5 PRIVATE USE CHARACTER"),
            ('\u{1ffff}', "U+1FFFF NONCHARACTER"),
            ('\u{fff0}', "U+FFF0 UNASSIGNED CHARACTER"),
            ('\u{1d17a}', "U+1D17A MUSICAL SYMBOL END PHRASE"),
        ] {
            assert_eq!(name(sign), expected);
        }
        assert!(NAMES.is_sorted());
    }
}
