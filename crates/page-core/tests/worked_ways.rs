//! The way to redeem that the code sheet opens with.

use member_domain::RedeemMethod::{self, PhoneCamera, ShopPin, TillScanner, TypedDigits};
use page_core::{WorkedWays, code_sheet::first_way};
use proptest::prelude::*;

#[test]
fn a_sheet_opens_with_the_way_that_worked_last() {
    for (methods, worked, first) in [
        (vec![], None, None),
        (vec![], Some(ShopPin), None),
        (vec![ShopPin], None, Some(ShopPin)),
        (vec![PhoneCamera, ShopPin], None, Some(PhoneCamera)),
        (vec![PhoneCamera, ShopPin], Some(ShopPin), Some(ShopPin)),
        // The shop no longer accepts it.
        (vec![PhoneCamera, TillScanner], Some(ShopPin), Some(PhoneCamera)),
    ] {
        assert_eq!(first_way(&methods, worked), first, "{methods:?} {worked:?}");
    }
}

#[test]
fn the_latest_way_of_a_shop_replaces_its_earlier_one() {
    let mut ways = WorkedWays::default();
    ways.record("a", PhoneCamera);
    ways.record("b", TypedDigits);
    ways.record("a", ShopPin);
    assert_eq!((ways.at("a"), ways.at("b"), ways.at("c")), (Some(ShopPin), Some(TypedDigits), None));
}

#[test]
fn a_damaged_text_loses_only_its_damaged_lines() {
    let ways = WorkedWays::from_text("shop-pin a\nno-such-way b\n\nc\ntyped-digits d e\n");
    assert_eq!(ways.at("a"), Some(ShopPin));
    assert_eq!((ways.at("b"), ways.at("c")), (None, None));
    assert_eq!(ways.at("d e"), Some(TypedDigits));
}

proptest! {
    #[test]
    fn a_stored_text_is_read_as_it_was(visits in prop::collection::vec(("[a-z0-9-]{1,8}", 0..4_usize), 0..80)) {
        let mut ways = WorkedWays::default();
        for (shop, method) in &visits {
            ways.record(shop, RedeemMethod::ALL[*method]);
        }
        let read = WorkedWays::from_text(&ways.to_text());
        prop_assert_eq!(&read, &ways);
        prop_assert!(ways.to_text().lines().count() <= 40);
        if let Some((shop, method)) = visits.last() {
            prop_assert_eq!(read.at(shop), Some(RedeemMethod::ALL[*method]));
        }
    }
}
