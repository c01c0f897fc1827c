//! Terminals of a shop (tills and paired phones) and the codes that pair a phone. Only hashes of tokens and
//! codes are stored.

use member_domain::{CivilDate, Discount, TokenHash, UnixMillis};
use rusqlite::{Connection, OptionalExtension};

use crate::{Database, StorageError, StorageResult, columns::date, engine::Guard};

/// How long a pairing code is valid, in milliseconds: ten minutes.
pub const PAIRING_MILLIS: i64 = 10 * 60_000;
/// How long an expired code is stored, in milliseconds: one day. In this time it can be told from an unknown
/// code.
const PAIRING_KEPT_MILLIS: i64 = 86_400_000;

/// The result of adding a pairing code.
#[derive(Debug, PartialEq, Eq)]
pub enum NewPairing {
    /// The code was added.
    Added,
    /// An earlier code with the same digits is still stored.
    Taken,
    /// There is no such shop.
    NoShop,
    /// The shop no longer takes part.
    ShopLeft,
}

/// The result of a request to pair a phone.
#[derive(Debug, PartialEq, Eq)]
pub enum Pairing {
    /// The phone is paired.
    Paired,
    /// There is no such code.
    Unknown,
    /// The code has expired.
    Expired,
    /// The code was used before.
    Used,
    /// The shop no longer takes part.
    ShopLeft,
}

/// The kind of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalKind {
    /// A cash register.
    Till,
    /// A staff phone that is paired with the shop.
    Phone,
}

/// A terminal, as an operator sees it.
#[derive(Debug)]
pub struct TerminalRecord {
    /// The kind of terminal.
    pub kind: TerminalKind,
    /// When it was created.
    pub created_at: UnixMillis,
    /// When it was ended; `None` if it was not.
    pub ended_at: Option<UnixMillis>,
    /// The last 8 hexadecimal digits of the token's hash.
    pub id: String,
}

/// A phone that was paired, and the shop with which it was paired.
#[derive(Debug)]
pub struct PhoneRecord {
    /// The shop.
    pub shop_id: String,
    /// The shop's name.
    pub shop_name: String,
    /// The shop's discount for members.
    pub discount: Discount,
    /// The first day on which the shop no longer takes part; `None` if there is no such day.
    pub left_on: Option<CivilDate>,
    /// Whether the pairing was ended.
    pub ended: bool,
}

impl Database {
    /// Stores a new pairing code of this shop. Earlier codes stay valid. Deletes codes that expired more than
    /// a day ago.
    pub async fn put_pairing_code(
        &self,
        code: TokenHash,
        shop_id: String,
        now: UnixMillis,
    ) -> StorageResult<NewPairing> {
        self.write(Guard::shop(&shop_id), move |transaction| {
            match takes_part(transaction, &shop_id, now)? {
                None => return Ok(NewPairing::NoShop),
                Some(false) => return Ok(NewPairing::ShopLeft),
                Some(true) => {}
            }
            transaction.execute(
                "DELETE FROM pairing_codes WHERE expires_at < ?1",
                [now.plus_millis(-PAIRING_KEPT_MILLIS).0],
            )?;
            let added = transaction.execute(
                "INSERT INTO pairing_codes (code_hash, shop_id, expires_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (code_hash) DO NOTHING",
                (code.0, &shop_id, now.plus_millis(PAIRING_MILLIS).0),
            )?;
            Ok(if added == 1 { NewPairing::Added } else { NewPairing::Taken })
        })
        .await
    }

    /// Uses up a pairing code, and makes the phone with this token a terminal of the code's shop. Either both
    /// happen or neither does.
    pub async fn pair(&self, code: TokenHash, phone: TokenHash, now: UnixMillis) -> StorageResult<Pairing> {
        self.write(Guard::PairingCode(code), move |transaction| {
            let found: Option<(String, i64, bool)> = transaction
                .prepare_cached(
                    "SELECT shop_id, expires_at, used_at IS NOT NULL FROM pairing_codes WHERE code_hash = ?1",
                )?
                .query_row([code.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            let shop_id = match found {
                None => return Ok(Pairing::Unknown),
                Some((_, _, true)) => return Ok(Pairing::Used),
                Some((_, expires_at, _)) if now.0 >= expires_at => return Ok(Pairing::Expired),
                Some((shop_id, ..)) => shop_id,
            };
            if takes_part(transaction, &shop_id, now)? != Some(true) {
                return Ok(Pairing::ShopLeft);
            }
            transaction.execute("UPDATE pairing_codes SET used_at = ?2 WHERE code_hash = ?1", (code.0, now.0))?;
            transaction.execute(
                "INSERT INTO terminals (token_hash, shop_id, created_at, kind) VALUES (?1, ?2, ?3, 'phone')",
                (phone.0, shop_id, now.0),
            )?;
            Ok(Pairing::Paired)
        })
        .await
    }

    /// The phone with this token; `None` if there is none. Tills are not found.
    pub async fn phone(&self, token: TokenHash) -> StorageResult<Option<PhoneRecord>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT shops.id, name, discount_permille, left_on, ended_at IS NOT NULL
                 FROM terminals JOIN shops ON shops.id = shop_id
                 WHERE token_hash = ?1 AND kind = 'phone'",
            )?;
            let mut rows = statement.query([token.0])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            let discount = Discount::from_permille(row.get(2)?).map_err(|_| StorageError::Unreadable("discount"))?;
            Ok(Some(PhoneRecord {
                shop_id: row.get(0)?,
                shop_name: row.get(1)?,
                discount,
                left_on: row.get::<_, Option<String>>(3)?.as_deref().map(date).transpose()?,
                ended: row.get(4)?,
            }))
        })
        .await
    }

    /// The shop's terminals, oldest first.
    pub async fn terminals(&self, shop_id: String) -> StorageResult<Vec<TerminalRecord>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT kind, created_at, ended_at, token_hash FROM terminals
                 WHERE shop_id = ?1 ORDER BY created_at, token_hash",
            )?;
            let mut rows = statement.query([shop_id])?;
            let mut terminals = Vec::new();
            while let Some(row) = rows.next()? {
                let kind = match row.get::<_, String>(0)?.as_str() {
                    "till" => TerminalKind::Till,
                    "phone" => TerminalKind::Phone,
                    _ => return Err(StorageError::Unreadable("terminal kind")),
                };
                terminals.push(TerminalRecord {
                    kind,
                    created_at: UnixMillis(row.get(1)?),
                    ended_at: row.get::<_, Option<i64>>(2)?.map(UnixMillis),
                    id: terminal_id(row.get(3)?),
                });
            }
            Ok(terminals)
        })
        .await
    }

    /// Ends the shop's terminals with this id and returns how many there are. A terminal that was already
    /// ended is counted, and keeps its time.
    pub async fn end_terminal(&self, shop_id: String, id: String, now: UnixMillis) -> StorageResult<usize> {
        self.write(Guard::shop(&shop_id), move |transaction| {
            let mut statement = transaction.prepare_cached("SELECT token_hash FROM terminals WHERE shop_id = ?1")?;
            let hashes = statement.query_map([&shop_id], |row| row.get(0))?.collect::<Result<Vec<[u8; 32]>, _>>()?;
            let named = hashes.into_iter().filter(|hash| terminal_id(*hash).eq_ignore_ascii_case(&id));
            let mut ended = 0;
            for hash in named {
                let sql = "UPDATE terminals SET ended_at = COALESCE(ended_at, ?2) WHERE token_hash = ?1";
                ended += transaction.prepare_cached(sql)?.execute((hash, now.0))?;
            }
            Ok(ended)
        })
        .await
    }

    /// Ends the terminal with this token.
    pub async fn unpair(&self, token: TokenHash, now: UnixMillis) -> StorageResult<()> {
        self.write(Guard::Terminal(token), move |transaction| {
            transaction.execute(
                "UPDATE terminals SET ended_at = ?2 WHERE token_hash = ?1 AND ended_at IS NULL",
                (token.0, now.0),
            )?;
            Ok(())
        })
        .await
    }
}

/// The id of the terminal whose token has this hash: the last 8 hexadecimal digits.
fn terminal_id(hash: [u8; 32]) -> String {
    let [.., a, b, c, d] = hash;
    format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
}

/// Whether the shop takes part on the day of `now`; `None` if there is no such shop.
fn takes_part(connection: &Connection, shop_id: &str, now: UnixMillis) -> StorageResult<Option<bool>> {
    let left_on: Option<Option<String>> = connection
        .prepare_cached("SELECT left_on FROM shops WHERE id = ?1")?
        .query_row([shop_id], |row| row.get(0))
        .optional()?;
    let Some(left_on) = left_on else { return Ok(None) };
    let left_on = left_on.as_deref().map(date).transpose()?;
    Ok(Some(left_on.is_none_or(|left_on| CivilDate::in_shanghai(now) < left_on)))
}
