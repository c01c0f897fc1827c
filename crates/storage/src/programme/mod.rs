//! Programmes. Every card belongs to a programme.

use member_domain::{
    CivilDate, Fen, RefundRule, UnixMillis,
    wire::{Announcement, Support},
};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{Database, StorageError, StorageResult, columns::date, engine::Guard};

/// A stored programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeRecord {
    /// Stable id.
    pub id: String,
    /// The name in Chinese.
    pub name: String,
    /// The name in English; `None` if the operator gave none.
    pub name_en: Option<String>,
    /// The price of a card, in fen.
    pub price: Fen,
    /// How much of a card's price is refunded when the programme ends.
    pub refund_rule: RefundRule,
    /// Where members get help: an address, a phone number or both. `None` if neither is stored.
    pub support: Option<Support>,
    /// The last day on which cards are valid. `None` until the end is announced.
    pub last_day: Option<CivilDate>,
    /// The operator's announcement of the end; `None` if there is none.
    pub announcement: Option<Announcement>,
}

impl ProgrammeRecord {
    /// The columns that [`Self::from_row`] reads. The table must be named `programmes`.
    pub(crate) const COLUMNS: &'static str =
        "programmes.id, programmes.name, programmes.name_en, programmes.price_fen, programmes.last_day,
         programmes.refund_rule, programmes.support_url, programmes.support_phone, programmes.announced_on,
         programmes.announcement, programmes.announcement_en";
    /// The number of columns in [`Self::COLUMNS`].
    pub(crate) const COLUMN_COUNT: usize = 11;

    pub(crate) fn from_row(row: &Row<'_>) -> StorageResult<Self> {
        let day = |column| -> StorageResult<Option<CivilDate>> {
            row.get::<_, Option<String>>(column)?.as_deref().map(date).transpose()
        };
        let support = Support { url: row.get(6)?, phone: row.get(7)? };
        let announcement = match (day(8)?, row.get(9)?) {
            (Some(dated), Some(text)) => Some(Announcement { dated, text, text_en: row.get(10)? }),
            _ => None,
        };
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            name_en: row.get(2)?,
            price: Fen(row.get(3)?),
            last_day: day(4)?,
            refund_rule: RefundRule::from_name(&row.get::<_, String>(5)?)
                .ok_or(StorageError::Unreadable("refund rule"))?,
            support: (support.url.is_some() || support.phone.is_some()).then_some(support),
            announcement,
        })
    }
}

impl Database {
    /// The programme with this id; `None` if there is none.
    pub async fn programme(&self, id: String) -> StorageResult<Option<ProgrammeRecord>> {
        self.read(move |connection| programme(connection, &id)).await
    }

    /// Creates or changes the programme with this id, and notifies all open pages.
    ///
    /// `decide` runs inside the writing transaction. It receives the current programme (`None` if there is
    /// none) and whether the programme has refunds. It returns the new programme, or `None` to write nothing.
    /// The method returns what `decide` returned.
    pub async fn change_programme<E: Send + 'static>(
        &self,
        id: String,
        now: UnixMillis,
        decide: impl Fn(Option<ProgrammeRecord>, bool) -> Result<Option<ProgrammeRecord>, E> + Send + 'static,
    ) -> StorageResult<Result<Option<ProgrammeRecord>, E>> {
        self.write(Guard::programme(&id), move |transaction| {
            let current = programme(transaction, &id)?;
            let sql = "SELECT EXISTS (SELECT 1 FROM refunds WHERE programme_id = ?1)";
            let has_refunds = transaction.query_row(sql, [&id], |row| row.get(0))?;
            let decided = decide(current, has_refunds);
            if let Ok(Some(changed)) = &decided {
                put(transaction, changed, now)?;
            }
            Ok(decided)
        })
        .await
    }
}

fn programme(connection: &Connection, id: &str) -> StorageResult<Option<ProgrammeRecord>> {
    let sql = format!("SELECT {} FROM programmes WHERE id = ?1", ProgrammeRecord::COLUMNS);
    let found = connection.prepare_cached(&sql)?.query_row([id], |row| Ok(ProgrammeRecord::from_row(row)));
    found.optional()?.transpose()
}

fn put(connection: &Connection, programme: &ProgrammeRecord, now: UnixMillis) -> StorageResult<()> {
    connection.execute(
        "INSERT INTO programmes (id, name, name_en, price_fen, last_day, created_at, refund_rule, support_url,
                                 support_phone, announced_on, announcement, announcement_en)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
             price_fen = excluded.price_fen, last_day = excluded.last_day,
             refund_rule = excluded.refund_rule, support_url = excluded.support_url,
             support_phone = excluded.support_phone, announced_on = excluded.announced_on,
             announcement = excluded.announcement, announcement_en = excluded.announcement_en",
        (
            &programme.id,
            &programme.name,
            &programme.name_en,
            programme.price.0,
            programme.last_day.map(|day| day.to_string()),
            now.0,
            programme.refund_rule.as_str(),
            programme.support.as_ref().and_then(|support| support.url.as_ref()),
            programme.support.as_ref().and_then(|support| support.phone.as_ref()),
            programme.announcement.as_ref().map(|announcement| announcement.dated.to_string()),
            programme.announcement.as_ref().map(|announcement| &announcement.text),
            programme.announcement.as_ref().and_then(|announcement| announcement.text_en.as_ref()),
        ),
    )?;
    connection.execute("INSERT INTO changes (kind, at) VALUES ('programme', ?1)", [now.0])?;
    Ok(())
}
