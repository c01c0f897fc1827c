//! Programmes: what cards are bought of.

use member_domain::{CivilDate, Fen, UnixMillis};
use rusqlite::{OptionalExtension, Row};

use super::{Database, StorageResult, date};

/// A programme as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct ProgrammeRecord {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) name_en: Option<String>,
    pub(crate) price: Fen,
    pub(crate) last_day: Option<CivilDate>,
}

impl ProgrammeRecord {
    /// The columns [`Self::from_row`] reads, from a table called `programmes`.
    pub(super) const COLUMNS: &'static str =
        "programmes.id, programmes.name, programmes.name_en, programmes.price_fen, programmes.last_day";

    pub(super) fn from_row(row: &Row<'_>) -> StorageResult<Self> {
        let last_day: Option<String> = row.get(4)?;
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            name_en: row.get(2)?,
            price: Fen(row.get(3)?),
            last_day: last_day.as_deref().map(date).transpose()?,
        })
    }
}

impl Database {
    /// Creates the programme, or updates the one with its id.
    pub(crate) async fn put_programme(&self, programme: ProgrammeRecord, now: UnixMillis) -> StorageResult<()> {
        self.write(move |transaction| {
            transaction.execute(
                "INSERT INTO programmes (id, name, name_en, price_fen, last_day, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
                     price_fen = excluded.price_fen, last_day = excluded.last_day",
                (
                    &programme.id,
                    &programme.name,
                    &programme.name_en,
                    programme.price.0,
                    programme.last_day.map(|day| day.to_string()),
                    now.0,
                ),
            )?;
            transaction.execute("INSERT INTO changes (kind, at) VALUES ('programme', ?1)", [now.0])?;
            Ok(())
        })
        .await
    }

    /// The programme with this id.
    pub(crate) async fn programme(&self, id: String) -> StorageResult<Option<ProgrammeRecord>> {
        self.read(move |connection| {
            let sql = format!("SELECT {} FROM programmes WHERE id = ?1", ProgrammeRecord::COLUMNS);
            let found = connection.prepare_cached(&sql)?.query_row([id], |row| Ok(ProgrammeRecord::from_row(row)));
            found.optional()?.transpose()
        })
        .await
    }
}
