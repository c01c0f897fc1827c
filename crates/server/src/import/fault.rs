//! What is wrong with a file, by line and column.

use std::{fmt, io};

use member_storage::StorageError;

/// How many faults are kept and printed; the rest is counted.
const KEPT: usize = 200;
/// The longest piece of a file that a message repeats, in characters.
const QUOTED: usize = 60;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is wrong; what was found.
    #[error("{0}")]
    Faults(Faults),
    /// The file cannot be read to its end.
    #[error("the file cannot be read: {0}")]
    File(#[from] io::Error),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The faults of a file, one a line when printed: the first 200, and how many there are.
#[derive(Debug, Default)]
pub struct Faults {
    kept: Vec<Fault>,
    count: u64,
}

/// One fault of a file.
#[derive(Debug)]
struct Fault {
    line: u64,
    column: Option<String>,
    reason: String,
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} found", self.count, if self.count == 1 { "fault" } else { "faults" })?;
        for Fault { line, column, reason } in &self.kept {
            match column {
                Some(column) => write!(f, "\n  line {line}, column {column}: {reason}")?,
                None => write!(f, "\n  line {line}: {reason}")?,
            }
        }
        match self.count - self.kept.len() as u64 {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

impl Faults {
    /// `value`, unless anything is wrong; faults are put in the order of the file's lines.
    pub(super) fn or_else<T>(mut self, value: T) -> Result<T, ImportError> {
        if self.is_empty() {
            return Ok(value);
        }
        self.kept.sort_by_key(|fault| fault.line);
        Err(ImportError::Faults(self))
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(super) fn add(&mut self, line: u64, column: Option<&str>, reason: impl fmt::Display) {
        self.count += 1;
        if self.kept.len() < KEPT {
            self.kept.push(Fault { line, column: column.map(quoted), reason: reason.to_string() });
        }
    }
}

/// A piece of a file as a message repeats it: not too long, and without what a terminal would obey.
pub(crate) fn quoted(text: &str) -> String {
    let visible = |character: char| if character.is_control() { '\u{fffd}' } else { character };
    let mut quoted: String = text.chars().take(QUOTED).map(visible).collect();
    if text.chars().nth(QUOTED).is_some() {
        quoted.push('…');
    }
    quoted
}
