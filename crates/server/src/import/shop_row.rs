//! Parses one row of a file of shops.

use std::io::Read;

use member_domain::{Category, City, CodeForm, Discount, RedeemMethod, wire::Trust};
use member_storage::ShopRecord;

use super::{
    evidence::{curation, notes},
    fault::Faults,
    field::{fen, id, list, phone, text},
    number::{count, with_advice},
    place::place,
    row::Row,
};

pub(super) const REQUIRED: [&str; 7] = ["id", "name", "category", "city", "lng", "lat", "coord_system"];
pub(super) const OPTIONAL: [&str; 17] = [
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
];

/// The default discount: a tenth, the minimum that the programme promises.
const DEFAULT_DISCOUNT_PERMILLE: u32 = 100;

/// Parses a row. Reads every field before it returns, so that all faults of the row are reported at once.
pub(super) fn shop<R: Read>(row: &Row<'_, R>, faults: &mut Faults) -> Option<ShopRecord> {
    let shop_id = row.required("id", faults, id);
    let name = row.required("name", faults, text);
    let category = row.required("category", faults, Category::from_name);
    let city = row.required("city", faults, City::from_name);
    let place = place(row, city, faults);
    let discount = row.optional("discount_permille", faults, |field| {
        let permille = count(field).and_then(|permille| u32::try_from(permille).ok()).unwrap_or(u32::MAX);
        Discount::from_permille(permille).map_err(|error| with_advice(&error.to_string(), field))
    });
    let district = row.optional("district", faults, text);
    let address = row.optional("address", faults, text);
    let phone = row.optional("phone", faults, phone);
    let opening_hours = row.optional("opening_hours", faults, text);
    let price_per_person = row.optional("price_per_person_fen", faults, fen);
    let curation = curation(row, faults);
    let notes = row.optional("notes", faults, notes);
    let redeem_methods = row.optional("redeem_methods", faults, |field| list(field, RedeemMethod::from_name));
    let code_form = row.optional("code_form", faults, CodeForm::from_name);
    let discount_rules = row.optional("discount_rules", faults, text);
    let not_combined_with = row.optional("not_combined_with", faults, text);
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
        notes: notes.unwrap_or_default(),
        discount_rules,
        not_combined_with,
        pinyin: None,
        trust: Trust::default(),
    })
}
