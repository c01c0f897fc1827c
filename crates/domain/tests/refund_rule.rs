//! The refunded share of a card's price: every fen is either refunded or kept.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use member_domain::{CivilDate, Fen, RefundRule, RefundShare};
use proptest::prelude::*;

fn day(text: &str) -> CivilDate {
    text.parse().unwrap()
}

/// The pro rata split for a card that is valid from 2026-01-01 through 2026-12-31.
fn pro_rata(paid: i64, last_day: &str) -> (i64, i64) {
    let RefundShare { refund, retained } =
        RefundRule::ProRata.split(Fen(paid), day("2026-01-01"), day("2026-12-31"), day(last_day));
    (refund.0, retained.0)
}

#[test]
fn the_full_rule_gives_back_all_whatever_was_used() {
    for last_day in ["2025-06-01", "2026-01-01", "2026-12-31", "2027-06-01"] {
        let share = RefundRule::Full.split(Fen(16_800), day("2026-01-01"), day("2026-12-31"), day(last_day));
        assert_eq!(share, RefundShare { refund: Fen(16_800), retained: Fen(0) });
    }
}

#[test]
fn pro_rata_both_ends_of_a_card_are_days_on_which_it_works() {
    assert_eq!(pro_rata(36_500, "2026-01-01"), (36_400, 100), "one of 365 days");
    assert_eq!(pro_rata(36_500, "2026-12-30"), (100, 36_400), "all but one");
    assert_eq!(pro_rata(36_500, "2026-12-31"), (0, 36_500));
    assert_eq!(pro_rata(36_500, "2025-12-31"), (36_500, 0), "not begun");
    assert_eq!(pro_rata(36_500, "2031-01-01"), (0, 36_500), "long over");
}

#[test]
fn the_used_share_rounds_down_and_the_odd_fen_is_the_members() {
    // 90 of 365 days of 168 yuan are 4142.46 fen.
    assert_eq!(pro_rata(16_800, "2026-03-31"), (12_658, 4_142));
    assert_eq!(pro_rata(1, "2026-12-30"), (1, 0), "364 of 365 days of one fen are less than a fen");
}

#[test]
fn the_leap_day_is_a_day() {
    let split = |last_day| {
        let share = RefundRule::ProRata.split(Fen(36_600), day("2028-01-01"), day("2028-12-31"), day(last_day));
        (share.refund.0, share.retained.0)
    };
    assert_eq!(split("2028-02-28"), (30_700, 5_900));
    assert_eq!(split("2028-02-29"), (30_600, 6_000));
    assert_eq!(split("2028-03-01"), (30_500, 6_100));
}

#[test]
fn a_card_of_one_day_is_used_or_not() {
    let split = |last_day| RefundRule::ProRata.split(Fen(999), day("2026-06-15"), day("2026-06-15"), day(last_day));
    assert_eq!(split("2026-06-14").refund, Fen(999));
    assert_eq!(split("2026-06-15").refund, Fen(0));
}

/// Dates in thirty years around now.
fn date() -> impl Strategy<Value = CivilDate> {
    (0_i64..11_000).prop_map(|days| day("2010-01-01").plus_days(days))
}

proptest! {
    #[test]
    fn what_is_refunded_and_what_is_kept_make_what_was_paid(
        paid in prop_oneof![0_i64..=100_000_000, Just(i64::MAX), Just(0)],
        from in date(),
        length in 0_i64..4_000,
        last_day in date(),
        rule in proptest::sample::select(&RefundRule::ALL),
    ) {
        let until = from.plus_days(length);
        let share = rule.split(Fen(paid), from, until, last_day);
        prop_assert_eq!(i128::from(share.refund.0) + i128::from(share.retained.0), i128::from(paid));
        prop_assert!(share.refund.0 >= 0 && share.retained.0 >= 0, "{:?}", share);
        prop_assert_eq!(share.retained.0 == 0 || rule == RefundRule::ProRata, true);
    }

    #[test]
    fn pro_rata_another_day_never_gives_more_back(
        paid in 0_i64..=100_000_000,
        from in date(),
        length in 0_i64..4_000,
        last_day in date(),
    ) {
        let until = from.plus_days(length);
        let on = |last_day| RefundRule::ProRata.split(Fen(paid), from, until, last_day);
        prop_assert!(on(last_day.plus_days(1)).refund <= on(last_day).refund);
        // The kept amount is less than one fen below the exact share, in the member's favour.
        let days = i128::from(length) + 1;
        let used = i128::from(last_day.days_since(from) + 1).clamp(0, days);
        let remainder = i128::from(paid) * used - i128::from(on(last_day).retained.0) * days;
        prop_assert!((0..days).contains(&remainder), "{remainder} of {days}");
    }
}
