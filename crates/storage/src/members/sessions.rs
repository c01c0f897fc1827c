//! Sessions of members, and tokens of terminals. Only hashes of tokens are stored.

use member_domain::{RedeemedBy, TokenHash, UnixMillis};
use rusqlite::OptionalExtension;

use crate::{Database, StorageError, StorageResult, engine::Guard};

impl Database {
    /// Creates a session of this member that lasts until `expires_at`. Returns `false` if there is no such
    /// member.
    pub async fn put_session(
        &self,
        token: TokenHash,
        member_id: String,
        expires_at: UnixMillis,
    ) -> StorageResult<bool> {
        self.write(Guard::Member(member_id.clone()), move |transaction| {
            let added = transaction.execute(
                "INSERT INTO sessions (token_hash, member_id, expires_at) SELECT ?1, id, ?3 FROM members WHERE id = ?2",
                (token.0, &member_id, expires_at.0),
            )?;
            Ok(added == 1)
        })
        .await
    }

    /// The member whose session has this token. `None` if the token is unknown or expired.
    pub async fn session_member(&self, token: TokenHash, now: UnixMillis) -> StorageResult<Option<String>> {
        self.read(move |connection| {
            let sql = "SELECT member_id FROM sessions WHERE token_hash = ?1 AND expires_at > ?2";
            let found = connection.prepare_cached(sql)?.query_row((token.0, now.0), |row| row.get(0));
            Ok(found.optional()?)
        })
        .await
    }

    /// Adds a till that may redeem for this shop. Returns `false` if there is no such shop.
    pub async fn put_terminal(&self, token: TokenHash, shop_id: String, now: UnixMillis) -> StorageResult<bool> {
        self.write(Guard::shop(&shop_id), move |transaction| {
            let added = transaction.execute(
                "INSERT INTO terminals (token_hash, shop_id, created_at) SELECT ?1, id, ?3 FROM shops WHERE id = ?2",
                (token.0, &shop_id, now.0),
            )?;
            Ok(added == 1)
        })
        .await
    }

    /// The shop for which this terminal redeems, and the kind of terminal. `None` if the token is unknown or
    /// the terminal was ended.
    pub async fn terminal_shop(&self, token: TokenHash) -> StorageResult<Option<(String, RedeemedBy)>> {
        let found: Option<(String, String)> = self
            .read(move |connection| {
                let sql = "SELECT shop_id, kind FROM terminals WHERE token_hash = ?1 AND ended_at IS NULL";
                let found = connection.prepare_cached(sql)?.query_row([token.0], |row| Ok((row.get(0)?, row.get(1)?)));
                Ok(found.optional()?)
            })
            .await?;
        let Some((shop_id, kind)) = found else { return Ok(None) };
        let kind = RedeemedBy::from_name(&kind).ok_or(StorageError::Unreadable("kind of terminal"))?;
        Ok(Some((shop_id, kind)))
    }
}
