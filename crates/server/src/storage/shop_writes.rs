//! What is written of a shop: with the text it is found by and the place it is found at.

use member_domain::{Place, SearchDocument};
use rusqlite::{Connection, TransactionBehavior, types::Value};

use super::{ShopRecord, StorageResult};
use crate::readings;

/// What an import sets, in the order of [`written`], which adds `search`. Whether a shop has left and how it does at the
/// counter stay as they are.
pub(super) const WRITTEN: [&str; 27] = [
    "id",
    "name",
    "category",
    "city",
    "lat",
    "lng",
    "coord_system",
    "wgs84_lat",
    "wgs84_lng",
    "district",
    "address",
    "discount_permille",
    "phone",
    "opening_hours",
    "price_per_person_fen",
    "curated_reason",
    "curated_on",
    "note_count",
    "praise",
    "visited_on",
    "visit",
    "notes",
    "redeem_methods",
    "code_form",
    "discount_rules",
    "not_combined_with",
    "pinyin",
];

/// The values of [`WRITTEN`] and, behind them, the text the shop is found by.
pub(super) fn written(shop: &ShopRecord) -> Vec<Value> {
    let pinyin = readings::of_shop(shop);
    let search = document(shop, &pinyin);
    let mut values = values(shop, pinyin);
    values.push(Value::Text(search.as_str().to_owned()));
    values
}

/// How many search texts are made in one transaction.
const COMPLETED_AT_ONCE: u32 = 1_000;

/// Makes the search texts that are missing: of shops that an earlier version wrote.
pub(super) fn complete_search_texts(connection: &mut Connection) -> StorageResult<()> {
    loop {
        let shops = without_search_text(connection)?;
        if shops.is_empty() {
            return Ok(());
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for shop in shops {
            let pinyin = readings::of_shop(&shop);
            let search = document(&shop, &pinyin);
            transaction.prepare_cached("UPDATE shops SET pinyin = ?2, search = ?3 WHERE id = ?1")?.execute((
                &shop.id,
                &pinyin,
                search.as_str(),
            ))?;
        }
        transaction.commit()?;
    }
}

fn without_search_text(connection: &Connection) -> StorageResult<Vec<ShopRecord>> {
    let columns = super::shops::COLUMNS;
    let mut statement = connection.prepare(&format!(
        "SELECT {columns} FROM shops INDEXED BY shops_without_search WHERE search IS NULL LIMIT {COMPLETED_AT_ONCE}"
    ))?;
    let mut rows = statement.query([])?;
    let mut shops = Vec::new();
    while let Some(row) = rows.next()? {
        shops.push(super::shops::shop(row)?);
    }
    Ok(shops)
}

fn document(shop: &ShopRecord, pinyin: &str) -> SearchDocument {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    SearchDocument::new(&shop.name, shop.category, &text(&shop.district), &text(&shop.address), pinyin)
}

fn values(shop: &ShopRecord, pinyin: String) -> Vec<Value> {
    let text = |value: &Option<String>| value.clone().map_or(Value::Null, Value::Text);
    let (lat, lng) = match shop.place {
        Place::Wgs84(place) => (place.lat, place.lng),
        Place::Gcj02(place) => (place.lat, place.lng),
    };
    let wgs84 = shop.place.to_wgs84();
    let curation = shop.curation.as_ref();
    let evidence = |text: Option<String>| text.map_or(Value::Null, Value::Text);
    let methods: Vec<&str> = shop.redeem_methods.iter().map(|method| method.as_str()).collect();
    let notes: Vec<String> = shop
        .notes
        .iter()
        .map(|note| note.title.as_ref().map_or_else(|| note.url.clone(), |title| format!("{} {title}", note.url)))
        .collect();
    vec![
        Value::Text(shop.id.clone()),
        Value::Text(shop.name.clone()),
        Value::Text(shop.category.as_str().to_owned()),
        Value::Text(shop.city.as_str().to_owned()),
        Value::Real(lat),
        Value::Real(lng),
        Value::Text(shop.place.coord_system().to_owned()),
        Value::Real(wgs84.lat),
        Value::Real(wgs84.lng),
        text(&shop.district),
        text(&shop.address),
        Value::Integer(shop.discount.permille().into()),
        text(&shop.phone),
        text(&shop.opening_hours),
        shop.price_per_person.map_or(Value::Null, |price| Value::Integer(price.0)),
        evidence(curation.map(|curation| curation.reason.clone())),
        evidence(curation.map(|curation| curation.on.to_string())),
        curation.and_then(|curation| curation.note_count).map_or(Value::Null, |count| Value::Integer(count.into())),
        evidence(curation.and_then(|curation| curation.praise.clone())),
        evidence(curation.and_then(|curation| curation.visited_on).map(|day| day.to_string())),
        evidence(curation.and_then(|curation| curation.visit).map(|visit| visit.as_str().to_owned())),
        if notes.is_empty() { Value::Null } else { Value::Text(notes.join("\n")) },
        Value::Text(methods.join(";")),
        Value::Text(shop.code_form.as_str().to_owned()),
        text(&shop.discount_rules),
        text(&shop.not_combined_with),
        Value::Text(pinyin),
    ]
}
