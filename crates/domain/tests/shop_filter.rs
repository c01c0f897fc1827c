//! The filters of a list of shops.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use member_domain::{
    Category, Fen, FilterKind, PriceBand, RedeemMethod, SearchDocument, SearchQuery, ShopFilter, UnixMillis,
    wire::{OpenState, Shop},
};

const NOON: UnixMillis = UnixMillis(1_795_147_200_000);

fn shop() -> Shop {
    serde_json::from_value(serde_json::json!({
        "id": "a", "name": "梧桐里", "category": "coffee", "city": "shanghai", "district": "徐汇区", "address": null,
        "place": { "coordSystem": "gcj02", "lat": 31.2, "lng": 121.4 }, "discountPermille": 100,
        "pricePerPersonFen": 5_000, "curation": null, "openingHours": null,
        "open": { "state": "open", "until": NOON.0 + 1_000 }, "redeemMethods": ["shop-pin"],
    }))
    .unwrap()
}

fn passes(filter: &ShopFilter, shop: &Shop, now: UnixMillis, kept: bool) -> bool {
    let document = SearchDocument::new(&shop.name, shop.category, "徐汇区", "", "wu tong li", str::to_lowercase);
    filter.passes(&SearchQuery::new(&filter.text, str::to_lowercase), shop, document.as_str(), Some(now), kept)
}

/// Each kind of filter alone: one that the shop passes, and one that it does not pass.
fn pairs() -> [(FilterKind, ShopFilter, ShopFilter); 6] {
    let none = ShopFilter::default;
    [
        (FilterKind::Text, ShopFilter { text: "wtl".into(), ..none() }, ShopFilter { text: "茶".into(), ..none() }),
        (
            FilterKind::Category,
            ShopFilter { category: Some(Category::Coffee), ..none() },
            ShopFilter { category: Some(Category::Tea), ..none() },
        ),
        (
            FilterKind::District,
            ShopFilter { district: Some("徐汇区".into()), ..none() },
            ShopFilter { district: Some("徐汇".into()), ..none() },
        ),
        (
            FilterKind::Price,
            ShopFilter { price: Some(PriceBand::From50), ..none() },
            ShopFilter { price: Some(PriceBand::Below50), ..none() },
        ),
        (
            FilterKind::Method,
            ShopFilter { method: Some(RedeemMethod::ShopPin), ..none() },
            ShopFilter { method: Some(RedeemMethod::PhoneCamera), ..none() },
        ),
        (FilterKind::OpenNow, ShopFilter { open_now: true, ..none() }, ShopFilter { favourites: true, ..none() }),
    ]
}

#[test]
fn each_filter_alone_lets_through_what_it_should() {
    let shop = shop();
    assert!(passes(&ShopFilter::default(), &shop, NOON, false));
    for (kind, passing, failing) in pairs() {
        assert!(passes(&passing, &shop, NOON, false), "{kind:?}");
        assert!(!passes(&failing, &shop, NOON, false), "{kind:?}");
        assert_eq!(passing.active().collect::<Vec<_>>(), [kind]);
        assert_eq!(passing.without(kind), ShopFilter::default());
    }
    let favourites = ShopFilter { favourites: true, ..ShopFilter::default() };
    assert!(passes(&favourites, &shop, NOON, true));
    assert_eq!(favourites.active().collect::<Vec<_>>(), [FilterKind::Favourites]);
}

#[test]
fn what_was_open_when_the_answer_was_written_is_not_said_to_be_open_for_ever() {
    let open_now = ShopFilter { open_now: true, ..ShopFilter::default() };
    assert!(!passes(&open_now, &shop(), NOON.plus_millis(1_000), false));
    let always = Shop { open: OpenState::Open { until: None }, ..shop() };
    assert!(passes(&open_now, &always, NOON.plus_millis(1_000_000), false));
}

#[test]
fn a_shop_without_a_price_lies_in_no_band() {
    let unpriced = Shop { price_per_person_fen: None, ..shop() };
    for band in PriceBand::ALL {
        let filter = ShopFilter { price: Some(*band), ..ShopFilter::default() };
        assert!(!passes(&filter, &unpriced, NOON, false));
    }
}

#[test]
fn price_bands_leave_no_gap() {
    for fen in [0, 4_999, 5_000, 9_999, 10_000, 19_999, 20_000, 1_000_000] {
        let bands = PriceBand::ALL.iter().filter(|band| band.contains(Fen(fen))).count();
        assert_eq!(bands, 1, "{fen}");
    }
}
