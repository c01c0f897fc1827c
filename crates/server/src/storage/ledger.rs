//! What was redeemed: receipts, members' ledgers, and telling open pages of it.

use member_domain::{
    CivilDate, Fen, UnixMillis,
    wire::{LedgerEntry, Receipt},
};
use rusqlite::Connection;

use super::{Database, StorageResult, changes::ledger_entry, terms::shop_terms, trust};
use crate::session::mask_name;

/// A redemption of the past, for demo data.
pub(crate) struct SeedRedemption {
    pub(crate) id: String,
    pub(crate) shop_id: String,
    pub(crate) card_number: String,
    pub(crate) bill: Fen,
    pub(crate) redeemed_at: UnixMillis,
}

impl Database {
    /// Adds a redemption of the past unless it is already there.
    pub(crate) async fn seed_redemption(&self, seed: SeedRedemption) -> StorageResult<()> {
        self.write(move |transaction| {
            let saved = shop_terms(transaction, &seed.shop_id)?.discount.apply(seed.bill).saved;
            let added = transaction.execute(
                "INSERT INTO redemptions (id, shop_id, card_number, bill_fen, saved_fen, redeemed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING",
                (&seed.id, &seed.shop_id, &seed.card_number, seed.bill.0, saved.0, seed.redeemed_at.0),
            )?;
            if added == 1 {
                trust::add(transaction, &seed.shop_id, CivilDate::in_shanghai(seed.redeemed_at), 1, 0)?;
            }
            Ok(())
        })
        .await
    }

    /// The member's ledger, newest first: at most `limit` entries older than the one at `before`, each with its place.
    pub(crate) async fn ledger(
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

/// Tells the member's open pages about a redemption.
pub(super) fn announce(connection: &Connection, redemption_id: &str, now: UnixMillis) -> StorageResult<()> {
    connection
        .prepare_cached(
            "INSERT INTO changes (kind, member_id, redemption_id, at)
             SELECT 'redemption', cards.member_id, redemptions.id, ?2
             FROM redemptions JOIN cards ON cards.number = redemptions.card_number WHERE redemptions.id = ?1",
        )?
        .execute((redemption_id, now.0))?;
    Ok(())
}

/// The receipt of the redemption with this id.
pub(super) fn receipt(connection: &Connection, id: &str) -> StorageResult<Receipt> {
    let mut statement = connection.prepare_cached(
        "SELECT redemptions.id, shop_id, members.name, bill_fen, saved_fen, redeemed_at, cancelled_at
         FROM redemptions
         JOIN cards ON cards.number = redemptions.card_number
         JOIN members ON members.id = cards.member_id
         WHERE redemptions.id = ?1",
    )?;
    let receipt = statement.query_row([id], |row| {
        let name: String = row.get(2)?;
        let (bill, saved): (i64, i64) = (row.get(3)?, row.get(4)?);
        Ok(Receipt {
            id: row.get(0)?,
            shop_id: row.get(1)?,
            member_masked: mask_name(&name),
            bill_fen: Fen(bill),
            saved_fen: Fen(saved),
            payable_fen: Fen(bill - saved),
            redeemed_at: UnixMillis(row.get(5)?),
            cancelled_at: row.get::<_, Option<i64>>(6)?.map(UnixMillis),
        })
    })?;
    Ok(receipt)
}
