//! Sorts characters by what they do to the text around them, and knows which scripts need invisible ones.

/// The kind of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// People see it, or it is a space, a tab or a line end.
    Plain,
    /// A space that is not the plain one. It is read as the plain one.
    Space,
    /// Nobody sees it, and the text means the same without it.
    Invisible,
    /// It joins or separates the signs beside it. Emoji and some scripts need it.
    Joiner,
    /// It selects a form of the sign before it.
    Selector,
    /// An empty letter. Old Korean, Khmer and Mongolian texts need it.
    Filler,
    /// It changes the direction to left to right. In a text without letters from right to left it does nothing.
    LeftToRight,
    /// It changes the direction to right to left.
    RightToLeft,
    /// A control character.
    Control,
    /// It ends a line or a paragraph.
    LineBreak,
    /// Each font shows another sign for it, or none.
    PrivateUse,
    /// It stands for no character.
    Noncharacter,
    /// It hides ASCII text. Flags of regions need it.
    Tag,
    /// It hides a remark about the text.
    Annotation,
    /// Unicode has reserved it as invisible.
    Unassigned,
}

pub(super) fn kind(sign: char) -> Kind {
    match u32::from(sign) {
        0x09 | 0x0A | 0x0D | 0x20..=0x7E | 0xA1..=0xAC | 0xAE..=0x34E | 0x3000..=0x3163 | 0x4E00..=0x9FFF => {
            Kind::Plain
        }
        0x0B | 0x0C | 0x85 | 0x2028 | 0x2029 => Kind::LineBreak,
        0x00..=0x1F | 0x7F..=0x9F => Kind::Control,
        0xA0 | 0x1680 | 0x2000..=0x200A | 0x202F | 0x205F | 0x2800 => Kind::Space,
        0xAD | 0x34F | 0x200B | 0x2060..=0x2064 | 0x206A..=0x206F | 0x3164 | 0xFEFF | 0xFFA0 | 0xFFFC => {
            Kind::Invisible
        }
        0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A => Kind::Invisible,
        0x200C | 0x200D => Kind::Joiner,
        0xFE00..=0xFE0F | 0xE0100..=0xE01EF => Kind::Selector,
        0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F => Kind::Filler,
        0x200E | 0x202A | 0x202C | 0x202D | 0x2066 | 0x2068 | 0x2069 => Kind::LeftToRight,
        0x061C | 0x200F | 0x202B | 0x202E | 0x2067 => Kind::RightToLeft,
        0xE000..=0xF8FF | 0xF_0000..=0xF_FFFD | 0x10_0000..=0x10_FFFD => Kind::PrivateUse,
        0xFDD0..=0xFDEF => Kind::Noncharacter,
        code if code & 0xFFFE == 0xFFFE => Kind::Noncharacter,
        0xE0001 | 0xE0020..=0xE007F => Kind::Tag,
        0xFFF9..=0xFFFB => Kind::Annotation,
        0x2065 | 0xFFF0..=0xFFF8 | 0xE0000..=0xE0FFF => Kind::Unassigned,
        _ => Kind::Plain,
    }
}

/// Whether this is a letter of a script that runs from right to left.
pub(super) fn is_right_to_left(sign: char) -> bool {
    matches!(u32::from(sign), 0x0590..=0x061B | 0x061D..=0x08FF | 0xFB1D..=0xFDCF | 0xFDF0..=0xFDFF | 0xFE70..=0xFEFC)
        || matches!(u32::from(sign), 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
}

/// Whether a joiner between these signs does something: between two emoji, or beside a letter of a script whose
/// letters join.
pub(super) fn is_joined(before: Option<char>, after: Option<char>) -> bool {
    let joins = |sign: Option<char>| sign.is_some_and(has_joining_letters);
    let ends_emoji = |sign: char| is_emoji(sign) || matches!(sign, '\u{fe0f}' | '\u{e007f}');
    joins(before) || joins(after) || (before.is_some_and(ends_emoji) && after.is_some_and(is_emoji))
}

/// Arabic, Syriac, N'Ko, Mongolian and their relatives; the scripts of India and South-East Asia.
fn has_joining_letters(sign: char) -> bool {
    matches!(u32::from(sign),
        0x0600..=0x061B | 0x061D..=0x0DFF | 0x0F00..=0x109F | 0x1700..=0x180A | 0x1810..=0x18AF | 0x1A20..=0x1AAF
        | 0x1B00..=0x1C4F | 0x1CD0..=0x1CFF | 0xA800..=0xA8FF | 0xA930..=0xAA7F | 0xABC0..=0xABFF | 0xFB50..=0xFDCF
        | 0xFE70..=0xFEFC | 0x10A00..=0x10FFF | 0x11000..=0x11FFF | 0x1E900..=0x1E95F)
}

/// Whether this selector selects a form of the sign before it: of an emoji, an ideograph, or a sign with
/// registered forms.
pub(super) fn is_selected(before: Option<char>, selector: char) -> bool {
    let Some(before) = before else { return false };
    match u32::from(selector) {
        0xFE0E | 0xFE0F => is_emoji(before) || matches!(before, '0'..='9' | '#' | '*'),
        0xE0100..=0xE01EF => is_ideograph(before),
        _ => {
            let forms = matches!(u32::from(before),
                0x30 | 0x1000..=0x109F | 0x2200..=0x22FF | 0x2A00..=0x2AFF | 0x3001 | 0x3002 | 0xA840..=0xA87F | 0xFF00..=0xFF20
                | 0x10AC0..=0x10AFF | 0x13000..=0x1345F);
            forms || is_ideograph(before)
        }
    }
}

fn is_ideograph(sign: char) -> bool {
    matches!(u32::from(sign), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFD)
}

/// Whether this may be an emoji. Some symbols beside the emoji are included.
fn is_emoji(sign: char) -> bool {
    matches!(u32::from(sign),
        0xA9 | 0xAE | 0x203C | 0x2049 | 0x2122 | 0x2139 | 0x2190..=0x21FF | 0x2300..=0x23FF | 0x2460..=0x24FF
        | 0x25A0..=0x27BF | 0x2900..=0x297F | 0x2B00..=0x2BFF | 0x3030 | 0x303D | 0x3297 | 0x3299 | 0x1F000..=0x1FAFF)
}

/// Whether an empty letter stands beside a letter of its own script.
pub(super) fn is_filled(before: Option<char>, filler: char, after: Option<char>) -> bool {
    let script = match u32::from(filler) {
        0x115F | 0x1160 => [0x1100..=0x11FF, 0xA960..=0xA97F, 0xD7B0..=0xD7FF],
        0x17B4 | 0x17B5 => [0x1780..=0x17FF, 0..=0, 0..=0],
        _ => [0x1800..=0x18AF, 0x11660..=0x1167F, 0..=0],
    };
    let is_letter =
        |sign: char| kind(sign) == Kind::Plain && script.iter().any(|range| range.contains(&u32::from(sign)));
    before.is_some_and(is_letter) || after.is_some_and(is_letter)
}

/// Returns the number of signs of a region's flag at the start of the text: a black flag, tags, the cancel tag.
pub(super) fn flag_length(text: &[char]) -> Option<usize> {
    let (flag, rest) = text.split_first()?;
    let tags =
        rest.iter().take_while(|sign| matches!(sign, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}')).count();
    (*flag == '\u{1f3f4}' && (3..=6).contains(&tags) && rest.get(tags) == Some(&'\u{e007f}')).then_some(tags + 2)
}
