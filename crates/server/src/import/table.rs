//! A CSV file as a table with named columns, read row by row. Rows and columns of empty cells are left out:
//! spreadsheets write them for cells that were used once.

use std::{
    collections::HashMap,
    io::{self, Read, Seek},
};

use super::{
    cell::{Cell, Content},
    encoding::{Decoded, Encoding, detect},
    fault::Faults,
    note::Notes,
    record::{Records, Step},
    row::Row,
    separator::Separator,
};

/// An open file: its header, and the last row.
pub(super) struct Table<R> {
    records: Records<Decoded<R>>,
    encoding: Encoding,
    /// The names in the header, without empty ones at the end. Others may be empty.
    names: Vec<String>,
    /// The number of fields of the header, with empty ones.
    header_length: usize,
    pub(super) contents: Vec<Content>,
    pub(super) columns: HashMap<String, usize>,
    /// The cells of the last row that are read in another way than they are written.
    cells: Vec<(usize, Cell)>,
    has_rows: bool,
    notes: Notes,
}

impl<R: Read + Seek> Table<R> {
    /// Opens a CSV file (RFC 4180) in UTF-8, GB18030 or Big5. The header must name all `required` columns, and may
    /// name `optional` columns and no others. Adds the header's faults to `faults`; returns `None` if there
    /// are any.
    pub(super) fn open(
        mut source: R,
        required: &[&str],
        optional: &[&str],
        faults: &mut Faults,
    ) -> io::Result<Option<Self>> {
        let detection = detect(&mut source)?;
        source.rewind()?;
        let encoding = match detection.encoding() {
            Ok(encoding) => encoding,
            Err(reason) => {
                faults.add(1, None, reason);
                return Ok(None);
            }
        };
        let separator = Separator::of(&detection.start);
        let records = Records::new(Decoded::new(source, encoding), separator.byte);
        let (names, contents, columns) = (Vec::new(), Vec::new(), HashMap::new());
        let (cells, notes) = (Vec::new(), Notes::default());
        let (header_length, has_rows) = (0, false);
        let mut table = Self { records, encoding, names, header_length, contents, columns, cells, has_rows, notes };
        if separator.has_line {
            table.records.advance()?;
        }
        if let Some(unusual) = separator.unusual() {
            table.notes.push(format_args!("fields are separated by {unusual}"));
        }
        table.read_header(required, optional, faults)?;
        Ok(faults.is_empty().then_some(table))
    }

    fn read_header(&mut self, required: &[&str], optional: &[&str], faults: &mut Faults) -> io::Result<()> {
        loop {
            match self.records.advance()? {
                Step::Record => self.read_cells(),
                Step::End => break,
                Step::TooLong { .. } => {
                    faults.add(self.records.line(), None, TOO_LONG);
                    return Ok(());
                }
            }
            if !self.is_empty_row() {
                break;
            }
        }
        let line = self.records.line();
        self.header_length = self.records.field_count();
        let mut names: Vec<String> = (0..self.header_length).map(|index| self.text(index).to_owned()).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        for (index, cell) in &self.cells {
            if let Some(refusal) = &cell.refusal {
                faults.add(line, names.get(*index).map(String::as_str), refusal);
            }
        }
        self.columns = columns(line, &names, required, optional, faults);
        self.contents = names.iter().map(|name| Content::of(name)).collect();
        self.names = names;
        self.add_notes();
        Ok(())
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

    /// Returns the notes about the file.
    pub(super) fn into_notes(self) -> Notes {
        self.notes
    }

    /// Returns the notes about the file, which name its encoding if it is not UTF-8.
    pub(super) fn into_notes_with_encoding(self) -> Notes {
        self.notes.with_encoding(self.encoding)
    }

    /// Reads the next row that has a field for each column; returns `false` at the end of the file. Skips rows of
    /// empty cells. Adds other rows to `faults`.
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
                    self.read_cells();
                    if self.is_empty_row() {
                        continue;
                    }
                    self.add_notes();
                    self.add_undecoded(faults);
                    if self.has_all_fields(faults) {
                        self.has_rows = true;
                        return Ok(true);
                    }
                }
            }
        }
    }

    /// Returns the last row.
    pub(super) const fn row(&self) -> Row<'_, R> {
        Row { line: self.records.line(), table: self }
    }

    fn read_cells(&mut self) {
        self.cells.clear();
        for (index, field) in self.records.fields().enumerate() {
            let content = self.contents.get(index).copied().unwrap_or(Content::Value);
            if let Some(cell) = Cell::read(field, content) {
                self.cells.push((index, cell));
            }
        }
    }

    pub(super) fn cell(&self, index: usize) -> Option<&Cell> {
        self.cells.iter().find_map(|(of, cell)| (*of == index).then_some(cell))
    }

    /// Returns the text of a field of the last row; an empty one if the row is shorter.
    pub(super) fn text(&self, index: usize) -> &str {
        match self.cell(index) {
            Some(cell) => &cell.text,
            None => self.records.field(index).unwrap_or_default().trim(),
        }
    }

    fn is_empty_row(&self) -> bool {
        let has_refused = self.cells.iter().any(|(_, cell)| cell.refusal.is_some());
        !has_refused && (0..self.records.field_count()).all(|index| self.text(index).is_empty())
    }

    /// Whether the last row has a field for each column and none more. Adds a fault if not.
    fn has_all_fields(&self, faults: &mut Faults) -> bool {
        let (line, found, expected) = (self.records.line(), self.records.field_count(), self.names.len());
        let is_unnamed = |index: &usize| self.names.get(*index).is_none_or(String::is_empty);
        let unnamed = (0..found).filter(is_unnamed).find(|index| !self.text(*index).is_empty());
        if found < expected || unnamed.is_some_and(|index| index >= self.header_length) {
            faults.add(line, None, format!("the row has {found} fields, the header {expected}"));
        } else if let Some(index) = unnamed {
            let reason = format!("field {} has no name in the header: write one, or empty the column", index + 1);
            faults.add(line, None, reason);
        } else {
            return true;
        }
        false
    }

    fn add_notes(&mut self) {
        let line = self.records.line();
        for (index, cell) in &self.cells {
            let column = self.names.get(*index).map_or("without a name", String::as_str);
            cell.notes.iter().for_each(|note| self.notes.add(line, column, note));
        }
    }

    fn add_undecoded(&self, faults: &mut Faults) {
        for (index, field) in self.records.fields().enumerate() {
            // The second text is U+FFFD in UTF-8, read as GB18030: an earlier program has lost the characters.
            if field.contains('\u{fffd}') || field.contains("锟斤拷") {
                let column = self.names.get(index).map(String::as_str);
                faults.add(
                    self.records.line(),
                    column,
                    format!(
                        "the text is damaged, or neither UTF-8 nor GB18030 nor Big5 (the file looks like {}): save the file \
                         as CSV in UTF-8",
                        self.encoding
                    ),
                );
            }
        }
    }
}

const TOO_LONG: &str = "the row is too long to be read; is a closing quote missing?";

fn columns(
    line: u64,
    names: &[String],
    required: &[&str],
    optional: &[&str],
    faults: &mut Faults,
) -> HashMap<String, usize> {
    let mut columns = HashMap::new();
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if name.contains([',', ';', '|', '、']) {
            faults.add(line, Some(name), "columns are separated by ',': export the file as CSV");
            continue;
        }
        if !required.contains(&name.as_str()) && !optional.contains(&name.as_str()) {
            let known = [required, optional].concat().join(", ");
            faults.add(line, Some(name), format!("unknown column; the columns are: {known}"));
        } else if columns.insert(name.clone(), index).is_some() {
            faults.add(line, Some(name), "the column is there twice");
        }
    }
    for name in required {
        if !columns.contains_key(*name) {
            faults.add(line, Some(name), "the required column is missing");
        }
    }
    columns
}
