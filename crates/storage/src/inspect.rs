//! Rows of a database by SQL, for tests and benches: they prepare data that no command writes, and look at what was stored. The server
//! never uses this.
//!
//! Everything here panics with the statement and the reason where it fails, since a test could do nothing else.

#![allow(clippy::missing_panics_doc, reason = "all of it panics, as said above")]
use std::{path::Path, time::Duration};

use rusqlite::{Connection, Row, params_from_iter, types::Value};

/// How long a statement waits for the server's lock.
const PATIENCE: Duration = Duration::from_mins(2);

/// The first schema migrations, oldest first. Tests create old databases with them.
const MIGRATIONS: [&str; 5] = [
    include_str!("engine/migrations/0001_first_version.sql"),
    include_str!("engine/migrations/0002_counter.sql"),
    include_str!("engine/migrations/0003_scans.sql"),
    include_str!("engine/migrations/0004_shops.sql"),
    include_str!("engine/migrations/0005_counter_record.sql"),
];

/// Returns the schema of a database of version 1.
pub const fn first_version_schema() -> &'static str {
    MIGRATIONS[0]
}

/// Returns the schema migrations up to `version`, oldest first. The latest version here is 5.
pub fn migrations_up_to(version: usize) -> &'static [&'static str] {
    &MIGRATIONS[..version]
}

/// A value that goes into a statement or comes out of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// `NULL`.
    Null,
    /// A whole number, or a truth value as 0 or 1.
    Integer(i64),
    /// A fraction.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// The values of a statement: `cells![1, "text", None::<i64>]`.
#[macro_export]
macro_rules! cells {
    ($($value:expr),* $(,)?) => {
        &[$($crate::inspect::Cell::from($value)),*]
    };
}

/// Rows of one database.
pub struct Rows(Connection);

impl Rows {
    /// Those of the database in this file, which is created if needed.
    pub fn open(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        connection.busy_timeout(PATIENCE).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self(connection)
    }

    /// Runs a statement; answers how many rows it changed.
    pub fn run(&self, sql: &str, cells: &[Cell]) -> usize {
        let run = || self.0.prepare_cached(sql)?.execute(params_from_iter(cells.iter().map(Cell::value)));
        run().unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Runs statements one after the other, without values.
    pub fn run_all(&self, sql: &str) {
        self.0.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Does `writes` in one transaction.
    pub fn together(&self, writes: impl FnOnce(&Self)) {
        self.run_all("BEGIN IMMEDIATE");
        writes(self);
        self.run_all("COMMIT");
    }

    /// Returns whether the write lock is free at this moment. Does not wait for it.
    pub fn is_write_lock_free(&self) -> bool {
        let wait_at_most = |time: Duration| {
            self.0.busy_timeout(time).unwrap_or_else(|error| panic!("busy timeout: {error}"));
        };
        wait_at_most(Duration::ZERO);
        let is_free = self.0.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_ok();
        wait_at_most(PATIENCE);
        is_free
    }

    /// All rows that a query finds.
    pub fn all<T: FromRow>(&self, sql: &str, cells: &[Cell]) -> Vec<T> {
        let query = || -> rusqlite::Result<Vec<T>> {
            let mut statement = self.0.prepare(sql)?;
            let mut rows = statement.query(params_from_iter(cells.iter().map(Cell::value)))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(T::from_row(&Columns { row, sql }));
            }
            Ok(found)
        };
        query().unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The one row that a query finds.
    pub fn one<T: FromRow>(&self, sql: &str, cells: &[Cell]) -> T {
        let mut found = self.all(sql, cells);
        assert_eq!(found.len(), 1, "rows of {sql}");
        found.remove(0)
    }
}

/// The columns of one row.
pub struct Columns<'a> {
    row: &'a Row<'a>,
    sql: &'a str,
}

impl Columns<'_> {
    fn get<T: FromCell>(&self, index: usize) -> T {
        let value: Value = self.row.get(index).unwrap_or_else(|error| panic!("{}: {error}", self.sql));
        let cell = match value {
            Value::Null => Cell::Null,
            Value::Integer(number) => Cell::Integer(number),
            Value::Real(number) => Cell::Real(number),
            Value::Text(text) => Cell::Text(text),
            Value::Blob(bytes) => Cell::Blob(bytes),
        };
        let shown = format!("{cell:?}");
        T::from_cell(cell).unwrap_or_else(|| panic!("{}: column {index} is {shown}", self.sql))
    }
}

impl Cell {
    fn value(&self) -> Value {
        match self.clone() {
            Self::Null => Value::Null,
            Self::Integer(number) => Value::Integer(number),
            Self::Real(number) => Value::Real(number),
            Self::Text(text) => Value::Text(text),
            Self::Blob(bytes) => Value::Blob(bytes),
        }
    }
}

/// What a column can be read as.
pub trait FromCell: Sized {
    /// The value, if the column holds one of this type.
    fn from_cell(cell: Cell) -> Option<Self>;
}

/// What a row can be read as: one value, or a tuple of them.
pub trait FromRow: Sized {
    /// The value of the row.
    fn from_row(columns: &Columns<'_>) -> Self;
}

macro_rules! from_cell {
    ($($type:ty: $pattern:pat => $value:expr),* $(,)?) => {
        $(
            impl FromCell for $type {
                fn from_cell(cell: Cell) -> Option<Self> {
                    match cell {
                        $pattern => $value,
                        _ => None,
                    }
                }
            }

            impl FromRow for $type {
                fn from_row(columns: &Columns<'_>) -> Self {
                    columns.get(0)
                }
            }
        )*
    };
}

from_cell! {
    i64: Cell::Integer(number) => Some(number),
    u32: Cell::Integer(number) => u32::try_from(number).ok(),
    usize: Cell::Integer(number) => usize::try_from(number).ok(),
    bool: Cell::Integer(number) => Some(number != 0),
    f64: Cell::Real(number) => Some(number),
    String: Cell::Text(text) => Some(text),
    Vec<u8>: Cell::Blob(bytes) => Some(bytes),
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Cell) -> Option<Self> {
        if cell == Cell::Null { Some(None) } else { T::from_cell(cell).map(Some) }
    }
}

impl<T: FromCell> FromRow for Option<T> {
    fn from_row(columns: &Columns<'_>) -> Self {
        columns.get(0)
    }
}

macro_rules! from_row {
    ($($type:ident $index:literal),*) => {
        impl<$($type: FromCell),*> FromRow for ($($type,)*) {
            fn from_row(columns: &Columns<'_>) -> Self {
                ($(columns.get::<$type>($index),)*)
            }
        }
    };
}

from_row!(A 0, B 1);
from_row!(A 0, B 1, C 2);
from_row!(A 0, B 1, C 2, D 3);
from_row!(A 0, B 1, C 2, D 3, E 4);
from_row!(A 0, B 1, C 2, D 3, E 4, F 5);
from_row!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);

macro_rules! into_cell {
    ($($type:ty: $value:ident => $cell:expr),* $(,)?) => {
        $(
            impl From<$type> for Cell {
                fn from($value: $type) -> Self {
                    $cell
                }
            }
        )*
    };
}

into_cell! {
    i64: number => Self::Integer(number),
    i32: number => Self::Integer(number.into()),
    u32: number => Self::Integer(number.into()),
    bool: truth => Self::Integer(truth.into()),
    f64: number => Self::Real(number),
    &str: text => Self::Text(text.to_owned()),
    &String: text => Self::Text(text.clone()),
    String: text => Self::Text(text),
    [u8; 32]: bytes => Self::Blob(bytes.to_vec()),
    Vec<u8>: bytes => Self::Blob(bytes),
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
