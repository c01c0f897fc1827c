//! Notes about what an import read in another way than it was written.

use std::fmt;

use super::encoding::Encoding;

/// The maximum number of notes that are kept and printed. More notes are only counted.
const KEPT: usize = 20;

/// Notes for the operator, about a file that is otherwise good. They are displayed one a line: the first 20, and
/// the total number. Without notes, nothing is displayed.
#[derive(Debug, Default)]
pub struct Notes {
    kept: Vec<String>,
    count: u64,
}

impl Notes {
    /// Adds a note about a field.
    pub(super) fn add(&mut self, line: u64, column: &str, note: impl fmt::Display) {
        self.push(format_args!("line {line}, column {column}: {note}"));
    }

    /// Puts the encoding of the file first, if it is not UTF-8.
    pub(super) fn with_encoding(mut self, encoding: Encoding) -> Self {
        if encoding != Encoding::Utf8 {
            self.count += 1;
            self.kept.insert(0, format!("the file was read as {encoding}"));
        }
        self
    }

    /// Adds a note about the file.
    pub(super) fn push(&mut self, note: impl fmt::Display) {
        self.count += 1;
        if self.kept.len() < KEPT {
            self.kept.push(note.to_string());
        }
    }
}

impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.count == 0 {
            return Ok(());
        }
        write!(f, "\n{} {}", self.count, if self.count == 1 { "note" } else { "notes" })?;
        for note in &self.kept {
            write!(f, "\n  {note}")?;
        }
        match self.count - self.kept.len() as u64 {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}
