//! Receipts of redemptions, and notifications of the member's open pages.

use member_domain::{Fen, UnixMillis, mask_name, wire::Receipt};
use rusqlite::Connection;

use crate::StorageResult;

/// Notifies the member's open pages of a redemption.
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
