//! Facts about the database itself.

use rusqlite::OptionalExtension;

use super::{Database, StorageResult};

impl Database {
    /// Whether this database holds demo data, may take it because it is empty, or belongs to real members.
    pub(crate) async fn is_demo_or_empty(&self) -> StorageResult<bool> {
        self.read(|connection| {
            let demo: Option<String> = connection
                .query_row("SELECT value FROM settings WHERE name = 'demo'", [], |row| row.get(0))
                .optional()?;
            let members: i64 = connection.query_row("SELECT COUNT(*) FROM members", [], |row| row.get(0))?;
            Ok(demo.is_some() || members == 0)
        })
        .await
    }

    /// Marks the database as one of demo data.
    pub(crate) async fn mark_as_demo(&self) -> StorageResult<()> {
        self.write(|transaction| {
            transaction
                .execute("INSERT INTO settings (name, value) VALUES ('demo', '1') ON CONFLICT (name) DO NOTHING", [])?;
            Ok(())
        })
        .await
    }
}
