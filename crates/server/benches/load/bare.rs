//! The baseline: only the two writes that every redemption needs, in one durable transaction per redemption.
//! File, schema and indexes are the server's. Each write is a prepared statement.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use member_storage::{cells, inspect::Rows};

use crate::{
    codes::Codes,
    measure::{Load, millis},
};

/// A connection like the server's.
pub(crate) struct Bare {
    rows: Rows,
    codes: Codes,
}

impl Bare {
    pub(crate) fn on(database: &Path, members: u32) -> Self {
        let rows = Rows::open(database);
        rows.run_all(
            "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;
             PRAGMA wal_autocheckpoint = 8000",
        );
        Self { rows, codes: Codes::of(members) }
    }

    pub(crate) fn run(&mut self, slice: Duration) -> Load {
        let since = Instant::now();
        let mut taken = Vec::new();
        while since.elapsed() < slice {
            let (device, step) = self.codes.take();
            let (credential, card) = (format!("{:010}", device + 1), format!("{device:012}"));
            let begun = Instant::now();
            self.rows.together(|rows| {
                let claimed = rows.run(
                    "UPDATE credentials SET last_accepted_step = ?2 WHERE number = ?1 AND last_accepted_step < ?2",
                    cells![&credential, step.0],
                );
                assert_eq!(claimed, 1);
                rows.run(
                    "INSERT INTO redemptions
                         (id, shop_id, card_number, credential_number, step, bill_fen, saved_fen, redeemed_at)
                     VALUES (hex(randomblob(6)), ?1, ?2, ?3, ?4, 4200, 420, ?5)",
                    cells![format!("s{}", device % 64), card, &credential, step.0, step.0 * 30_000],
                );
            });
            taken.push(millis(begun.elapsed()));
        }
        Load::of(taken, since.elapsed())
    }
}
