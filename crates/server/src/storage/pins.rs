//! Shops' PINs: their hashes, and how many wrong tries they have had.

use member_domain::{CivilDate, UnixMillis};
use rusqlite::OptionalExtension;

use super::{Database, StorageResult, attempts::AttemptRecord, attempts::record, date};

/// After so many wrong tries in a row a shop's PIN is locked.
const TRIES: u32 = 5;
/// For how long, in milliseconds: 15 minutes.
const LOCK_MILLIS: i64 = 15 * 60_000;

/// Leave to compare a PIN, or why there is none.
pub(crate) enum PinTry {
    /// Compare it with this hash, then call [`Database::settle_pin_try`]. Until then the try counts as wrong.
    Granted {
        hash: String,
        /// How many more wrong ones there may be if this one is wrong; at 0 the PIN is locked until `locked_until`.
        tries_left: u32,
        locked_until: UnixMillis,
    },
    /// Too many wrong ones.
    Locked(UnixMillis),
    /// The shop takes no PIN.
    NoPin,
    /// The shop has left the programme.
    ShopLeft,
    /// There is no such shop.
    NoShop,
}

impl Database {
    /// Gives a shop a PIN and unlocks it; `false` if there is no such shop.
    pub(crate) async fn put_pin(&self, shop_id: String, hash: String, now: UnixMillis) -> StorageResult<bool> {
        self.write(move |transaction| {
            let put = transaction.execute(
                "INSERT INTO shop_pins (shop_id, pin_hash, set_at) SELECT id, ?2, ?3 FROM shops WHERE id = ?1
                 ON CONFLICT (shop_id) DO UPDATE SET pin_hash = excluded.pin_hash, set_at = excluded.set_at,
                     failures = 0, locked_until = NULL",
                (shop_id, hash, now.0),
            )?;
            Ok(put == 1)
        })
        .await
    }

    /// Takes a shop's PIN away; `false` if it has none.
    pub(crate) async fn remove_pin(&self, shop_id: String) -> StorageResult<bool> {
        self.write(move |transaction| {
            Ok(transaction.execute("DELETE FROM shop_pins WHERE shop_id = ?1", [shop_id])? == 1)
        })
        .await
    }

    /// The shops that take a PIN by their methods but have none yet.
    pub(crate) async fn shops_without_pin(&self) -> StorageResult<Vec<String>> {
        self.read(|connection| {
            let mut statement = connection.prepare(
                "SELECT id FROM shops WHERE instr(';' || redeem_methods || ';', ';shop-pin;') > 0
                   AND id NOT IN (SELECT shop_id FROM shop_pins)",
            )?;
            let ids = statement.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Counts a try before it is made, so that tries at the same time cannot be more than there may be.
    pub(crate) async fn reserve_pin_try(&self, shop_id: String, now: UnixMillis) -> StorageResult<PinTry> {
        self.write(move |transaction| {
            let left_on: Option<Option<String>> = transaction
                .prepare_cached("SELECT left_on FROM shops WHERE id = ?1")?
                .query_row([&shop_id], |row| row.get(0))
                .optional()?;
            let Some(left_on) = left_on else { return Ok(PinTry::NoShop) };
            if left_on.as_deref().map(date).transpose()?.is_some_and(|day| day <= CivilDate::in_shanghai(now)) {
                return Ok(PinTry::ShopLeft);
            }
            let found: Option<(String, u32, Option<i64>)> = transaction
                .prepare_cached("SELECT pin_hash, failures, locked_until FROM shop_pins WHERE shop_id = ?1")?
                .query_row([&shop_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            let Some((hash, failures, locked_until)) = found else { return Ok(PinTry::NoPin) };
            let failures = match locked_until {
                Some(until) if until > now.0 => return Ok(PinTry::Locked(UnixMillis(until))),
                // The lock is over: counting starts anew.
                Some(_) => 1,
                None => failures + 1,
            };
            let tries_left = TRIES.saturating_sub(failures);
            let locked_until = now.plus_millis(LOCK_MILLIS);
            transaction
                .prepare_cached("UPDATE shop_pins SET failures = ?2, locked_until = ?3 WHERE shop_id = ?1")?
                .execute((&shop_id, failures, (tries_left == 0).then_some(locked_until.0)))?;
            Ok(PinTry::Granted { hash, tries_left, locked_until })
        })
        .await
    }

    /// Ends a granted try and answers whether the PIN was right: `matched` is the hash it matched, if it did. A right one
    /// clears the count. A wrong one, or one that is not the shop's any more, leaves the record `wrong`.
    pub(crate) async fn settle_pin_try(
        &self,
        shop_id: String,
        matched: Option<String>,
        wrong: AttemptRecord,
    ) -> StorageResult<bool> {
        self.write(move |transaction| {
            let cleared = match matched {
                Some(hash) => transaction
                    .prepare_cached(
                        "UPDATE shop_pins SET failures = 0, locked_until = NULL WHERE shop_id = ?1 AND pin_hash = ?2",
                    )?
                    .execute((shop_id, hash))?,
                None => 0,
            };
            if cleared == 0 {
                record(transaction, &wrong)?;
            }
            Ok(cleared == 1)
        })
        .await
    }
}
