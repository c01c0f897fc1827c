//! The change log, from which open pages are notified. Every process that writes appends to it, in the
//! transaction of the change.

use member_domain::{Fen, UnixMillis, wire::LedgerEntry};
use rusqlite::Row;

use crate::{Database, StorageResult};

/// The maximum number of entries that one read of the log returns.
pub const CHANGES_AT_ONCE: u32 = 500;

/// One entry of the change log.
#[derive(Clone, Debug)]
pub struct Change {
    /// The position in the log. It increases with each entry and is never reused.
    pub seq: i64,
    /// The member to notify; `None` notifies all members.
    pub member_id: Option<String>,
    /// What has changed.
    pub kind: ChangeKind,
}

/// What has changed.
#[derive(Clone, Debug)]
pub enum ChangeKind {
    /// A redemption was confirmed or cancelled. Holds its current ledger entry.
    Redemption(LedgerEntry),
    /// A refund of the member has changed.
    Refund,
    /// A programme was created or changed.
    Programme,
    /// A device has enrolled. Holds the number of the member's active credential; `None` if there is none.
    Credential(Option<String>),
    /// An event, or the member's sign-up for it, has changed. Holds the event's id.
    MemberEvent(String),
    /// A newer version of this program wrote the entry, beside this one.
    Unknown,
}

impl Database {
    /// The position of the last entry; 0 if the log is empty.
    pub async fn last_change(&self) -> StorageResult<i64> {
        self.read(|connection| {
            Ok(connection.query_row("SELECT COALESCE(MAX(seq), 0) FROM changes", [], |row| row.get(0))?)
        })
        .await
    }

    /// The entries after `seq`, oldest first, at most [`CHANGES_AT_ONCE`]. With a `member_id`, only the
    /// entries for that member and for all members.
    pub async fn changes_after(&self, seq: i64, member_id: Option<String>) -> StorageResult<Vec<Change>> {
        // The entries of one member are found by an index. The rows that a batch writes for other members are
        // not read.
        let which = match &member_id {
            None => "changes.seq > ?1 AND CAST(?2 AS TEXT) IS NULL",
            Some(_) => {
                "changes.seq IN (SELECT seq FROM changes WHERE member_id = ?2 AND seq > ?1
                                 UNION ALL SELECT seq FROM changes WHERE member_id IS NULL AND seq > ?1
                                 ORDER BY seq LIMIT ?3)"
            }
        };
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT changes.seq, changes.member_id, changes.kind, redemptions.id, shops.id, shops.name,
                        redemptions.bill_fen, redemptions.saved_fen, redemptions.redeemed_at,
                        redemptions.cancelled_at,
                        CASE changes.kind WHEN 'credential' THEN
                            (SELECT credentials.number
                             FROM credentials JOIN cards ON cards.number = credentials.card_number
                             WHERE cards.member_id = changes.member_id AND credentials.ended_at IS NULL
                             ORDER BY cards.valid_until DESC, cards.number LIMIT 1)
                        END,
                        changes.event_id
                 FROM changes
                 LEFT JOIN redemptions ON redemptions.id = changes.redemption_id
                 LEFT JOIN shops ON shops.id = redemptions.shop_id
                 WHERE {which}
                 ORDER BY changes.seq LIMIT ?3",
            ))?;
            let mut rows = statement.query((seq, member_id, CHANGES_AT_ONCE))?;
            let mut changes = Vec::new();
            while let Some(row) = rows.next()? {
                changes.push(change(row)?);
            }
            Ok(changes)
        })
        .await
    }
}

fn change(row: &Row<'_>) -> StorageResult<Change> {
    let kind: String = row.get(2)?;
    let kind = match kind.as_str() {
        "redemption" => ChangeKind::Redemption(ledger_entry(row, 3)?),
        "refund" => ChangeKind::Refund,
        "programme" => ChangeKind::Programme,
        "credential" => ChangeKind::Credential(row.get(10)?),
        "member-event" => ChangeKind::MemberEvent(row.get(11)?),
        _ => ChangeKind::Unknown,
    };
    Ok(Change { seq: row.get(0)?, member_id: row.get(1)?, kind })
}

/// Reads a ledger entry from the columns that start at `first`: id, shop id, shop name, bill, saving, time
/// and cancellation.
pub(crate) fn ledger_entry(row: &Row<'_>, first: usize) -> StorageResult<LedgerEntry> {
    let (bill, saved): (i64, i64) = (row.get(first + 3)?, row.get(first + 4)?);
    Ok(LedgerEntry {
        id: row.get(first)?,
        shop_id: row.get(first + 1)?,
        shop_name: row.get(first + 2)?,
        bill_fen: Fen(bill),
        saved_fen: Fen(saved),
        payable_fen: Fen(bill - saved),
        redeemed_at: UnixMillis(row.get(first + 5)?),
        cancelled_at: row.get::<_, Option<i64>>(first + 6)?.map(UnixMillis),
    })
}
