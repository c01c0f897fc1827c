//! The faults of a file, by line and column.

use std::{collections::BTreeMap, fmt, io};

use member_storage::StorageError;

use super::{characters::shown, identifier::DOUBTFUL};

/// The maximum number of faults that are kept and printed. More faults are only counted.
const KEPT: usize = 200;
/// The maximum length of a quotation from a file in a message, in characters.
const QUOTED: usize = 60;

/// The reason why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file has these faults.
    #[error("{0}")]
    Faults(Faults),
    /// The file cannot be read to its end.
    #[error("the file cannot be read: {0}")]
    File(#[from] io::Error),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The faults of a file. They are displayed one a line: the first 200, and the total number.
#[derive(Debug, Default)]
pub struct Faults {
    kept: Vec<Fault>,
    count: u64,
    doubts: BTreeMap<String, Doubt>,
}

/// What is known about the long numbers of a column.
#[derive(Debug, Default)]
struct Doubt {
    /// Whether one of them has digits that a spreadsheet would have lost. Then no spreadsheet has changed the
    /// others.
    has_intact: bool,
    /// The lines of the first doubtful ones.
    lines: Vec<u64>,
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
    /// Returns `value` if there are no faults, otherwise the faults, sorted by line. Decides the doubts first.
    pub(super) fn or_else<T>(mut self, value: T) -> Result<T, ImportError> {
        for (column, doubt) in std::mem::take(&mut self.doubts) {
            if !doubt.has_intact {
                self.count += doubt.count - doubt.lines.len() as u64;
                doubt.lines.into_iter().for_each(|line| self.add(line, Some(&column), DOUBTFUL));
            }
        }
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

    /// Notes that a number of this column has digits that a spreadsheet would have lost.
    pub(super) fn add_intact(&mut self, column: &str) {
        self.doubt(column).has_intact = true;
    }

    /// Notes that a spreadsheet may have changed a number. This is a fault if no number of the column is intact.
    pub(super) fn add_doubtful(&mut self, line: u64, column: &str) {
        let doubt = self.doubt(column);
        doubt.count += 1;
        if doubt.lines.len() < KEPT {
            doubt.lines.push(line);
        }
    }

    fn doubt(&mut self, column: &str) -> &mut Doubt {
        self.doubts.entry(column.to_owned()).or_default()
    }
}

/// Returns a quotation from a file for a message: shortened, and without characters that a terminal would obey or
/// hide.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted: String = text.chars().take(QUOTED).map(shown).collect();
    if text.chars().nth(QUOTED).is_some() {
        quoted.push('…');
    }
    quoted
}
