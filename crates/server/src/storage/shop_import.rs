//! Shops of a file that is being imported: they wait in a temporary table, which SQLite keeps in a file of its own, until
//! all of them are known to be good. Only then is the database locked, and changed in one transaction.

use member_domain::CivilDate;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, types::Value};

use super::{Database, ShopRecord, StorageResult, connect, shop_writes};

/// What an import does to the shops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShopChanges {
    /// Shops that were not there before.
    pub added: u64,
    /// Shops that were there and are different now.
    pub changed: u64,
    /// Shops that are as they were.
    pub unchanged: u64,
    /// Shops that were not named any more and have left.
    pub left: u64,
    /// Shops that had left and were named again; they are counted as changed or unchanged, too.
    pub came_back: u64,
}

impl ShopChanges {
    /// How many shops the file names.
    pub const fn named(self) -> u64 {
        self.added + self.changed + self.unchanged
    }
}

/// Shops that wait. Dropped without [`Self::apply`], nothing remains of them.
pub(crate) struct ShopStaging {
    connection: Connection,
    insert: String,
    /// Columns that the file says nothing of: shops that are there keep what they have in them.
    untold: Vec<&'static str>,
}

impl Database {
    /// Begins an import, on a connection of its own, of a file that says nothing of the columns `untold`.
    pub(crate) fn stage_shops(&self, untold: Vec<&'static str>) -> StorageResult<ShopStaging> {
        let connection = connect(&self.inner.path)?;
        connection.pragma_update(None, "temp_store", "FILE")?;
        let columns = staged_columns();
        // A savepoint's worth of rows at a time would be slower. The transaction touches the temporary table only, and so
        // keeps nobody waiting.
        connection.execute_batch(&format!(
            "CREATE TEMP TABLE staged (
                 seq INTEGER PRIMARY KEY, line INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, fate TEXT, {columns}
             );
             BEGIN"
        ))?;
        let places: Vec<String> = (1..=shop_writes::WRITTEN.len() + 2).map(|index| format!("?{index}")).collect();
        let insert = format!("INSERT INTO temp.staged (line, id, {columns}) VALUES ({})", places.join(", "));
        Ok(ShopStaging { connection, insert, untold })
    }
}

/// Everything that is compared and written, without the id.
fn staged_columns() -> String {
    format!("{}, search", shop_writes::WRITTEN[1..].join(", "))
}

impl ShopStaging {
    /// The line of the row with this id, if there was one.
    pub(crate) fn line_of(&self, id: &str) -> StorageResult<Option<u64>> {
        let mut statement = self.connection.prepare_cached("SELECT line FROM temp.staged WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get::<_, i64>(0)).optional()?.map(i64::cast_unsigned))
    }

    /// Adds a row; without a shop, only its id and line.
    pub(crate) fn add(&mut self, line: u64, id: &str, shop: Option<&ShopRecord>) -> StorageResult<()> {
        let mut values = vec![Value::Integer(line.cast_signed()), Value::Text(id.to_owned())];
        match shop {
            Some(shop) => values.extend(shop_writes::written(shop).into_iter().skip(1)),
            None => values.resize(shop_writes::WRITTEN.len() + 2, Value::Null),
        }
        self.connection.prepare_cached(&self.insert)?.execute(rusqlite::params_from_iter(values))?;
        Ok(())
    }

    /// Compares the rows with the shops and, unless it is a dry run, writes them in one transaction. If the file is complete,
    /// shops of its cities that it does not name leave on that day.
    pub(crate) fn apply(mut self, complete_on: Option<CivilDate>, dry_run: bool) -> StorageResult<ShopChanges> {
        self.connection.execute_batch("COMMIT")?;
        let behavior = if dry_run { TransactionBehavior::Deferred } else { TransactionBehavior::Immediate };
        let transaction = self.connection.transaction_with_behavior(behavior)?;
        let today = complete_on.map(|day| day.to_string());
        let told = told(&self.untold);
        let changes = compare(&transaction, &told, today.as_deref())?;
        if dry_run {
            transaction.rollback()?;
            return Ok(changes);
        }
        write(&transaction, &told, today.as_deref())?;
        transaction.commit()?;
        // What a shop is found by is also made of what the file did not say.
        shop_writes::complete_search_texts(&mut self.connection)?;
        Ok(changes)
    }
}

/// The columns that are compared and written where a shop is there already. What it is found by is made anew afterwards if
/// the file does not say all that goes into it.
fn told(untold: &[&str]) -> Vec<&'static str> {
    let is_found_anew = ["district", "address"].iter().any(|column| untold.contains(column));
    let columns = shop_writes::WRITTEN[1..].iter().copied().chain(["search"]);
    let is_told = |column: &&str| match *column {
        "pinyin" | "search" => !is_found_anew,
        column => !untold.contains(&column),
    };
    columns.filter(is_told).collect()
}

/// The shops of the file's cities that take part on `?1` and that the file does not name.
const LEAVING: &str = "city IN (SELECT DISTINCT city FROM temp.staged) AND (left_on IS NULL OR left_on > ?1)
                       AND NOT EXISTS (SELECT 1 FROM temp.staged WHERE staged.id = shops.id)";
/// The shops that have left on `?1` and that the file names.
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
