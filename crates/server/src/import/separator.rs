//! Finds out what separates the fields of a file. Spreadsheets write commas, and semicolons or tabs by the
//! settings of the computer.

/// What separates the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Separator {
    pub(super) byte: u8,
    /// Whether the first line says so (`sep=;`) and is no row.
    pub(super) has_line: bool,
}

impl Separator {
    /// Reads the separator from the start of a file. Names of columns have no separator in them.
    pub(super) fn of(start: &[u8]) -> Self {
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        let from = start.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let line = start[from..].split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
        let unquoted = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
        if let [b's', b'e', b'p', b'=', byte @ (b',' | b';' | b'\t')] = *unquoted {
            return Self { byte, has_line: true };
        }
        let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
        let mut is_quoted = false;
        for byte in line {
            is_quoted ^= *byte == b'"';
            if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| separator == byte && !is_quoted) {
                *count += 1;
            }
        }
        let [comma, others @ ..] = counts;
        let most = others.into_iter().fold(comma, |most, other| if other.1 > most.1 { other } else { most });
        Self { byte: most.0, has_line: false }
    }

    /// Returns the name of a separator other than the comma.
    pub(super) const fn unusual(self) -> Option<&'static str> {
        match self.byte {
            b';' => Some("semicolons"),
            b'\t' => Some("tabs"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_shows_what_separates_fields() {
        for (start, byte, has_line) in [
            ("id,name\n1;2,3;4", b',', false),
            ("id;name;city\n", b';', false),
            ("\u{feff}id\tname\r\n", b'\t', false),
            ("\r\n\"id\";\"name,x\"\n", b';', false),
            ("id", b',', false),
            ("", b',', false),
            ("sep=;\nid;name", b';', true),
            ("\u{feff}sep=,\r\nid,name", b',', true),
            ("\"sep=\t\"\nid\tname", b'\t', true),
        ] {
            assert_eq!(Separator::of(start.as_bytes()), Separator { byte, has_line }, "{start:?}");
        }
    }
}
