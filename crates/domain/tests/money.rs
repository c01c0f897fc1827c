//! Money and discounts.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use member_domain::{Discount, Fen};
use proptest::prelude::*;

fn discount(permille: u32) -> Discount {
    Discount::from_permille(permille).unwrap()
}

#[test]
fn a_tenth_off_42_yuan_saves_4_20() {
    let bill = discount(100).apply(Fen(4_200));
    assert_eq!((bill.total, bill.saved, bill.payable), (Fen(4_200), Fen(420), Fen(3_780)));
}

#[test]
fn the_saving_rounds_down_to_the_fen() {
    for (permille, total, saved) in
        [(100, 9, 0), (100, 19, 1), (100, 99, 9), (150, 333, 49), (125, 7, 0), (1, 999, 0), (999, 1, 0)]
    {
        assert_eq!(discount(permille).apply(Fen(total)).saved, Fen(saved), "{permille} of {total}");
    }
}

#[test]
fn nothing_and_everything_off_are_exact_up_to_the_largest_amount() {
    for total in [0, 1, 99, i64::MAX] {
        assert_eq!(discount(0).apply(Fen(total)).payable, Fen(total));
        assert_eq!(discount(1000).apply(Fen(total)).saved, Fen(total));
    }
}

#[test]
fn a_discount_is_0_to_1000_permille_also_on_the_wire() {
    for (permille, valid) in [(0, true), (100, true), (1000, true), (1001, false), (u32::MAX, false)] {
        assert_eq!(Discount::from_permille(permille).is_ok(), valid, "{permille}");
        assert_eq!(serde_json::from_str::<Discount>(&permille.to_string()).is_ok(), valid, "{permille} as JSON");
    }
    for json in ["-1", "0.5", "\"100\"", "null"] {
        assert!(serde_json::from_str::<Discount>(json).is_err(), "{json}");
    }
    let error = serde_json::from_str::<Discount>("1001").unwrap_err();
    assert!(error.to_string().contains("from 0 to 1000"), "{error}");
    assert_eq!(serde_json::to_string(&discount(150)).unwrap(), "150");
}

#[test]
fn what_is_left_to_pay_complements_the_discount() {
    assert_eq!(discount(150).permille(), 150);
    assert_eq!(discount(150).remaining_permille(), 850);
}

#[test]
fn amounts_add_up_without_overflow_and_travel_as_plain_integers() {
    assert_eq!([Fen(1), Fen(20), Fen(300)].into_iter().sum::<Fen>(), Fen(321));
    assert_eq!(Fen(i64::MAX) + Fen(1), Fen(i64::MAX));
    assert_eq!(serde_json::to_string(&Fen(4_200)).unwrap(), "4200");
    for json in ["42.0", "\"42\"", "1e3", "9223372036854775808"] {
        assert!(serde_json::from_str::<Fen>(json).is_err(), "{json}");
    }
}

proptest! {
    #[test]
    fn saved_and_payable_add_up_to_the_bill(total in 0..=i64::MAX, permille in 0_u32..=1000) {
        let bill = discount(permille).apply(Fen(total));
        prop_assert_eq!(bill.total, Fen(total));
        prop_assert_eq!(i128::from(bill.saved.0) + i128::from(bill.payable.0), i128::from(total));
        prop_assert!(bill.saved.0 >= 0 && bill.payable.0 >= 0);
        // The saving is rounded down by less than one fen.
        let lost = i128::from(total) * i128::from(permille) - i128::from(bill.saved.0) * 1000;
        prop_assert!((0..1000).contains(&lost), "{}", lost);
    }

    #[test]
    fn a_larger_discount_never_saves_less(total in 0..=i64::MAX, a in 0_u32..=1000, b in 0_u32..=1000) {
        let saved = |permille| discount(permille).apply(Fen(total)).saved;
        prop_assert_eq!(saved(a.min(b)) <= saved(a.max(b)), true);
    }
}

#[test]
fn amounts_are_read_as_people_type_them() {
    for (text, fen) in [
        ("42", 4_200),
        ("42.5", 4_250),
        ("42.50", 4_250),
        ("42.05", 4_205),
        ("0.01", 1),
        ("42.", 4_200),
        (" ¥42.50 ", 4_250),
        ("￥ 42 元", 4_200),
        ("４２．５", 4_250),
        ("007", 700),
        ("999999999999.99", 99_999_999_999_999),
    ] {
        assert_eq!(Fen::from_yuan(text), Ok(Fen(fen)), "{text}");
    }
}

#[test]
fn what_is_no_amount_is_refused() {
    for text in [
        "",
        " ",
        ".",
        ".5",
        "4 2",
        "42.505",
        "4.2.0",
        "-1",
        "+1",
        "1e3",
        "42,50",
        "1,000",
        "四十二",
        "NaN",
        "1234567890123",
    ] {
        assert!(Fen::from_yuan(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn an_amount_written_with_two_decimals_reads_back(fen in 0_i64..=99_999_999_999_999) {
        let text = format!("{}.{:02}", fen / 100, fen % 100);
        prop_assert_eq!(Fen::from_yuan(&text), Ok(Fen(fen)));
    }

    #[test]
    fn no_text_breaks_the_reading_of_amounts(text in ".{0,40}") {
        if let Ok(amount) = Fen::from_yuan(&text) {
            prop_assert!(amount >= Fen(0));
        }
    }
}
