//! Shops' PINs: their hashes, and the number of wrong tries.

use member_domain::{CivilDate, UnixMillis};
use rusqlite::OptionalExtension;

use crate::{
    Database, StorageResult,
    columns::date,
    counter::attempts::{AttemptRecord, record},
};

/// After this many wrong tries in a row, a shop's PIN is locked.
const TRIES: u32 = 5;
/// How long a PIN stays locked, in milliseconds: 15 minutes.
const LOCK_MILLIS: i64 = 15 * 60_000;

/// The permission to compare a PIN, or the reason why there is none.
pub enum PinTry {
    /// Compare the PIN with this hash, then call [`Database::settle_pin_try`]. Until then, the try counts as
    /// wrong.
    Granted {
        /// The hash of the shop's PIN.
        hash: String,
        /// How many more wrong tries are allowed if this one is wrong. At 0, a wrong try locks the PIN until
        /// `locked_until`.
        tries_left: u32,
        /// When the lock ends, if this try is wrong and `tries_left` is 0.
        locked_until: UnixMillis,
    },
    /// There were too many wrong tries. Holds the instant at which the lock ends.
    Locked(UnixMillis),
    /// The shop has no PIN.
    NoPin,
    /// The shop no longer takes part.
    ShopLeft,
    /// There is no such shop.
    NoShop,
}

impl Database {
    /// Sets a shop's PIN and unlocks it. Returns `false` if there is no such shop.
    pub async fn put_pin(&self, shop_id: String, hash: String, now: UnixMillis) -> StorageResult<bool> {
        self.write(move |transaction| {
            let put = transaction.execute(
                "INSERT INTO shop_pins (shop_id, pin_hash, set_at) SELECT id, ?2, ?3 FROM shops WHERE id = ?1
                 ON CONFLICT (shop_id) DO UPDATE SET pin_hash = excluded.pin_hash, set_at = excluded.set_at,
                     failures = 0, locked_until = NULL",
                (&shop_id, &hash, now.0),
            )?;
            Ok(put == 1)
        })
        .await
    }

    /// Deletes a shop's PIN. Returns `false` if it has none.
    pub async fn remove_pin(&self, shop_id: String) -> StorageResult<bool> {
        self.write(move |transaction| {
            Ok(transaction.execute("DELETE FROM shop_pins WHERE shop_id = ?1", [&shop_id])? == 1)
        })
        .await
    }

    /// The ids of the shops that redeem by PIN but have no PIN yet.
    pub async fn shops_without_pin(&self) -> StorageResult<Vec<String>> {
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

    /// Counts a try before it is made, so that concurrent tries cannot exceed the limit.
    pub async fn reserve_pin_try(&self, shop_id: String, now: UnixMillis) -> StorageResult<PinTry> {
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
                // The lock has ended, so the count starts again.
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

    /// Settles a granted try and returns whether the PIN was right. `matched` is the hash that the PIN
    /// matched; `None` if it was wrong. A right PIN resets the count. If the PIN was wrong, or the shop's
    /// hash has changed since, `wrong` is recorded.
    pub async fn settle_pin_try(
        &self,
        shop_id: String,
        matched: Option<String>,
        wrong: AttemptRecord,
    ) -> StorageResult<bool> {
        self.write(move |transaction| {
            let cleared = match &matched {
                Some(hash) => transaction
                    .prepare_cached(
                        "UPDATE shop_pins SET failures = 0, locked_until = NULL WHERE shop_id = ?1 AND pin_hash = ?2",
                    )?
                    .execute((&shop_id, hash))?,
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
