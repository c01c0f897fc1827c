//! Members' favourite shops.

use member_domain::wire::FavouriteChange;
use rusqlite::{Connection, OptionalExtension};

use crate::{Database, StorageResult, engine::Guard};

impl Database {
    /// The ids of the member's favourites, newest first.
    pub async fn favourites(&self, member_id: String) -> StorageResult<Vec<String>> {
        self.read(move |connection| Ok(favourites_of(connection, &member_id)?)).await
    }

    /// Applies changes in their order and returns the ids of the member's favourites, newest first. Unknown shops are
    /// skipped. Returns `None`, and changes nothing, if there would be more than `most` favourites.
    pub async fn change_favourites(
        &self,
        member_id: String,
        changes: Vec<FavouriteChange>,
        most: usize,
    ) -> StorageResult<Option<Vec<String>>> {
        self.write(Guard::Member(member_id.clone()), move |transaction| {
            let before = favourites_of(transaction, &member_id)?;
            let mut after = before.clone();
            for FavouriteChange { shop_id, is_favourite } in &changes {
                if !is_favourite {
                    after.retain(|known| known != shop_id);
                } else if !after.contains(shop_id) && has_shop(transaction, shop_id)? {
                    after.insert(0, shop_id.clone());
                }
            }
            if after.len() > most && after.len() > before.len() {
                return Ok(None);
            }
            if after != before {
                transaction.prepare_cached("DELETE FROM favourites WHERE member_id = ?1")?.execute([&member_id])?;
                let mut insert = transaction
                    .prepare_cached("INSERT INTO favourites (member_id, shop_id, place) VALUES (?1, ?2, ?3)")?;
                for (place, shop_id) in (1_i64..).zip(after.iter().rev()) {
                    insert.execute((&member_id, shop_id, place))?;
                }
            }
            Ok(Some(after))
        })
        .await
    }
}

fn favourites_of(connection: &Connection, member_id: &str) -> Result<Vec<String>, rusqlite::Error> {
    let sql = "SELECT shop_id FROM favourites WHERE member_id = ?1 ORDER BY place DESC";
    connection.prepare_cached(sql)?.query_map([member_id], |row| row.get(0))?.collect()
}

fn has_shop(connection: &Connection, shop_id: &str) -> Result<bool, rusqlite::Error> {
    let found = connection.prepare_cached("SELECT 1 FROM shops WHERE id = ?1")?.query_row([shop_id], |_| Ok(()));
    Ok(found.optional()?.is_some())
}
