//! Imports shops from a file. The rows are staged in a temporary table, which SQLite stores in a separate
//! file, until all of them are checked. Only then is the database locked, and changed in one transaction.

use member_domain::CivilDate;
use rusqlite::{Connection, OptionalExtension, types::Value};

use super::{
    columns::Column,
    record::ShopRecord,
    writes::{self, ShopRules},
};
use crate::{
    Database, StorageResult,
    engine::{Guard, write_on},
};

/// The changes that an import makes to the shops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShopChanges {
    /// New shops.
    pub added: u64,
    /// Existing shops that change.
    pub changed: u64,
    /// Existing shops that stay the same.
    pub unchanged: u64,
    /// Shops that the file no longer names, so that they leave.
    pub left: u64,
    /// Shops that had left and that the file names again. They also count as changed or unchanged.
    pub came_back: u64,
}

impl ShopChanges {
    /// The number of shops that the file names.
    pub const fn named(self) -> u64 {
        self.added + self.changed + self.unchanged
    }
}

/// Staged shops. If they are dropped before [`Self::apply`], nothing is written.
pub struct ShopStaging {
    connection: Connection,
    insert: String,
    /// Columns that the file does not have. Existing shops keep their values in these columns.
    untold: Vec<&'static str>,
    rules: ShopRules,
}

impl Database {
    /// Starts an import, on a separate connection. `untold` names the columns that the file does not have.
    pub fn stage_shops(&self, untold: Vec<&'static str>, rules: ShopRules) -> StorageResult<ShopStaging> {
        let connection = self.connect()?;
        connection.pragma_update(None, "temp_store", "FILE")?;
        let columns = staged_columns();
        // Several smaller transactions would be slower. This one writes only to the temporary table, so it
        // blocks nobody.
        connection.execute_batch(&format!(
            "CREATE TEMP TABLE staged (
                 seq INTEGER PRIMARY KEY, line INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, fate TEXT, {columns}
             );
             BEGIN"
        ))?;
        let places: Vec<String> = (1..=Column::imported().count() + 2).map(|index| format!("?{index}")).collect();
        let insert = format!("INSERT INTO temp.staged (line, id, {columns}) VALUES ({})", places.join(", "));
        Ok(ShopStaging { connection, insert, untold, rules })
    }
}

/// All columns that are compared and written, without the id.
fn staged_columns() -> String {
    let names: Vec<&str> = Column::imported().skip(1).map(Column::name).collect();
    format!("{}, search", names.join(", "))
}

impl ShopStaging {
    /// The line of the row with this id; `None` if there is none.
    pub fn line_of(&self, id: &str) -> StorageResult<Option<u64>> {
        let mut statement = self.connection.prepare_cached("SELECT line FROM temp.staged WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get::<_, i64>(0)).optional()?.map(i64::cast_unsigned))
    }

    /// Adds a row. Without a shop, stores only the id and the line.
    pub fn add(&mut self, line: u64, id: &str, shop: Option<&ShopRecord>) -> StorageResult<()> {
        let mut values = vec![Value::Integer(line.cast_signed()), Value::Text(id.to_owned())];
        match shop {
            Some(shop) => values.extend(writes::with_search_text(shop, self.rules).into_iter().skip(1)),
            None => values.resize(Column::imported().count() + 2, Value::Null),
        }
        self.connection.prepare_cached(&self.insert)?.execute(rusqlite::params_from_iter(values))?;
        Ok(())
    }

    /// Compares the rows with the shops and writes them in one transaction. A dry run writes nothing.
    /// `complete_on` is given if the file is complete: shops in its cities that it does not name leave on
    /// that day.
    pub fn apply(mut self, complete_on: Option<CivilDate>, dry_run: bool) -> StorageResult<ShopChanges> {
        self.connection.execute_batch("COMMIT")?;
        let today = complete_on.map(|day| day.to_string());
        let told = told(&self.untold);
        if dry_run {
            return compare(&*self.connection.transaction()?, &told, today.as_deref());
        }
        let changes = write_on(&mut self.connection, &Guard::Catalogue, |transaction| {
            let changes = compare(transaction, &told, today.as_deref())?;
            write(transaction, &told, today.as_deref())?;
            Ok(changes)
        })?;
        // The search text also depends on columns that the file may not have.
        writes::complete_search_texts(&mut self.connection, self.rules)?;
        Ok(changes)
    }
}

/// The columns that are compared and written for existing shops. If the file does not have all columns that
/// the search text depends on, the search text is recomputed afterwards.
fn told(untold: &[&str]) -> Vec<&'static str> {
    let is_found_anew = ["district", "address"].iter().any(|column| untold.contains(column));
    let columns = Column::imported().skip(1).map(Column::name).chain(["search"]);
    let is_told = |column: &&str| match *column {
        "pinyin" | "search" => !is_found_anew,
        column => !untold.contains(&column),
    };
    columns.filter(is_told).collect()
}

/// The shops in the file's cities that take part on `?1` and that the file does not name.
const LEAVING: &str = "city IN (SELECT DISTINCT city FROM temp.staged) AND (left_on IS NULL OR left_on > ?1)
                       AND NOT EXISTS (SELECT 1 FROM temp.staged WHERE staged.id = shops.id)";
/// The shops that have left by `?1` and that the file names.
const COMING_BACK: &str = "left_on <= ?1 AND EXISTS (SELECT 1 FROM temp.staged WHERE staged.id = shops.id)";

fn compare(connection: &Connection, told: &[&str], today: Option<&str>) -> StorageResult<ShopChanges> {
    let (old, new): (Vec<_>, Vec<_>) = told.iter().map(|column| (format!("s.{column}"), format!("t.{column}"))).unzip();
    connection.execute(
        &format!(
            "UPDATE temp.staged AS t SET fate = COALESCE((
                 SELECT CASE WHEN ({}) IS ({}) THEN 'unchanged' ELSE 'changed' END FROM main.shops AS s WHERE s.id = t.id
             ), 'added')",
            old.join(", "),
            new.join(", ")
        ),
        [],
    )?;
    let mut changes = ShopChanges::default();
    let mut statement = connection.prepare("SELECT fate, COUNT(*) FROM temp.staged GROUP BY fate")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let count = row.get::<_, i64>(1)?.cast_unsigned();
        match row.get::<_, String>(0)?.as_str() {
            "added" => changes.added = count,
            "changed" => changes.changed = count,
            _ => changes.unchanged = count,
        }
    }
    if let Some(today) = today {
        let count = |which: &str| -> StorageResult<u64> {
            let sql = format!("SELECT COUNT(*) FROM main.shops WHERE {which}");
            Ok(connection.query_row(&sql, [today], |row| row.get::<_, i64>(0))?.cast_unsigned())
        };
        changes.left = count(LEAVING)?;
        changes.came_back = count(COMING_BACK)?;
    }
    Ok(changes)
}

fn write(connection: &Connection, told: &[&str], today: Option<&str>) -> StorageResult<()> {
    if let Some(today) = today {
        connection.execute(&format!("UPDATE main.shops SET left_on = NULL WHERE {COMING_BACK}"), [today])?;
        connection.execute(&format!("UPDATE main.shops SET left_on = ?1 WHERE {LEAVING}"), [today])?;
    }
    let columns = staged_columns();
    let mut updates: Vec<String> = told.iter().map(|column| format!("{column} = t.{column}")).collect();
    if !told.contains(&"search") {
        updates.push("search = NULL".to_owned());
    }
    let updates = updates.join(", ");
    let places = "INSERT OR REPLACE INTO main.shop_places
                  SELECT s.seq, s.wgs84_lat, s.wgs84_lat, s.wgs84_lng, s.wgs84_lng
                  FROM temp.staged AS t CROSS JOIN main.shops AS s ON s.id = t.id";
    connection.execute_batch(&format!(
        "UPDATE main.shops SET {updates} FROM temp.staged AS t WHERE t.fate = 'changed' AND t.id = shops.id;
         INSERT INTO main.shops (id, {columns}, seq)
             SELECT id, {columns}, staged.seq + (SELECT COALESCE(MAX(seq), 0) FROM main.shops)
             FROM temp.staged WHERE fate = 'added' ORDER BY staged.seq;
         {places} WHERE t.fate <> 'unchanged' ORDER BY t.seq;"
    ))?;
    Ok(())
}
