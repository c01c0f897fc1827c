//! Members' ledgers: lists of their redemptions.

use member_domain::wire::LedgerEntry;

use crate::{Database, StorageResult, live::ledger_entry};

impl Database {
    /// The member's ledger, newest first, at most `limit` entries. Each entry comes with its position.
    /// `before` is a position: only older entries are returned. `None` starts at the newest entry.
    pub async fn ledger(
        &self,
        member_id: String,
        before: Option<i64>,
        limit: u32,
    ) -> StorageResult<Vec<(i64, LedgerEntry)>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT redemptions.seq, redemptions.id, shops.id, shops.name, bill_fen, saved_fen, redeemed_at, cancelled_at
                 FROM redemptions JOIN shops ON shops.id = shop_id
                 WHERE card_number IN (SELECT number FROM cards WHERE member_id = ?1) AND redemptions.seq < ?2
                 ORDER BY redemptions.seq DESC LIMIT ?3",
            )?;
            let mut rows = statement.query((member_id, before.unwrap_or(i64::MAX), limit))?;
            let mut entries = Vec::new();
            while let Some(row) = rows.next()? {
                entries.push((row.get(0)?, ledger_entry(row, 1)?));
            }
            Ok(entries)
        })
        .await
    }
}
