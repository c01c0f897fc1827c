//! Credentials: one active a card.

use member_domain::{CredentialNumber, TotpPeriod, UnixMillis};
use rusqlite::OptionalExtension;

use super::{Database, StorageResult};

/// A credential about to be enrolled.
pub(crate) struct NewCredential {
    pub(crate) number: CredentialNumber,
    pub(crate) key: [u8; 32],
    pub(crate) period: TotpPeriod,
    pub(crate) expires_at: UnixMillis,
}

impl Database {
    /// Makes this the card's active credential and ends the one before; `false` if its number is already taken.
    pub(crate) async fn put_credential(
        &self,
        card_number: String,
        credential: NewCredential,
        now: UnixMillis,
    ) -> StorageResult<bool> {
        self.write(move |transaction| {
            let number = credential.number.as_str();
            let taken = transaction
                .prepare_cached("SELECT 1 FROM credentials WHERE number = ?1")?
                .query_row([number], |_| Ok(()))
                .optional()?;
            if taken.is_some() {
                return Ok(false);
            }
            transaction
                .prepare_cached("UPDATE credentials SET ended_at = ?2 WHERE card_number = ?1 AND ended_at IS NULL")?
                .execute((&card_number, now.0))?;
            transaction
                .prepare_cached(
                    "INSERT INTO credentials (number, card_number, key, period_millis, expires_at)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute((number, &card_number, credential.key, credential.period.millis(), credential.expires_at.0))?;
            transaction
                .prepare_cached(
                    "INSERT INTO changes (kind, member_id, at) SELECT 'credential', member_id, ?2 FROM cards WHERE number = ?1",
                )?
                .execute((&card_number, now.0))?;
            Ok(true)
        })
        .await
    }
}
