//! The columns of a shop. Each is named once, written in one place and read in one place.

use std::sync::LazyLock;

use member_domain::{
    Category, City, CivilDate, CodeForm, Discount, Fen, Place, RedeemMethod, UnixMillis, VisitKind,
    wire::{Curation, Note, Trust},
};
use rusqlite::{
    Row,
    types::{FromSql, Value},
};

use super::record::ShopRecord;
use crate::{
    StorageError, StorageResult,
    columns::{date, names},
};

/// Defines the columns of the table `shops`, with their SQL names.
macro_rules! columns {
    ($($column:ident = $name:literal),* $(,)?) => {
        /// A column of a shop. The search text is not among them: it is derived from the others.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Column {
            $($column),*
        }

        impl Column {
            const ALL: &[Self] = &[$(Self::$column),*];

            /// The SQL name.
            pub(super) const fn name(self) -> &'static str {
                match self {
                    $(Self::$column => $name),*
                }
            }
        }
    };
}

columns! {
    Id = "id",
    Name = "name",
    Category = "category",
    City = "city",
    Lat = "lat",
    Lng = "lng",
    CoordSystem = "coord_system",
    Wgs84Lat = "wgs84_lat",
    Wgs84Lng = "wgs84_lng",
    District = "district",
    Address = "address",
    DiscountPermille = "discount_permille",
    Phone = "phone",
    OpeningHours = "opening_hours",
    PricePerPersonFen = "price_per_person_fen",
    CuratedReason = "curated_reason",
    CuratedOn = "curated_on",
    NoteCount = "note_count",
    Praise = "praise",
    VisitedOn = "visited_on",
    Visit = "visit",
    Notes = "notes",
    RedeemMethods = "redeem_methods",
    CodeForm = "code_form",
    DiscountRules = "discount_rules",
    NotCombinedWith = "not_combined_with",
    Pinyin = "pinyin",
    LeftOn = "left_on",
    TestedAt = "tested_at",
    FailsOften = "fails_often",
}

/// The source of a column's value.
enum Source {
    /// An import writes it.
    Imported(Value),
    /// An import does not change it: it says whether the shop has left, or how redeeming works there.
    Kept,
}

impl Column {
    /// The columns that an import writes. The id comes first.
    pub(super) fn imported() -> impl Iterator<Item = Self> {
        let kept = [Self::LeftOn, Self::TestedAt, Self::FailsOften];
        Self::ALL.iter().copied().filter(move |column| !kept.contains(column))
    }

    fn source(self, shop: &ShopRecord, pinyin: &str) -> Source {
        let text = |value: &Option<String>| value.clone().map_or(Value::Null, Value::Text);
        let named = |value: &str| Value::Text(value.to_owned());
        let (lat, lng) = match shop.place {
            Place::Wgs84(place) => (place.lat, place.lng),
            Place::Gcj02(place) => (place.lat, place.lng),
        };
        let curated =
            |value: fn(&Curation) -> Option<Value>| shop.curation.as_ref().and_then(value).unwrap_or(Value::Null);
        Source::Imported(match self {
            Self::Id => named(&shop.id),
            Self::Name => named(&shop.name),
            Self::Category => named(shop.category.as_str()),
            Self::City => named(shop.city.as_str()),
            Self::Lat => Value::Real(lat),
            Self::Lng => Value::Real(lng),
            Self::CoordSystem => named(shop.place.coord_system()),
            Self::Wgs84Lat => Value::Real(shop.place.to_wgs84().lat),
            Self::Wgs84Lng => Value::Real(shop.place.to_wgs84().lng),
            Self::District => text(&shop.district),
            Self::Address => text(&shop.address),
            Self::DiscountPermille => Value::Integer(shop.discount.permille().into()),
            Self::Phone => text(&shop.phone),
            Self::OpeningHours => text(&shop.opening_hours),
            Self::PricePerPersonFen => shop.price_per_person.map_or(Value::Null, |price| Value::Integer(price.0)),
            Self::CuratedReason => curated(|curation| Some(Value::Text(curation.reason.clone()))),
            Self::CuratedOn => curated(|curation| Some(Value::Text(curation.on.to_string()))),
            Self::NoteCount => curated(|curation| curation.note_count.map(|count| Value::Integer(count.into()))),
            Self::Praise => curated(|curation| curation.praise.clone().map(Value::Text)),
            Self::VisitedOn => curated(|curation| curation.visited_on.map(|day| Value::Text(day.to_string()))),
            Self::Visit => curated(|curation| curation.visit.map(|visit| Value::Text(visit.as_str().to_owned()))),
            Self::Notes if shop.notes.is_empty() => Value::Null,
            Self::Notes => Value::Text(shop.notes.iter().map(note_line).collect::<Vec<_>>().join("\n")),
            Self::RedeemMethods => {
                let methods: Vec<&str> = shop.redeem_methods.iter().map(|method| method.as_str()).collect();
                Value::Text(methods.join(";"))
            }
            Self::CodeForm => named(shop.code_form.as_str()),
            Self::DiscountRules => text(&shop.discount_rules),
            Self::NotCombinedWith => text(&shop.not_combined_with),
            Self::Pinyin => named(pinyin),
            Self::LeftOn | Self::TestedAt | Self::FailsOften => return Source::Kept,
        })
    }
}

/// The values of [`Column::imported`], in its order. `pinyin` is the reading of the shop's texts.
pub(super) fn written(shop: &ShopRecord, pinyin: &str) -> Vec<Value> {
    let value = |column: Column| match column.source(shop, pinyin) {
        Source::Imported(value) => value,
        Source::Kept => unreachable!("an import does not write {column:?}"),
    };
    Column::imported().map(value).collect()
}

/// The list of columns for a `SELECT` whose rows [`read`] can read.
pub(super) fn selected() -> &'static str {
    static LIST: LazyLock<String> =
        LazyLock::new(|| Column::ALL.iter().map(|column| column.name()).collect::<Vec<_>>().join(", "));
    &LIST
}

/// Reads a shop from a row of the [`selected`] columns.
pub(super) fn read(row: &Row<'_>) -> StorageResult<ShopRecord> {
    use Column as C;
    let unreadable = StorageError::Unreadable;
    let text = |column| get::<String>(row, column);
    let day = |column| get::<Option<String>>(row, column)?.as_deref().map(date).transpose();
    let visit = |name: String| VisitKind::from_name(&name).map_err(|_| unreadable("visit"));
    let curation = match (get::<Option<String>>(row, C::CuratedReason)?, day(C::CuratedOn)?) {
        (Some(reason), Some(on)) => Some(Curation {
            reason,
            on,
            note_count: get(row, C::NoteCount)?,
            praise: get(row, C::Praise)?,
            visited_on: day(C::VisitedOn)?,
            visit: get::<Option<String>>(row, C::Visit)?.map(visit).transpose()?,
        }),
        _ => None,
    };
    Ok(ShopRecord {
        id: text(C::Id)?,
        name: text(C::Name)?,
        category: Category::from_name(&text(C::Category)?).map_err(|_| unreadable("category"))?,
        city: City::from_name(&text(C::City)?).map_err(|_| unreadable("city"))?,
        place: Place::new(get(row, C::Lat)?, get(row, C::Lng)?, &text(C::CoordSystem)?)
            .map_err(|_| unreadable("place"))?,
        district: get(row, C::District)?,
        address: get(row, C::Address)?,
        discount: Discount::from_permille(get(row, C::DiscountPermille)?).map_err(|_| unreadable("discount"))?,
        phone: get(row, C::Phone)?,
        opening_hours: get(row, C::OpeningHours)?,
        price_per_person: get::<Option<i64>>(row, C::PricePerPersonFen)?.map(Fen),
        curation,
        redeem_methods: names(&text(C::RedeemMethods)?, RedeemMethod::from_name)?,
        code_form: CodeForm::from_name(&text(C::CodeForm)?).map_err(|_| unreadable("code form"))?,
        left_on: day(C::LeftOn)?,
        pinyin: get(row, C::Pinyin)?,
        notes: get::<Option<String>>(row, C::Notes)?.as_deref().map(notes).unwrap_or_default(),
        discount_rules: get(row, C::DiscountRules)?,
        not_combined_with: get(row, C::NotCombinedWith)?,
        trust: Trust {
            staff_tested_on: get::<Option<i64>>(row, C::TestedAt)?.map(|at| CivilDate::in_shanghai(UnixMillis(at))),
            fails_often: get(row, C::FailsOften)?,
            ..Trust::default()
        },
    })
}

fn get<T: FromSql>(row: &Row<'_>, column: Column) -> StorageResult<T> {
    Ok(row.get(column as usize)?)
}

/// Writes a note as one line: its address, a space, then its title.
fn note_line(note: &Note) -> String {
    note.title.as_ref().map_or_else(|| note.url.clone(), |title| format!("{} {title}", note.url))
}

/// Reads notes, one from each line.
fn notes(lines: &str) -> Vec<Note> {
    let note = |line: &str| match line.split_once(' ') {
        Some((url, title)) => Note { url: url.to_owned(), title: Some(title.to_owned()) },
        None => Note { url: line.to_owned(), title: None },
    };
    lines.lines().map(note).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_has_its_place_in_the_list() {
        let list = selected();
        for (index, (name, column)) in list.split(", ").zip(Column::ALL).enumerate() {
            assert_eq!((name, *column as usize), (column.name(), index));
        }
        assert_eq!(list.split(", ").count(), Column::ALL.len());
        assert_eq!(Column::imported().next(), Some(Column::Id));
    }
}
