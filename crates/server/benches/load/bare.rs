//! The anchor: the two writes that a redemption cannot do without, in one durable transaction each, and nothing around
//! them. The same file, schema and indexes as the server's, one prepared statement each.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, TransactionBehavior};

use crate::{
    codes::Codes,
    measure::{Load, millis},
};

/// A connection like the server's own.
pub(crate) struct Bare {
    connection: Connection,
    codes: Codes,
}

impl Bare {
    pub(crate) fn on(database: &Path, members: u32) -> Self {
        let connection = Connection::open(database).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.pragma_update(None, "foreign_keys", "ON").unwrap();
        connection.pragma_update(None, "synchronous", "FULL").unwrap();
        connection.pragma_update(None, "wal_autocheckpoint", 8_000).unwrap();
        Self { connection, codes: Codes::of(members) }
    }

    pub(crate) fn run(&mut self, slice: Duration) -> Load {
        let since = Instant::now();
        let mut taken = Vec::new();
        while since.elapsed() < slice {
            let (device, step) = self.codes.take();
            let (credential, card) = (format!("{:010}", device + 1), format!("{device:012}"));
            let begun = Instant::now();
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
            let claimed = transaction
                .prepare_cached(
                    "UPDATE credentials SET last_accepted_step = ?2 WHERE number = ?1 AND last_accepted_step < ?2",
                )
                .unwrap()
                .execute((&credential, step.0))
                .unwrap();
            assert_eq!(claimed, 1);
            transaction
                .prepare_cached(
                    "INSERT INTO redemptions
                         (id, shop_id, card_number, credential_number, step, bill_fen, saved_fen, redeemed_at)
                     VALUES (hex(randomblob(6)), ?1, ?2, ?3, ?4, 4200, 420, ?5)",
                )
                .unwrap()
                .execute((format!("s{}", device % 64), &card, &credential, step.0, step.0 * 30_000))
                .unwrap();
            transaction.commit().unwrap();
            taken.push(millis(begun.elapsed()));
        }
        Load::of(taken, since.elapsed())
    }
}
