//! Shops from a CSV file.

use std::collections::HashMap;

use member_domain::{
    Category, City, CivilDate, CodeForm, Discount, Place, RedeemMethod,
    wire::{Curation, Trust},
};

use super::table::{Faults, ImportError, Row, Table, fen, id, list, text};
use crate::{
    opening_hours::is_readable,
    storage::{Database, ShopRecord},
};

const REQUIRED: [&str; 7] = ["id", "name", "category", "city", "lng", "lat", "coord_system"];
const OPTIONAL: [&str; 10] = [
    "district",
    "address",
    "discount_permille",
    "phone",
    "opening_hours",
    "price_per_person_fen",
    "curated_reason",
    "curated_on",
    "redeem_methods",
    "code_form",
];

/// What a card takes off where the file does not say: a tenth, the least the programme promises.
const DEFAULT_DISCOUNT_PERMILLE: u32 = 100;

/// Adds or updates the shops of a CSV file, all or none; answers how many.
pub async fn import_shops(database: &Database, bytes: &[u8]) -> Result<usize, ImportError> {
    let shops = read(bytes)?;
    let count = shops.len();
    database.put_shops(shops).await?;
    Ok(count)
}

fn read(bytes: &[u8]) -> Result<Vec<ShopRecord>, ImportError> {
    let mut faults = Faults::default();
    let table = Table::read(bytes, &REQUIRED, &OPTIONAL, &mut faults);
    let mut lines = HashMap::new();
    let mut shops = Vec::new();
    for row in table.iter().flat_map(Table::rows) {
        if let Some(first) = row.get("id").and_then(|id| lines.insert(id.to_owned(), row.line)) {
            faults.add(row.line, Some("id"), format!("the same id is on line {first}"));
        }
        shops.extend(shop(&row, &mut faults));
    }
    faults.or_else(shops)
}

/// Reads every field before giving up on a row, so that all its faults are reported at once.
fn shop(row: &Row<'_>, faults: &mut Faults) -> Option<ShopRecord> {
    let shop_id = row.required("id", faults, id);
    let name = row.required("name", faults, text);
    let category = row.required("category", faults, Category::from_name);
    let city = row.required("city", faults, City::from_name);
    let place = place(row, faults);
    let discount = row.optional("discount_permille", faults, |field| {
        let permille = field.parse::<u32>().map_err(|_| member_domain::DiscountError)?;
        Discount::from_permille(permille)
    });
    let district = row.optional("district", faults, text);
    let address = row.optional("address", faults, text);
    let phone = row.optional("phone", faults, phone);
    let opening_hours = row.optional("opening_hours", faults, |field| {
        if is_readable(field) {
            text(field)
        } else {
            Err("not in OpenStreetMap's syntax, for example 'Mo-Su 10:00-22:00'")
        }
    });
    let price_per_person = row.optional("price_per_person_fen", faults, fen);
    let curation = curation(row, faults);
    let redeem_methods = row.optional("redeem_methods", faults, |field| list(field, RedeemMethod::from_name));
    let code_form = row.optional("code_form", faults, CodeForm::from_name);
    Some(ShopRecord {
        id: shop_id?,
        name: name?,
        category: category?,
        city: city?,
        place: place?,
        district,
        address,
        discount: discount.or_else(|| Discount::from_permille(DEFAULT_DISCOUNT_PERMILLE).ok())?,
        phone,
        opening_hours,
        price_per_person,
        curation,
        redeem_methods: redeem_methods.unwrap_or_else(|| vec![RedeemMethod::PhoneCamera]),
        code_form: code_form.unwrap_or(CodeForm::Url),
        left_on: None,
        notes: Vec::new(),
        discount_rules: None,
        not_combined_with: None,
        pinyin: None,
        trust: Trust::default(),
    })
}

fn place(row: &Row<'_>, faults: &mut Faults) -> Option<Place> {
    let degrees = |field: &str| field.parse::<f64>().map_err(|_| "not a number of degrees");
    let lat = row.required("lat", faults, degrees);
    let lng = row.required("lng", faults, degrees);
    let system = row.required("coord_system", faults, |field| Ok::<_, &str>(field.to_owned()));
    let (lat, lng, system) = (lat?, lng?, system?);
    let in_china = |lat: f64, lng: f64| (3.0..=54.0).contains(&lat) && (73.0..=136.0).contains(&lng);
    if !in_china(lat, lng) {
        let swapped = in_china(lng, lat);
        let reason = if swapped { "lng and lat look swapped" } else { "the place is outside China" };
        faults.add(row.line, Some(if swapped { "lng" } else { "lat" }), reason);
        return None;
    }
    Place::new(lat, lng, &system).map_err(|error| faults.add(row.line, Some("coord_system"), error)).ok()
}

fn curation(row: &Row<'_>, faults: &mut Faults) -> Option<Curation> {
    let reason = row.optional("curated_reason", faults, text);
    let on = row.optional("curated_on", faults, str::parse::<CivilDate>);
    match (row.get("curated_reason"), row.get("curated_on")) {
        (Some(_), None) => faults.add(row.line, Some("curated_on"), "a reason needs the date it was checked"),
        (None, Some(_)) => faults.add(row.line, Some("curated_reason"), "a date needs the reason it is for"),
        _ => {}
    }
    reason.zip(on).map(|(reason, on)| Curation::new(reason, on))
}

fn phone(field: &str) -> Result<String, &'static str> {
    let valid = (3..=30).contains(&field.len())
        && field.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b' ' | b'(' | b')'));
    if valid { Ok(field.to_owned()) } else { Err("a phone number has digits, '+', '-', spaces and brackets") }
}
