//! Members and their cards.

use member_domain::{City, CivilDate, Fen, UnixMillis, wire::PayoffMonth};
use rusqlite::{Connection, OptionalExtension};

use super::{Database, ProgrammeRecord, StorageResult, date, names};

/// One member of an import: the person and the card.
#[derive(Clone, Debug)]
pub struct MemberRow {
    /// Stable id.
    pub id: String,
    /// Full name; leaves the server masked only.
    pub name: String,
    /// The card, if the member has one.
    pub card: Option<CardRow>,
}

/// A card of an import. What is `None` stays as it is; a new card has what is usual.
#[derive(Clone, Debug)]
pub struct CardRow {
    /// 12 digits.
    pub number: String,
    /// The programme it is of, which exists.
    pub programme_id: String,
    /// First day it works; usually the day of the import.
    pub valid_from: Option<CivilDate>,
    /// Last day it works; usually a year.
    pub valid_until: Option<CivilDate>,
    /// Where it works; usually in every city.
    pub cities: Option<Vec<City>>,
    /// What was paid for it; usually the programme's price.
    pub paid: Option<Fen>,
    /// The channel it was paid through.
    pub paid_through: Option<String>,
    /// The payment's own number there; an empty one takes it away.
    pub payment_reference: Option<String>,
}

impl CardRow {
    /// How long a card usually works, in days after its first.
    const YEAR: i64 = 364;

    /// Its first and last day if it is new.
    pub(crate) fn days_if_new(&self, today: CivilDate) -> (CivilDate, CivilDate) {
        let from = self.valid_from.unwrap_or(today);
        (from, self.valid_until.unwrap_or_else(|| from.plus_days(Self::YEAR)))
    }
}

/// A card that is there, as an import has to know it.
#[derive(Clone, Debug)]
pub(crate) struct HeldCard {
    pub(crate) number: String,
    pub(crate) member_id: String,
    pub(crate) programme_id: String,
    pub(crate) valid_from: CivilDate,
    pub(crate) valid_until: CivilDate,
}

/// A card as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct CardRecord {
    /// 12 digits.
    pub(crate) number: String,
    pub(crate) valid_from: CivilDate,
    pub(crate) valid_until: CivilDate,
    pub(crate) cities: Vec<City>,
    /// What was paid for it.
    pub(crate) paid: Fen,
}

/// The channel of a card of which nothing else is known.
pub(crate) const DEFAULT_CHANNEL: &str = "wechat-pay";

/// A member with the card of the newest programme, if there is one, and what that card has saved.
#[derive(Clone, Debug)]
pub(crate) struct MemberRecord {
    pub(crate) name: String,
    /// The card's programme; without a card the newest one that can still be joined.
    pub(crate) programme: ProgrammeRecord,
    pub(crate) card: Option<CardRecord>,
    /// What it has saved, by months.
    pub(crate) months: Vec<PayoffMonth>,
    pub(crate) credential_number: Option<String>,
}

impl Database {
    /// Adds or updates all of these members, or none.
    pub(crate) async fn put_members(&self, members: Vec<MemberRow>, now: UnixMillis) -> StorageResult<()> {
        self.write(move |transaction| {
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

    /// Every card; for finding clashes before an import.
    pub(crate) async fn held_cards(&self) -> StorageResult<Vec<HeldCard>> {
        self.read(|connection| {
            let sql = "SELECT number, member_id, programme_id, valid_from, valid_until FROM cards";
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
                });
            }
            Ok(cards)
        })
        .await
    }

    /// Everything `GET /v1/me` needs of a member, but the refund.
    pub(crate) async fn member(&self, id: String) -> StorageResult<Option<MemberRecord>> {
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

/// What was redeemed with this card and not taken back, by months as they are in Asia/Shanghai (UTC+8).
fn saved_by_months(connection: &Connection, card_number: &str) -> StorageResult<Vec<PayoffMonth>> {
    let mut statement = connection.prepare_cached(
        "SELECT strftime('%Y-%m-01', redeemed_at / 1000 + 28800, 'unixepoch') AS month, SUM(saved_fen), COUNT(*)
         FROM redemptions WHERE card_number = ?1 AND cancelled_at IS NULL GROUP BY month ORDER BY month",
    )?;
    let mut rows = statement.query([card_number])?;
    let mut months = Vec::new();
    while let Some(row) = rows.next()? {
        let month = date(&row.get::<_, String>(0)?)?;
        months.push(PayoffMonth { month, saved_fen: Fen(row.get(1)?), redemptions: row.get(2)? });
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
                 valid_from = COALESCE(?4, valid_from), valid_until = COALESCE(?5, valid_until),
                 cities = COALESCE(?6, cities), paid_fen = COALESCE(?7, paid_fen),
                 paid_through = COALESCE(?8, paid_through),
                 payment_reference = CASE WHEN ?9 IS NULL THEN payment_reference ELSE excluded.payment_reference END",
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

/// The newest programme without an announced end, else the newest of all.
fn open_programme(connection: &Connection) -> StorageResult<Option<ProgrammeRecord>> {
    let sql = format!(
        "SELECT {} FROM programmes ORDER BY (last_day IS NULL) DESC, created_at DESC, id LIMIT 1",
        ProgrammeRecord::COLUMNS
    );
    let found = connection.prepare_cached(&sql)?.query_row([], |row| Ok(ProgrammeRecord::from_row(row)));
    found.optional()?.transpose()
}
