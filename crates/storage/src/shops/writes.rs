//! The rules about shops, and the search texts that are written with a shop.

use member_domain::{Normalize, SearchDocument, UnixMillis};
use rusqlite::{Connection, types::Value};

use super::{
    columns::{read, selected, written},
    record::ShopRecord,
};
use crate::{
    StorageResult,
    engine::{Guard, write_on},
};

/// Rules about shops that SQL cannot express. They must have no effects.
#[derive(Clone, Copy)]
pub struct ShopRules {
    /// Whether a shop with these published opening hours is open at that instant. `None` means that the hours
    /// are not known.
    pub is_open: fn(Option<&str>, UnixMillis) -> bool,
    /// The pinyin of a shop's name, category, district and address, as [`SearchDocument::new`] takes it.
    pub pinyin: fn(&ShopRecord) -> String,
    /// Normalises texts and queries before they are compared.
    pub normalize: Normalize,
}

#[cfg(test)]
impl ShopRules {
    /// Rules for tests that find no shops.
    pub(crate) const NONE: Self =
        Self { is_open: |_, _| false, pinyin: |_| String::new(), normalize: str::to_lowercase };
}

/// The values of the imported columns, followed by the search text.
pub(super) fn with_search_text(shop: &ShopRecord, rules: ShopRules) -> Vec<Value> {
    let pinyin = (rules.pinyin)(shop);
    let mut values = written(shop, &pinyin);
    values.push(Value::Text(document(shop, &pinyin, rules).as_str().to_owned()));
    values
}

/// The number of search texts computed in one transaction.
const COMPLETED_AT_ONCE: u32 = 1_000;

/// Computes the missing search texts: of shops that an earlier version wrote, and of shops whose text an
/// import has cleared.
pub(crate) fn complete_search_texts(connection: &mut Connection, rules: ShopRules) -> StorageResult<()> {
    // This look needs no write lock, and mostly there is nothing to write.
    while !without_search_text(connection, 1)?.is_empty() {
        write_on(connection, &Guard::Catalogue, |transaction| {
            for shop in without_search_text(transaction, COMPLETED_AT_ONCE)? {
                let pinyin = (rules.pinyin)(&shop);
                let search = document(&shop, &pinyin, rules);
                transaction.prepare_cached("UPDATE shops SET pinyin = ?2, search = ?3 WHERE id = ?1")?.execute((
                    &shop.id,
                    &pinyin,
                    search.as_str(),
                ))?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Shops without a search text, at most `limit`.
fn without_search_text(connection: &Connection, limit: u32) -> StorageResult<Vec<ShopRecord>> {
    let mut statement = connection.prepare(&format!(
        "SELECT {} FROM shops INDEXED BY shops_without_search WHERE search IS NULL LIMIT {limit}",
        selected()
    ))?;
    let mut rows = statement.query([])?;
    let mut shops = Vec::new();
    while let Some(row) = rows.next()? {
        shops.push(read(row)?);
    }
    Ok(shops)
}

fn document(shop: &ShopRecord, pinyin: &str, rules: ShopRules) -> SearchDocument {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (district, address) = (text(&shop.district), text(&shop.address));
    SearchDocument::new(&shop.name, shop.category, &district, &address, pinyin, rules.normalize)
}
