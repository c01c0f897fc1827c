//! A CSV file as a table with named columns, and the list of what is wrong with it.

use std::{collections::HashMap, fmt};

use csv::StringRecord;

use crate::storage::StorageError;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is wrong; every fault found.
    #[error("{0}")]
    Faults(Faults),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// All faults of a file, one a line when printed.
#[derive(Debug, Default)]
pub struct Faults(pub(super) Vec<Fault>);

/// One fault of a file.
#[derive(Debug)]
pub(super) struct Fault {
    line: u64,
    column: Option<String>,
    reason: String,
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} found", self.0.len(), if self.0.len() == 1 { "fault" } else { "faults" })?;
        for Fault { line, column, reason } in &self.0 {
            match column {
                Some(column) => write!(f, "\n  line {line}, column {column}: {reason}")?,
                None => write!(f, "\n  line {line}: {reason}")?,
            }
        }
        Ok(())
    }
}

impl Faults {
    /// `value`, unless anything is wrong; faults are put in the order of the file's lines.
    pub(super) fn or_else<T>(mut self, value: T) -> Result<T, ImportError> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by_key(|fault| fault.line);
        Err(ImportError::Faults(self))
    }

    pub(super) fn add(&mut self, line: u64, column: Option<&str>, reason: impl fmt::Display) {
        self.0.push(Fault { line, column: column.map(str::to_owned), reason: reason.to_string() });
    }
}

/// A file's header and those of its rows that have the header's number of fields.
pub(super) struct Table {
    columns: HashMap<String, usize>,
    rows: Vec<(u64, StringRecord)>,
}

/// Counts lines as an editor does, from byte positions that only grow.
struct Lines<'a> {
    bytes: &'a [u8],
    counted_to: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first byte at or after `position` that is not part of a line end.
    #[expect(clippy::naive_bytecount, reason = "a line's worth of bytes at a time")]
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.counted_to);
        let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let blank = self.bytes.iter().skip(start).take_while(|byte| is_line_end(byte)).count();
        let target = (start + blank).min(self.bytes.len()).max(self.counted_to);
        let passed = self.bytes[self.counted_to..target].iter().filter(|byte| **byte == b'\n').count();
        self.line += passed as u64;
        self.counted_to = target;
        self.line
    }
}

impl Table {
    /// Reads a CSV file in UTF-8 (RFC 4180, with or without a byte order mark) whose header names all of `required`
    /// and otherwise only columns of `optional`. Rows that cannot be read are added to `faults`; `None` if nothing can.
    pub(super) fn read(bytes: &[u8], required: &[&str], optional: &[&str], faults: &mut Faults) -> Option<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                faults.add(1, None, csv_reason(&error));
                return None;
            }
        };
        let columns = columns(&header, required, optional, faults);
        if !faults.0.is_empty() {
            return None;
        }
        let mut lines = Lines { bytes, counted_to: 0, line: 1 };
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => rows.push((lines.of(record.position()), record)),
                Err(error) => faults.add(lines.of(error.position()), None, csv_reason(&error)),
            }
        }
        if rows.is_empty() && faults.0.is_empty() {
            faults.add(1, None, "the file has a header and no rows");
        }
        Some(Self { columns, rows })
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, record)| Row { line: *line, record, columns: &self.columns })
    }
}

fn columns(header: &StringRecord, required: &[&str], optional: &[&str], faults: &mut Faults) -> HashMap<String, usize> {
    let mut columns = HashMap::new();
    for (index, name) in header.iter().enumerate() {
        if !required.contains(&name) && !optional.contains(&name) {
            let known = [required, optional].concat().join(", ");
            faults.add(1, Some(name), format!("unknown column; the columns are: {known}"));
        } else if columns.insert(name.to_owned(), index).is_some() {
            faults.add(1, Some(name), "the column is there twice");
        }
    }
    for name in required {
        if !columns.contains_key(*name) {
            faults.add(1, Some(name), "the required column is missing");
        }
    }
    columns
}

fn csv_reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "the text is not UTF-8: save the file as CSV in UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} fields, the header {expected_len}")
        }
        _ => error.to_string(),
    }
}

/// One row of a table.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) line: u64,
    record: &'a StringRecord,
    columns: &'a HashMap<String, usize>,
}

impl<'a> Row<'a> {
    /// The field in this column; `None` if the column is absent or the field empty.
    pub(super) fn get(&self, column: &str) -> Option<&'a str> {
        let index = *self.columns.get(column)?;
        self.record.get(index).filter(|field| !field.is_empty())
    }

    /// The field, read by `read`. A missing or unreadable one is added to `faults`.
    pub(super) fn required<T, E: fmt::Display>(
        &self,
        column: &str,
        faults: &mut Faults,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if self.get(column).is_none() {
            faults.add(self.line, Some(column), "must not be empty");
        }
        self.optional(column, faults, read)
    }

    /// The field, read by `read`; `None` if it is empty. An unreadable one is added to `faults`.
    pub(super) fn optional<T, E: fmt::Display>(
        &self,
        column: &str,
        faults: &mut Faults,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match read(self.get(column)?) {
            Ok(value) => Some(value),
            Err(reason) => {
                faults.add(self.line, Some(column), reason);
                None
            }
        }
    }
}

/// Text of at most 500 characters without control characters.
pub(super) fn text(field: &str) -> Result<String, &'static str> {
    if field.chars().nth(500).is_some() {
        return Err("longer than 500 characters");
    }
    if field.chars().any(char::is_control) {
        return Err("contains control characters or line breaks");
    }
    Ok(field.to_owned())
}

/// An id: 1 to 64 of letters, digits, '-' and '_'.
pub(super) fn id(field: &str) -> Result<String, &'static str> {
    let valid =
        field.len() <= 64 && field.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if valid { Ok(field.to_owned()) } else { Err("an id has at most 64 letters, digits, '-' and '_'") }
}

/// An amount in fen.
pub(super) fn fen(field: &str) -> Result<member_domain::Fen, &'static str> {
    let amount = field.parse::<i64>().ok().filter(|amount| (0..=100_000_000).contains(amount));
    amount.map(member_domain::Fen).ok_or("an amount is a whole number of fen from 0 to 100000000 (4200 is 42 yuan)")
}

/// A list of names separated by ';'.
pub(super) fn list<T, E: fmt::Display>(field: &str, read: impl Fn(&str) -> Result<T, E>) -> Result<Vec<T>, String> {
    let parts = field.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| read(part).map_err(|error| format!("'{part}': {error}"))).collect()
}
