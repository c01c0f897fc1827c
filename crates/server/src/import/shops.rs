//! Imports shops from a CSV file.

use std::{
    fmt,
    io::{Cursor, Read, Seek},
};

use member_domain::CivilDate;
use member_opening_hours::{Reading, reading};
use member_storage::{Database, ShopChanges, ShopStaging, StorageError};

use super::{
    encoding::Encoding,
    fault::{Faults, ImportError, quoted},
    note::Notes,
    shop_row::{OPTIONAL, REQUIRED, shop},
    table::Table,
};
use crate::shops::RULES;

/// The maximum number of opening hours of each kind that are shown.
const SHOWN: usize = 5;

/// The options of a shop import.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShopImport {
    /// The day of the import, if the file is the complete list of shops in its cities. Shops that are not in
    /// the file leave on that day. Shops in the file that had left take part again. With `None`, no shop
    /// leaves or comes back.
    pub complete_on: Option<CivilDate>,
    /// Whether the import checks and counts everything and writes nothing.
    pub dry_run: bool,
}

/// The result of an import or a dry run.
#[derive(Debug)]
pub struct ShopsImported {
    /// The encoding of the file.
    pub encoding: Encoding,
    /// The numbers of changed shops.
    pub changes: ShopChanges,
    /// The opening hours that cannot be read. Pages show them as written.
    pub unread_hours: UnreadHours,
    /// Notes about what was read in another way than it was written.
    pub notes: Notes,
    /// The opening hours that do not always tell whether the shop is open. Pages show them as written in weeks
    /// with such times.
    pub partly_read_hours: UnreadHours,
}

/// Opening hours that are shown as written.
#[derive(Debug, Default)]
pub struct UnreadHours {
    /// The number of shops with such opening hours.
    pub count: u64,
    /// The line and the text of the first few.
    pub first: Vec<(u64, String)>,
}

impl UnreadHours {
    fn add(&mut self, line: u64, text: &str) {
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push((line, quoted(text)));
        }
    }
}

impl fmt::Display for ShopsImported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ShopChanges { added, changed, unchanged, left, came_back } = self.changes;
        let total = self.changes.named();
        writeln!(f, "read as {}: {total} {}", self.encoding, if total == 1 { "shop" } else { "shops" })?;
        write!(f, "added {added}, changed {changed}, unchanged {unchanged}, left {left}, came back {came_back}")?;
        for (hours, what) in [
            (&self.partly_read_hours, "opening hours that are unknown at times and are then shown as written"),
            (&self.unread_hours, "opening hours that cannot be read and are shown as written"),
        ] {
            if hours.count > 0 {
                write!(f, "\n{what}: {}", hours.count)?;
            }
            for (line, text) in &hours.first {
                write!(f, "\n  line {line}: {text}")?;
            }
        }
        write!(f, "{}", self.notes)
    }
}

/// Adds or updates the shops of a CSV file, all or none, and returns the number of shops in the file.
pub async fn import_shops(database: &Database, bytes: &[u8]) -> Result<usize, ImportError> {
    let imported = import_shops_from(database, Cursor::new(bytes.to_vec()), ShopImport::default()).await?;
    Ok(usize::try_from(imported.changes.named()).unwrap_or(usize::MAX))
}

/// Adds or updates the shops of a CSV file, all or none. The file is read twice, row by row. Rows wait in a
/// temporary file until all of them are checked. So memory does not grow with the file, and the database is
/// locked only for the final step.
pub async fn import_shops_from(
    database: &Database,
    source: impl Read + Seek + Send + 'static,
    import: ShopImport,
) -> Result<ShopsImported, ImportError> {
    let database = database.clone();
    let task = tokio::task::spawn_blocking(move || run(&database, source, import));
    task.await.map_err(|_| StorageError::Cancelled)?
}

fn run(database: &Database, source: impl Read + Seek, import: ShopImport) -> Result<ShopsImported, ImportError> {
    let mut faults = Faults::default();
    let Some(mut table) = Table::open(source, &REQUIRED, &OPTIONAL, &mut faults)? else {
        return Err(ImportError::Faults(faults));
    };
    let untold = OPTIONAL.into_iter().filter(|column| !table.has(column)).collect();
    let mut staging = database.stage_shops(untold, RULES)?;
    let (mut unread_hours, mut partly_read_hours) = (UnreadHours::default(), UnreadHours::default());
    while table.advance(&mut faults)? {
        let Some((line, hours)) = stage(&table, &mut staging, &mut faults)? else { continue };
        match reading(&hours) {
            Reading::Whole => {}
            Reading::Partly => partly_read_hours.add(line, &hours),
            Reading::Unread => unread_hours.add(line, &hours),
        }
    }
    faults.or_else(())?;
    let changes = staging.apply(import.complete_on, import.dry_run)?;
    let encoding = table.encoding();
    Ok(ShopsImported { encoding, changes, unread_hours, partly_read_hours, notes: table.into_notes() })
}

/// Stages the current row and returns its line and its opening hours.
fn stage<R: Read>(
    table: &Table<R>,
    staging: &mut ShopStaging,
    faults: &mut Faults,
) -> Result<Option<(u64, String)>, StorageError> {
    let row = table.row();
    let shop = shop(&row, faults);
    let hours = shop.as_ref().and_then(|shop| shop.opening_hours.clone()).map(|hours| (row.line, hours));
    let Some(id) = row.get("id").filter(|id| super::field::id(id).is_ok()) else { return Ok(hours) };
    if let Some(first) = staging.line_of(id)? {
        faults.add(row.line, Some("id"), format!("the same id is on line {first}"));
        return Ok(hours);
    }
    // After the first fault nothing will be written, and only the ids are still needed.
    staging.add(row.line, id, shop.as_ref().filter(|_| faults.is_empty()))?;
    Ok(hours)
}
