//! Members and their cards.

use member_domain::{City, CivilDate, Fen, UnixMillis, wire::PayoffMonth};
use rusqlite::{Connection, OptionalExtension};

use crate::{
    Database, ProgrammeRecord, StorageResult,
    columns::{date, names},
    engine::Guard,
};

/// A member in an import.
#[derive(Clone, Debug)]
pub struct MemberRow {
    /// Stable id.
    pub id: String,
    /// Full name. Only its masked form leaves the server.
    pub name: String,
    /// The card; `None` if the row has none.
    pub card: Option<CardRow>,
}

/// A card in an import. For an existing card, a field that is `None` keeps the stored value. For a new card,
/// it takes the default.
#[derive(Clone, Debug)]
pub struct CardRow {
    /// 12 digits.
    pub number: String,
    /// The card's programme, which must exist.
    pub programme_id: String,
    /// The first valid day. Default: the day of the import.
    pub valid_from: Option<CivilDate>,
    /// The last valid day. Default: a year, so 364 days after the first day.
    pub valid_until: Option<CivilDate>,
    /// The cities in which the card is valid. Default: all.
    pub cities: Option<Vec<City>>,
    /// The price paid, in fen. Default: the programme's price.
    pub paid: Option<Fen>,
    /// The payment channel. Default: [`DEFAULT_CHANNEL`].
    pub paid_through: Option<String>,
    /// The payment's number at the channel. Default: none. An empty string deletes the stored number.
    pub payment_reference: Option<String>,
}

impl CardRow {
    /// The default number of days from a card's first valid day to its last.
    const YEAR: i64 = 364;

    /// The first and the last valid day of a new card that is imported on `today`.
    pub fn days_if_new(&self, today: CivilDate) -> (CivilDate, CivilDate) {
        let from = self.valid_from.unwrap_or(today);
        (from, self.valid_until.unwrap_or_else(|| from.plus_days(Self::YEAR)))
    }
}

/// A stored card, as an import needs it to find conflicts.
#[derive(Clone, Debug)]
pub struct HeldCard {
    /// 12 digits.
    pub number: String,
    /// The member who has the card.
    pub member_id: String,
    /// The card's programme.
    pub programme_id: String,
    /// The first valid day.
    pub valid_from: CivilDate,
    /// The last valid day.
    pub valid_until: CivilDate,
    /// The payment channel.
    pub paid_through: String,
    /// The payment's number at the channel; `None` if it is not known.
    pub payment_reference: Option<String>,
}

/// A stored card, as the member sees it.
#[derive(Clone, Debug)]
pub struct CardRecord {
    /// 12 digits.
    pub number: String,
    /// The first valid day.
    pub valid_from: CivilDate,
    /// The last valid day.
    pub valid_until: CivilDate,
    /// The cities in which the card is valid.
    pub cities: Vec<City>,
    /// The price paid, in fen.
    pub paid: Fen,
}

/// The payment channel of a new card whose channel is not given.
pub const DEFAULT_CHANNEL: &str = "wechat-pay";

/// A member with the card that is valid longest, if there is one, and what this card has saved.
#[derive(Clone, Debug)]
pub struct MemberRecord {
    /// Full name.
    pub name: String,
    /// The card's programme. Without a card, the newest programme without an announced end. If all ends are
    /// announced, the newest programme.
    pub programme: ProgrammeRecord,
    /// The card with the latest last day; `None` if the member has no card.
    pub card: Option<CardRecord>,
    /// The card's savings by month in Asia/Shanghai, oldest first. Months without a redemption are left out.
    pub months: Vec<PayoffMonth>,
    /// The number of the card's active credential; `None` if no device is enrolled.
    pub credential_number: Option<String>,
}

impl Database {
    /// Adds or updates all of these members. An error adds and updates none.
    pub async fn put_members(&self, members: Vec<MemberRow>, now: UnixMillis) -> StorageResult<()> {
        let programmes = members.iter().filter_map(|member| member.card.as_ref()).map(|card| card.programme_id.clone());
        self.write(Guard::Programmes(programmes.collect()), move |transaction| {
            for member in &members {
                transaction
                    .prepare_cached(
                        "INSERT INTO members (id, name, created_at) VALUES (?1, ?2, ?3)
                         ON CONFLICT (id) DO UPDATE SET name = excluded.name",
                    )?
                    .execute((&member.id, &member.name, now.0))?;
                if let Some(card) = &member.card {
                    put_card(transaction, &member.id, card, CivilDate::in_shanghai(now))?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Returns every card, so that an import can find conflicts.
    pub async fn held_cards(&self) -> StorageResult<Vec<HeldCard>> {
        self.read(|connection| {
            let sql = "SELECT number, member_id, programme_id, valid_from, valid_until, paid_through, payment_reference
                       FROM cards";
            let mut statement = connection.prepare(sql)?;
            let mut rows = statement.query([])?;
            let mut cards = Vec::new();
            while let Some(row) = rows.next()? {
                cards.push(HeldCard {
                    number: row.get(0)?,
                    member_id: row.get(1)?,
                    programme_id: row.get(2)?,
                    valid_from: date(&row.get::<_, String>(3)?)?,
                    valid_until: date(&row.get::<_, String>(4)?)?,
                    paid_through: row.get(5)?,
                    payment_reference: row.get(6)?,
                });
            }
            Ok(cards)
        })
        .await
    }

    /// The data that `GET /v1/me` needs, except the refund. `None` if there is no such member, or no
    /// programme at all.
    pub async fn member(&self, id: String) -> StorageResult<Option<MemberRecord>> {
        self.read(move |connection| {
            let name: Option<String> = connection
                .prepare_cached("SELECT name FROM members WHERE id = ?1")?
                .query_row([&id], |row| row.get(0))
                .optional()?;
            let Some(name) = name else { return Ok(None) };
            let Some((card, programme)) = newest_card(connection, &id)? else {
                let Some(programme) = open_programme(connection)? else { return Ok(None) };
                let (months, credential_number) = (Vec::new(), None);
                return Ok(Some(MemberRecord { name, programme, card: None, months, credential_number }));
            };
            let months = saved_by_months(connection, &card.number)?;
            let credential_number = connection
                .prepare_cached("SELECT number FROM credentials WHERE card_number = ?1 AND ended_at IS NULL")?
                .query_row([&card.number], |row| row.get(0))
                .optional()?;
            Ok(Some(MemberRecord { name, programme, card: Some(card), months, credential_number }))
        })
        .await
    }
}

/// The savings of this card by month in Asia/Shanghai (UTC+8). Cancelled redemptions do not count.
fn saved_by_months(connection: &Connection, card_number: &str) -> StorageResult<Vec<PayoffMonth>> {
    let mut statement = connection.prepare_cached(
        "SELECT MIN(redeemed_at), CAST(SUM(saved_fen) AS BIGINT), COUNT(*)
         FROM redemptions WHERE card_number = ?1 AND cancelled_at IS NULL
         GROUP BY (redeemed_at + 28800000) / 86400000 ORDER BY MIN(redeemed_at)",
    )?;
    let mut rows = statement.query([card_number])?;
    let mut months: Vec<PayoffMonth> = Vec::new();
    while let Some(row) = rows.next()? {
        let month = CivilDate::in_shanghai(UnixMillis(row.get(0)?)).first_of_month_before(0);
        let (saved, redemptions): (i64, u32) = (row.get(1)?, row.get(2)?);
        match months.last_mut() {
            Some(last) if last.month == month => {
                last.saved_fen.0 += saved;
                last.redemptions += redemptions;
            }
            _ => months.push(PayoffMonth { month, saved_fen: Fen(saved), redemptions }),
        }
    }
    Ok(months)
}

fn put_card(connection: &Connection, member_id: &str, card: &CardRow, today: CivilDate) -> StorageResult<()> {
    let listed = |cities: &[City]| cities.iter().map(|city| city.as_str()).collect::<Vec<_>>().join(";");
    let (from, until) = card.days_if_new(today);
    connection
        .prepare_cached(
            "INSERT INTO cards (number, member_id, programme_id, valid_from, valid_until, cities, paid_fen, paid_through,
                                payment_reference)
             VALUES (?1, ?2, ?3, COALESCE(?4, ?11), COALESCE(?5, ?12), COALESCE(?6, ?13),
                     COALESCE(?7, (SELECT price_fen FROM programmes WHERE id = ?3)), COALESCE(?8, ?10), NULLIF(?9, ''))
             ON CONFLICT (number) DO UPDATE SET member_id = excluded.member_id, programme_id = excluded.programme_id,
                 valid_from = COALESCE(?4, cards.valid_from), valid_until = COALESCE(?5, cards.valid_until),
                 cities = COALESCE(?6, cards.cities), paid_fen = COALESCE(?7, cards.paid_fen),
                 paid_through = COALESCE(?8, cards.paid_through),
                 payment_reference = CASE WHEN CAST(?9 AS TEXT) IS NULL THEN cards.payment_reference
                                          ELSE excluded.payment_reference END",
        )?
        .execute((
            &card.number,
            member_id,
            &card.programme_id,
            card.valid_from.map(|day| day.to_string()),
            card.valid_until.map(|day| day.to_string()),
            card.cities.as_deref().map(listed),
            card.paid.map(|paid| paid.0),
            &card.paid_through,
            &card.payment_reference,
            DEFAULT_CHANNEL,
            from.to_string(),
            until.to_string(),
            listed(City::ALL),
        ))?;
    Ok(())
}

fn newest_card(connection: &Connection, member_id: &str) -> StorageResult<Option<(CardRecord, ProgrammeRecord)>> {
    const FIRST: usize = ProgrammeRecord::COLUMN_COUNT;
    let sql = format!(
        "SELECT {}, number, valid_from, valid_until, cities, paid_fen
         FROM cards JOIN programmes ON programmes.id = cards.programme_id
         WHERE member_id = ?1 ORDER BY valid_until DESC, number LIMIT 1",
        ProgrammeRecord::COLUMNS
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([member_id])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let programme = ProgrammeRecord::from_row(row)?;
    let card = CardRecord {
        number: row.get(FIRST)?,
        valid_from: date(&row.get::<_, String>(FIRST + 1)?)?,
        valid_until: date(&row.get::<_, String>(FIRST + 2)?)?,
        cities: names(&row.get::<_, String>(FIRST + 3)?, City::from_name)?,
        paid: Fen(row.get(FIRST + 4)?),
    };
    Ok(Some((card, programme)))
}

/// The newest programme without an announced end. If all ends are announced, the newest programme.
fn open_programme(connection: &Connection) -> StorageResult<Option<ProgrammeRecord>> {
    let sql = format!(
        "SELECT {} FROM programmes ORDER BY (last_day IS NULL) DESC, created_at DESC, id LIMIT 1",
        ProgrammeRecord::COLUMNS
    );
    let found = connection.prepare_cached(&sql)?.query_row([], |row| Ok(ProgrammeRecord::from_row(row)));
    found.optional()?.transpose()
}
