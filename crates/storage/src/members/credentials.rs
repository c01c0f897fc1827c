//! Credentials. A card has at most one active credential.

use member_domain::{CredentialNumber, TotpPeriod, UnixMillis};
use rusqlite::OptionalExtension;

use crate::{Database, StorageResult, engine::Guard};

/// A credential to enrol.
pub struct NewCredential {
    /// The number, unique among all credentials.
    pub number: CredentialNumber,
    /// The secret HMAC key of the credential's codes.
    pub key: [u8; 32],
    /// The length of a time step.
    pub period: TotpPeriod,
    /// From this instant on, the credential's codes are refused.
    pub expires_at: UnixMillis,
}

impl Database {
    /// Makes this the card's active credential, ends the previous one and notifies the member's open pages.
    /// Returns `false`, and changes nothing, if the number is already taken.
    pub async fn put_credential(
        &self,
        card_number: String,
        credential: NewCredential,
        now: UnixMillis,
    ) -> StorageResult<bool> {
        self.write(Guard::Card(card_number.clone()), move |transaction| {
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
