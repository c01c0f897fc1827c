//! One row of a table, and how its fields are read.

use std::{fmt, io::Read};

use super::{
    cell::Content,
    fault::Faults,
    identifier::{Digits, digits},
    table::Table,
};

/// One row of a table.
pub(super) struct Row<'a, R> {
    pub(super) line: u64,
    pub(super) table: &'a Table<R>,
}

impl<'a, R: Read> Row<'a, R> {
    /// Returns the field in this column; `None` if the column is missing or the field is empty.
    pub(super) fn get(&self, column: &str) -> Option<&'a str> {
        let index = *self.table.columns.get(column)?;
        Some(self.table.text(index)).filter(|field| !field.is_empty())
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
        let field = self.get(column)?;
        let reason = match self.fault(column, field, faults) {
            Some(reason) => reason,
            None => match read(field) {
                Ok(value) => return Some(value),
                Err(reason) => reason.to_string(),
            },
        };
        faults.add(self.line, Some(column), reason);
        None
    }

    /// Returns why a cell cannot be read, whatever its column has; `None` if it can.
    fn fault(&self, column: &str, field: &str, faults: &mut Faults) -> Option<String> {
        let index = *self.table.columns.get(column)?;
        let cell = self.table.cell(index);
        if let Some(refusal) = cell.and_then(|cell| cell.refusal.clone()) {
            return Some(refusal);
        }
        if self.table.contents.get(index) != Some(&Content::Identifier) {
            return None;
        }
        match digits(field, cell.is_some_and(|cell| cell.is_marked)) {
            Digits::Fine => {}
            Digits::Intact => faults.add_intact(column),
            Digits::Doubtful => faults.add_doubtful(self.line, column),
            Digits::Lost(reason) => return Some(reason.to_owned()),
        }
        None
    }
}
