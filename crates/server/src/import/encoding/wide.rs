//! Recognises UTF-16 and UTF-32, with and without a byte order mark.

use std::fmt;

/// A text in which each ASCII character has zero bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) struct Wide {
    bits: u8,
    is_little_endian: bool,
    has_mark: bool,
}

impl fmt::Display for Wide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = if self.is_little_endian { "LE" } else { "BE" };
        if self.has_mark {
            write!(f, "UTF-{}", self.bits)
        } else {
            write!(f, "UTF-{}{order} without a byte order mark", self.bits)
        }
    }
}

/// Returns the encoding of a file with this start; `None` if it is not wide.
pub(super) fn wide(start: &[u8]) -> Option<Wide> {
    let marks: [(&[u8], u8, bool); 4] =
        [(b"\xff\xfe\0\0", 32, true), (b"\0\0\xfe\xff", 32, false), (b"\xff\xfe", 16, true), (b"\xfe\xff", 16, false)];
    if let Some((_, bits, is_little_endian)) = marks.into_iter().find(|(mark, ..)| start.starts_with(mark)) {
        return Some(Wide { bits, is_little_endian, has_mark: true });
    }
    // The names of the columns are ASCII, so the file starts with a few ASCII characters.
    let (quads, _) = start.as_chunks::<4>();
    match *quads.first()? {
        [first, 0, 0, 0] if first != 0 => Some(Wide { bits: 32, is_little_endian: true, has_mark: false }),
        [0, 0, 0, last] if last != 0 => Some(Wide { bits: 32, is_little_endian: false, has_mark: false }),
        [first, 0, second, 0] if first != 0 && second != 0 => {
            Some(Wide { bits: 16, is_little_endian: true, has_mark: false })
        }
        [0, first, 0, second] if first != 0 && second != 0 => {
            Some(Wide { bits: 16, is_little_endian: false, has_mark: false })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_texts_are_recognised_by_their_zeros() {
        let pairs = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        for (bytes, expected) in [
            (pairs("\u{feff}id", u16::to_le_bytes), "UTF-16"),
            (pairs("\u{feff}id", u16::to_be_bytes), "UTF-16"),
            (pairs("id,name", u16::to_le_bytes), "UTF-16LE without a byte order mark"),
            (pairs("id,name", u16::to_be_bytes), "UTF-16BE without a byte order mark"),
            (b"\xff\xfe\0\0i\0\0\0".to_vec(), "UTF-32"),
            (b"i\0\0\0d\0\0\0".to_vec(), "UTF-32LE without a byte order mark"),
            (b"\0\0\0i\0\0\0d".to_vec(), "UTF-32BE without a byte order mark"),
        ] {
            assert_eq!(wide(&bytes).map(|wide| wide.to_string()).as_deref(), Some(expected));
        }
        for narrow in ["", "id", "id,name", "a\0b", "\u{feff}id,name", "梧桐里"] {
            assert_eq!(wide(narrow.as_bytes()), None);
        }
    }
}
