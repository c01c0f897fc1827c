//! Opens a database: migrates its schema, and registers the shop rules on its connections.

use std::path::Path;

use crate::{
    Database, StorageResult,
    engine::{Connect, migrate},
    shops::{ShopRules, search, writes},
};

impl Database {
    /// Opens the `SQLite` file at `path` and migrates its schema. Creates the file if it does not exist.
    /// `rules` are used to search shops and to write them.
    pub fn open(path: &Path, rules: ShopRules) -> StorageResult<Self> {
        let connect = Connect::new(path, move |connection| search::add_functions(connection, rules));
        let mut writer = connect.open()?;
        migrate(&mut writer)?;
        writes::complete_search_texts(&mut writer, rules)?;
        // To roll back one of several writes, SQLite needs a few pages. By default, it would create a file
        // for them each time.
        writer.pragma_update(None, "temp_store", "MEMORY")?;
        Ok(Self::start(writer, connect))
    }
}
