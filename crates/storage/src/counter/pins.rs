//! Shops' PINs: their hashes, and the tries at them.
//!
//! A try is pending until it is settled. As many tries may be pending as could all be wrong; later ones wait for them. Only
//! settled tries lock anything: a shop's PIN after [`SHOP_TRIES`] wrong ones in a row, a member's tries everywhere after
//! [`MEMBER_TRIES`] wrong ones within a day, whatever other members enter meanwhile.

use member_domain::{CallerId, CivilDate, UnixMillis, wire::ProblemKind};
use rusqlite::{Connection, OptionalExtension};

use super::attempts::{AttemptRecord, record};
use crate::{Database, StorageResult, columns::date, engine::Guard};

/// After this number of wrong tries in a row a shop's PIN is locked.
const SHOP_TRIES: u32 = 5;
/// How long a shop's PIN stays locked, in milliseconds: 15 minutes.
const LOCK_MILLIS: i64 = 15 * 60_000;
/// After this number of wrong tries within [`MEMBER_WINDOW_MILLIS`] a member may try no PIN of any shop.
const MEMBER_TRIES: u32 = 10;
/// The stretch of time in which a member's wrong tries count, in milliseconds: a day.
const MEMBER_WINDOW_MILLIS: i64 = 86_400_000;
/// When a pending try counts as wrong because nobody settled it, in milliseconds: a minute.
const PENDING_MILLIS: i64 = 60_000;

/// A granted try: its PIN may be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinTryId {
    id: i64,
    member_id: String,
    shop_id: String,
}

impl PinTryId {
    fn guard(&self) -> Guard {
        Guard::ShopPin { member_id: Some(self.member_id.clone()), shop_id: self.shop_id.clone() }
    }
}

/// Permission to compare a PIN, or the reason why there is none.
#[derive(Debug)]
pub enum PinTry {
    /// The PIN may be compared with this hash. [`Database::settle_pin_try`] ends the try.
    Granted {
        /// The try.
        id: PinTryId,
        /// The hash of the shop's PIN.
        hash: String,
    },
    /// Whether there is a try left depends on tries that are pending: ask again.
    Undecided,
    /// The shop's PIN is locked until this time.
    ShopLocked(UnixMillis),
    /// The member entered too many wrong PINs and may try again at this time.
    MemberLocked(UnixMillis),
    /// The shop has no PIN.
    NoPin,
    /// The shop has left the programme.
    ShopLeft,
    /// There is no such shop.
    NoShop,
}

/// The result of a try.
#[derive(Debug, PartialEq, Eq)]
pub enum PinSettled {
    /// The PIN was right.
    Right,
    /// The PIN was wrong.
    Wrong {
        /// How many more wrong ones there may be at this shop; at 0 the PIN is locked until `locked_until`.
        tries_left: u32,
        /// Until when the PIN is locked, if it is.
        locked_until: UnixMillis,
        /// At how many shops the member entered wrong PINs within a day, if this try was the last one allowed.
        guessed_at: Option<u32>,
    },
}

impl Database {
    /// Sets a shop's PIN and unlocks it. Returns `false` if there is no such shop.
    pub async fn put_pin(&self, shop_id: String, hash: String, now: UnixMillis) -> StorageResult<bool> {
        self.write(Guard::ShopPin { member_id: None, shop_id: shop_id.clone() }, move |transaction| {
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
        self.write(Guard::ShopPin { member_id: None, shop_id: shop_id.clone() }, move |transaction| {
            Ok(transaction.execute("DELETE FROM shop_pins WHERE shop_id = ?1", [&shop_id])? == 1)
        })
        .await
    }

    /// The ids of the shops that redeem by PIN but have no PIN yet.
    pub async fn shops_without_pin(&self) -> StorageResult<Vec<String>> {
        self.read(|connection| {
            let mut statement = connection.prepare(
                "SELECT id FROM shops WHERE ';' || redeem_methods || ';' LIKE '%;shop-pin;%'
                   AND id NOT IN (SELECT shop_id FROM shop_pins)",
            )?;
            let ids = statement.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Begins a try of this member at the PIN of a shop. `caller` is the member as a caller.
    pub async fn begin_pin_try(
        &self,
        shop_id: String,
        member_id: String,
        caller: CallerId,
        now: UnixMillis,
    ) -> StorageResult<PinTry> {
        let guard = Guard::ShopPin { member_id: Some(member_id.clone()), shop_id: shop_id.clone() };
        self.write(guard, move |transaction| {
            let left_on: Option<Option<String>> = transaction
                .prepare_cached("SELECT left_on FROM shops WHERE id = ?1")?
                .query_row([&shop_id], |row| row.get(0))
                .optional()?;
            let Some(left_on) = left_on else { return Ok(PinTry::NoShop) };
            if left_on.as_deref().map(date).transpose()?.is_some_and(|day| day <= CivilDate::in_shanghai(now)) {
                return Ok(PinTry::ShopLeft);
            }
            give_up_old_tries(transaction, &shop_id, now)?;
            let Some(pin) = shop_pin(transaction, &shop_id, now)? else { return Ok(PinTry::NoPin) };
            if let Some(until) = pin.locked_until {
                return Ok(PinTry::ShopLocked(until));
            }
            let by_member = member_tries(transaction, caller, now)?;
            if by_member.wrong >= MEMBER_TRIES {
                return Ok(PinTry::MemberLocked(by_member.oldest.plus_millis(MEMBER_WINDOW_MILLIS)));
            }
            let pending: u32 = transaction
                .prepare_cached("SELECT COUNT(*) FROM pin_tries WHERE shop_id = ?1 AND state = 'pending'")?
                .query_row([&shop_id], |row| row.get(0))?;
            if pin.failures + pending >= SHOP_TRIES || by_member.wrong + by_member.pending >= MEMBER_TRIES {
                return Ok(PinTry::Undecided);
            }
            let id = transaction
                .prepare_cached(
                    "INSERT INTO pin_tries (shop_id, caller, at, state) VALUES (?1, ?2, ?3, 'pending') RETURNING id",
                )?
                .query_row((&shop_id, caller.0, now.0), |row| row.get(0))?;
            let id = PinTryId { id, member_id: member_id.clone(), shop_id: shop_id.clone() };
            Ok(PinTry::Granted { id, hash: pin.hash })
        })
        .await
    }

    /// Ends a granted try. `matched` is the hash that the PIN matched; `None` if it was wrong. A right PIN resets the shop's count,
    /// not the member's. If the PIN was wrong, or the shop's hash has changed since, `wrong` is recorded.
    pub async fn settle_pin_try(
        &self,
        id: PinTryId,
        matched: Option<String>,
        wrong: AttemptRecord,
    ) -> StorageResult<PinSettled> {
        self.write(id.guard(), move |transaction| {
            let (shop_id, now) = (&wrong.shop_id, wrong.at);
            let cleared = match &matched {
                Some(hash) => transaction
                    .prepare_cached(
                        "UPDATE shop_pins SET failures = 0, locked_until = NULL WHERE shop_id = ?1 AND pin_hash = ?2",
                    )?
                    .execute((shop_id, hash))?,
                None => 0,
            };
            if cleared == 1 {
                transaction.prepare_cached("DELETE FROM pin_tries WHERE id = ?1")?.execute([id.id])?;
                return Ok(PinSettled::Right);
            }
            transaction.prepare_cached("UPDATE pin_tries SET state = 'wrong' WHERE id = ?1")?.execute([id.id])?;
            let tries_left = count_wrong(transaction, shop_id, 1, now)?;
            let outcome =
                if tries_left == 0 { ProblemKind::RateLimited.as_str().into() } else { wrong.outcome.clone() };
            record(transaction, &AttemptRecord { outcome, ..wrong.clone() })?;
            let by_member = member_tries(transaction, wrong.caller, now)?;
            Ok(PinSettled::Wrong {
                tries_left,
                locked_until: now.plus_millis(LOCK_MILLIS),
                guessed_at: (by_member.wrong == MEMBER_TRIES).then_some(by_member.shops),
            })
        })
        .await
    }

    /// Ends a granted try that could not be decided; it does not count.
    pub async fn drop_pin_try(&self, id: PinTryId) -> StorageResult<()> {
        self.write(id.guard(), move |transaction| {
            transaction.prepare_cached("DELETE FROM pin_tries WHERE id = ?1")?.execute([id.id])?;
            Ok(())
        })
        .await
    }
}

/// A shop's PIN and its count at this moment.
struct ShopPin {
    hash: String,
    failures: u32,
    locked_until: Option<UnixMillis>,
}

fn shop_pin(connection: &Connection, shop_id: &str, now: UnixMillis) -> StorageResult<Option<ShopPin>> {
    let found: Option<(String, u32, Option<i64>)> = connection
        .prepare_cached("SELECT pin_hash, failures, locked_until FROM shop_pins WHERE shop_id = ?1")?
        .query_row([shop_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    Ok(found.map(|(hash, failures, locked_until)| match locked_until {
        Some(until) if until > now.0 => ShopPin { hash, failures, locked_until: Some(UnixMillis(until)) },
        // The lock has ended, so the count starts again.
        Some(_) => ShopPin { hash, failures: 0, locked_until: None },
        None => ShopPin { hash, failures, locked_until: None },
    }))
}

/// Counts wrong tries at a shop; answers how many are left until it is locked.
fn count_wrong(connection: &Connection, shop_id: &str, wrong: u32, now: UnixMillis) -> StorageResult<u32> {
    let Some(pin) = shop_pin(connection, shop_id, now)? else { return Ok(0) };
    let failures = pin.failures + wrong;
    let tries_left = SHOP_TRIES.saturating_sub(failures);
    let locked_until = (tries_left == 0).then(|| now.plus_millis(LOCK_MILLIS).0);
    connection
        .prepare_cached("UPDATE shop_pins SET failures = ?2, locked_until = ?3 WHERE shop_id = ?1")?
        .execute((shop_id, failures, locked_until))?;
    Ok(tries_left)
}

/// Counts tries at a shop as wrong that nobody has settled, and forgets wrong tries that are older than a day.
fn give_up_old_tries(connection: &Connection, shop_id: &str, now: UnixMillis) -> StorageResult<()> {
    connection
        .prepare_cached("DELETE FROM pin_tries WHERE at <= ?1")?
        .execute([now.plus_millis(-MEMBER_WINDOW_MILLIS).0])?;
    let given_up = connection
        .prepare_cached("UPDATE pin_tries SET state = 'wrong' WHERE shop_id = ?1 AND state = 'pending' AND at <= ?2")?
        .execute((shop_id, now.plus_millis(-PENDING_MILLIS).0))?;
    if given_up > 0 {
        count_wrong(connection, shop_id, u32::try_from(given_up).unwrap_or(u32::MAX), now)?;
    }
    Ok(())
}

/// The tries of a member at all shops within the window.
struct MemberTries {
    wrong: u32,
    pending: u32,
    /// When the first of the last [`MEMBER_TRIES`] wrong ones was made.
    oldest: UnixMillis,
    /// At how many shops PINs were wrong.
    shops: u32,
}

fn member_tries(connection: &Connection, caller: CallerId, now: UnixMillis) -> StorageResult<MemberTries> {
    let since = now.plus_millis(-MEMBER_WINDOW_MILLIS).0;
    let tries = connection
        .prepare_cached(
            "SELECT COUNT(*) FILTER (WHERE state = 'wrong'), COUNT(*) FILTER (WHERE state = 'pending'),
                    COUNT(DISTINCT CASE state WHEN 'wrong' THEN shop_id END),
                    (SELECT at FROM pin_tries WHERE caller = ?1 AND at > ?2 AND state = 'wrong'
                     ORDER BY at DESC LIMIT 1 OFFSET ?3)
             FROM pin_tries WHERE caller = ?1 AND at > ?2",
        )?
        .query_row((caller.0, since, MEMBER_TRIES - 1), |row| {
            Ok(MemberTries {
                wrong: row.get(0)?,
                pending: row.get(1)?,
                shops: row.get(2)?,
                oldest: UnixMillis(row.get::<_, Option<i64>>(3)?.unwrap_or(now.0)),
            })
        })?;
    Ok(tries)
}
