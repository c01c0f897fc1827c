//! Shops.

use member_domain::{
    Category, City, CivilDate, CodeForm, Discount, Fen, Place, RedeemMethod, UnixMillis, VisitKind,
    wire::{Curation, Note, Trust},
};
use rusqlite::Row;

use super::{Database, StorageError, StorageResult, date, names};

/// A shop as it is kept.
#[derive(Clone, Debug)]
pub struct ShopRecord {
    /// Stable id.
    pub id: String,
    /// The name on the door.
    pub name: String,
    /// What it is.
    pub category: Category,
    /// Where it is.
    pub city: City,
    /// Its position as published.
    pub place: Place,
    /// District, as written locally.
    pub district: Option<String>,
    /// Street and number.
    pub address: Option<String>,
    /// What the card takes off.
    pub discount: Discount,
    /// For calling.
    pub phone: Option<String>,
    /// Opening hours as published.
    pub opening_hours: Option<String>,
    /// What a visit costs on average.
    pub price_per_person: Option<Fen>,
    /// Why it is in the list.
    pub curation: Option<Curation>,
    /// The notes it was picked from.
    pub notes: Vec<Note>,
    /// The rules of the discount.
    pub discount_rules: Option<String>,
    /// What the discount cannot be combined with.
    pub not_combined_with: Option<String>,
    /// How staff take the code.
    pub redeem_methods: Vec<RedeemMethod>,
    /// What the QR holds there.
    pub code_form: CodeForm,
    /// The first day it no longer takes part.
    pub left_on: Option<CivilDate>,
    /// How name, category, district and address are read; made here, never part of a file.
    pub pinyin: Option<String>,
    /// How well redeeming works there.
    pub trust: Trust,
}

/// What [`shop`] reads, in its order.
pub(super) const COLUMNS: &str = "id, name, category, city, lat, lng, coord_system, district, address, discount_permille, \
                                  phone, opening_hours, price_per_person_fen, curated_reason, curated_on, redeem_methods, \
                                  code_form, left_on, pinyin, note_count, praise, visited_on, visit, notes, \
                                  discount_rules, not_combined_with, tested_at, fails_often";

impl Database {
    /// The shop with this id.
    pub(crate) async fn shop(&self, id: String) -> StorageResult<Option<ShopRecord>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM shops WHERE id = ?1"))?;
            let mut rows = statement.query([id])?;
            rows.next()?.map(shop).transpose()
        })
        .await
    }

    /// Sets the first day a shop no longer takes part, or takes it back; `false` if there is no such shop.
    pub(crate) async fn set_shop_left(&self, id: String, left_on: Option<CivilDate>) -> StorageResult<bool> {
        self.write(move |transaction| {
            let left_on = left_on.map(|day| day.to_string());
            Ok(transaction.execute("UPDATE shops SET left_on = ?2 WHERE id = ?1", (id, left_on))? == 1)
        })
        .await
    }
}

pub(super) fn shop(row: &Row<'_>) -> StorageResult<ShopRecord> {
    let unreadable = StorageError::Unreadable;
    let text = |column| row.get::<_, String>(column);
    let curation: (Option<String>, Option<String>) = (row.get(13)?, row.get(14)?);
    let tested_at: Option<i64> = row.get(26)?;
    Ok(ShopRecord {
        id: row.get(0)?,
        name: row.get(1)?,
        category: Category::from_name(&text(2)?).map_err(|_| unreadable("category"))?,
        city: City::from_name(&text(3)?).map_err(|_| unreadable("city"))?,
        place: Place::new(row.get(4)?, row.get(5)?, &text(6)?).map_err(|_| unreadable("place"))?,
        district: row.get(7)?,
        address: row.get(8)?,
        discount: Discount::from_permille(row.get(9)?).map_err(|_| unreadable("discount"))?,
        phone: row.get(10)?,
        opening_hours: row.get(11)?,
        price_per_person: row.get::<_, Option<i64>>(12)?.map(Fen),
        curation: match curation {
            (Some(reason), Some(on)) => Some(Curation {
                reason,
                on: date(&on)?,
                note_count: row.get(19)?,
                praise: row.get(20)?,
                visited_on: row.get::<_, Option<String>>(21)?.as_deref().map(date).transpose()?,
                visit: row
                    .get::<_, Option<String>>(22)?
                    .map(|name| VisitKind::from_name(&name).map_err(|_| unreadable("visit")))
                    .transpose()?,
            }),
            _ => None,
        },
        redeem_methods: names(&text(15)?, RedeemMethod::from_name)?,
        code_form: CodeForm::from_name(&text(16)?).map_err(|_| unreadable("code form"))?,
        left_on: row.get::<_, Option<String>>(17)?.as_deref().map(date).transpose()?,
        pinyin: row.get(18)?,
        notes: row.get::<_, Option<String>>(23)?.as_deref().map(notes).unwrap_or_default(),
        discount_rules: row.get(24)?,
        not_combined_with: row.get(25)?,
        trust: Trust {
            staff_tested_on: tested_at.map(|at| CivilDate::in_shanghai(UnixMillis(at))),
            fails_often: row.get(27)?,
            ..Trust::default()
        },
    })
}

/// Reads notes the database holds: one a line, its address before its title.
fn notes(lines: &str) -> Vec<Note> {
    let note = |line: &str| match line.split_once(' ') {
        Some((url, title)) => Note { url: url.to_owned(), title: Some(title.to_owned()) },
        None => Note { url: line.to_owned(), title: None },
    };
    lines.lines().map(note).collect()
}
