//! The data of credential, card and shop that the rules of a redemption need.

use member_domain::{
    CardTerms, CivilDate, CredentialTerms, Discount, ProgrammePhase, ProgrammeSchedule, TimeStep, TotpPeriod,
    UnixMillis,
};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{StorageError, StorageResult, columns::date};

/// The credential with this number, and its card's number. `None` if there is no such credential.
pub(crate) fn credential(
    connection: &Connection,
    number: &str,
    shop: &ShopTerms,
    now: UnixMillis,
) -> StorageResult<Option<(String, CredentialTerms)>> {
    let mut statement = connection.prepare_cached(
        "SELECT cards.number, key, period_millis, expires_at, ended_at IS NOT NULL, last_accepted_step,
                valid_from, valid_until, programmes.last_day, cities
         FROM credentials
         JOIN cards ON cards.number = credentials.card_number
         JOIN programmes ON programmes.id = cards.programme_id
         WHERE credentials.number = ?1",
    )?;
    let mut rows = statement.query([number])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let record = CredentialTerms {
        key: row.get(1)?,
        period: TotpPeriod::from_millis(row.get(2)?).ok_or(StorageError::Unreadable("period"))?,
        expires_at: UnixMillis(row.get(3)?),
        ended: row.get(4)?,
        last_accepted_step: TimeStep(row.get(5)?),
        card: card_terms(row, 6, shop, now)?,
    };
    Ok(Some((row.get(0)?, record)))
}

/// Reads the columns that start at `first`: the card's first and last day, the programme's last day and the
/// cities.
pub(crate) fn card_terms(row: &Row<'_>, first: usize, shop: &ShopTerms, now: UnixMillis) -> StorageResult<CardTerms> {
    let last_day: Option<String> = row.get(first + 2)?;
    let schedule = ProgrammeSchedule { last_day: last_day.as_deref().map(date).transpose()? };
    Ok(CardTerms {
        valid_from: date(&row.get::<_, String>(first)?)?,
        valid_until: date(&row.get::<_, String>(first + 1)?)?,
        programme_ended: schedule.phase_at(now) == ProgrammePhase::Ended,
        works_here: row.get::<_, String>(first + 3)?.split(';').any(|name| name == shop.city),
    })
}

/// Whether this step of the credential was redeemed.
pub(crate) fn was_redeemed(connection: &Connection, credential: &str, step: TimeStep) -> StorageResult<bool> {
    let found = connection
        .prepare_cached("SELECT 1 FROM redemptions WHERE credential_number = ?1 AND step = ?2")?
        .query_row((credential, step.0), |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

/// The data of a shop that a redemption needs.
pub(crate) struct ShopTerms {
    pub(crate) city: String,
    pub(crate) discount: Discount,
    pub(crate) left_on: Option<CivilDate>,
}

/// The terms of this shop. Fails if there is no such shop.
pub(crate) fn shop_terms(connection: &Connection, shop_id: &str) -> StorageResult<ShopTerms> {
    let (city, permille, left_on): (String, u32, Option<String>) = connection
        .prepare_cached("SELECT city, discount_permille, left_on FROM shops WHERE id = ?1")?
        .query_row([shop_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let discount = Discount::from_permille(permille).map_err(|_| StorageError::Unreadable("discount"))?;
    Ok(ShopTerms { city, discount, left_on: left_on.as_deref().map(date).transpose()? })
}
