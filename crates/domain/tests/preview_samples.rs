//! The designers' sample answers (`src/api/preview/`) parse as the API's types.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{fs, path::Path};

use member_domain::wire::{CredentialAnswer, LedgerPage, MeAnswer, MemberEventList, Shop, ShopPage};

#[test]
fn every_sample_is_readable() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src/api/preview");
    let mut members = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let read = match name.as_str() {
            "shops" => serde_json::from_str::<ShopPage>(&text).map(|page| assert!(!page.shops.is_empty())),
            "shop" => serde_json::from_str::<Shop>(&text).map(|shop| assert!(!shop.week.is_empty())),
            "member_events" => {
                serde_json::from_str::<MemberEventList>(&text).map(|list| assert!(!list.events.is_empty()))
            }
            "ledger" => serde_json::from_str::<LedgerPage>(&text).map(|page| assert!(!page.redemptions.is_empty())),
            "credential" => serde_json::from_str::<CredentialAnswer>(&text).map(drop),
            _ => {
                members += 1;
                serde_json::from_str::<MeAnswer>(&text).map(drop)
            }
        };
        read.unwrap_or_else(|error| panic!("{name}.json: {error}"));
    }
    assert_eq!(members, 8, "one sample a persona");
}
