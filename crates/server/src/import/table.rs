//! A CSV file as a table with named columns, read row by row.

use std::{
    collections::HashMap,
    fmt,
    io::{self, Read, Seek},
};

use super::{
    encoding::{Decoded, Detected, Encoding, detect},
    fault::Faults,
    record::{Records, Step},
};

/// An open file: its header, and the last row.
pub(super) struct Table<R> {
    records: Records<Decoded<R>>,
    encoding: Encoding,
    names: Vec<String>,
    columns: HashMap<String, usize>,
    has_rows: bool,
}

impl<R: Read + Seek> Table<R> {
    /// Opens a CSV file (RFC 4180) in UTF-8 or GB18030. The header must name all `required` columns, and may
    /// name `optional` columns and no others. Adds the header's faults to `faults`; returns `None` if there
    /// are any.
    pub(super) fn open(
        mut source: R,
        required: &[&str],
        optional: &[&str],
        faults: &mut Faults,
    ) -> io::Result<Option<Self>> {
        let detected = detect(&mut source)?;
        source.rewind()?;
        if detected == Detected::Utf16 {
            faults.add(1, None, "the text is UTF-16: save the file as CSV in UTF-8");
            return Ok(None);
        }
        let mut records = Records::new(Decoded::new(source, detected.encoding()));
        let names: Vec<String> = match records.advance()? {
            Step::Record => records.fields().map(str::to_owned).collect(),
            Step::End => Vec::new(),
            Step::TooLong { .. } => {
                faults.add(records.line(), None, TOO_LONG);
                return Ok(None);
            }
        };
        let columns = columns(&names, required, optional, faults);
        let table = Self { records, encoding: detected.encoding(), names, columns, has_rows: false };
        Ok(faults.is_empty().then_some(table))
    }
}

impl<R: Read> Table<R> {
    /// Whether the file has this column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    pub(super) const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Reads the next row that has as many fields as the header; returns `false` at the end of the file. Adds
    /// other rows to `faults`.
    pub(super) fn advance(&mut self, faults: &mut Faults) -> io::Result<bool> {
        loop {
            let step = self.records.advance()?;
            let line = self.records.line();
            match step {
                Step::End => {
                    if !self.has_rows && faults.is_empty() {
                        faults.add(1, None, "the file has a header and no rows");
                    }
                    return Ok(false);
                }
                Step::TooLong { field } => {
                    let column = self.names.get(field).map(String::as_str);
                    faults.add(line, column, TOO_LONG);
                }
                Step::Record => {
                    self.add_undecoded(faults);
                    let (found, expected) = (self.records.field_count(), self.names.len());
                    if found == expected {
                        self.has_rows = true;
                        return Ok(true);
                    }
                    faults.add(line, None, format!("the row has {found} fields, the header {expected}"));
                }
            }
        }
    }

    /// Returns the last row.
    pub(super) const fn row(&self) -> Row<'_, R> {
        Row { line: self.records.line(), table: self }
    }

    fn add_undecoded(&self, faults: &mut Faults) {
        for (index, field) in self.records.fields().enumerate() {
            if field.contains('\u{fffd}') {
                let column = self.names.get(index).map(String::as_str);
                faults.add(
                    self.records.line(),
                    column,
                    format!(
                        "the text is damaged, or neither UTF-8 nor GB18030 (the file looks like {}): save the file as CSV in \
                         UTF-8",
                        self.encoding
                    ),
                );
            }
        }
    }
}

const TOO_LONG: &str = "the row is too long to be read; is a closing quote missing?";

fn columns(names: &[String], required: &[&str], optional: &[&str], faults: &mut Faults) -> HashMap<String, usize> {
    let mut columns = HashMap::new();
    for (index, name) in names.iter().enumerate() {
        if !required.contains(&name.as_str()) && !optional.contains(&name.as_str()) {
            let known = [required, optional].concat().join(", ");
            faults.add(1, Some(name), format!("unknown column; the columns are: {known}"));
        } else if columns.insert(name.clone(), index).is_some() {
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

/// One row of a table.
pub(super) struct Row<'a, R> {
    pub(super) line: u64,
    table: &'a Table<R>,
}

impl<'a, R: Read> Row<'a, R> {
    /// Returns the field in this column; `None` if the column is missing or the field is empty.
    pub(super) fn get(&self, column: &str) -> Option<&'a str> {
        let index = *self.table.columns.get(column)?;
        self.table.records.field(index).filter(|field| !field.is_empty())
    }

    /// Parses the field with `read`. Adds a fault if the field is missing or unreadable.
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

    /// Parses the field with `read`; `None` if the field is empty. Adds a fault if it is unreadable.
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
