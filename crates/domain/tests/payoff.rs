//! Whether a card pays for itself.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use member_domain::{Average, CivilDate, Fen, PACE_DAYS, PayoffOutlook, PayoffTerms, RefundState};
use proptest::prelude::*;

fn day(text: &str) -> CivilDate {
    text.parse().unwrap()
}

/// A card of 168 yuan for the year from 2026-08-25, with these savings.
fn card(saved: i64, redemptions: u32) -> PayoffTerms {
    PayoffTerms {
        paid: Fen(16_800),
        saved: Fen(saved),
        redemptions,
        first_day: day("2026-08-25"),
        last_day: day("2027-08-24"),
        refund: None,
    }
}

#[test]
fn to_the_fen_it_has_paid_off_or_not() {
    let today = day("2026-09-01");
    assert_eq!(card(16_800, 5).outlook_on(today), PayoffOutlook::Reached { beyond: Fen(0) });
    assert_eq!(card(20_000, 5).outlook_on(today), PayoffOutlook::Reached { beyond: Fen(3_200) });
    let PayoffOutlook::Missing { missing, average, falls_short_at } = card(16_799, 5).outlook_on(today) else {
        panic!()
    };
    assert_eq!((missing, falls_short_at), (Fen(1), None));
    assert_eq!(average, Some(Average { each: Fen(3_359), more: 1 }));
}

#[test]
fn without_a_redemption_there_is_no_average_and_in_time_no_hope() {
    let expected = |falls_short_at| PayoffOutlook::Missing { missing: Fen(16_800), average: None, falls_short_at };
    assert_eq!(card(0, 0).outlook_on(day("2026-09-01")), expected(None));
    assert_eq!(card(0, 0).outlook_on(day("2027-06-01")), expected(Some(Fen(0))));
}

#[test]
fn a_pace_that_does_not_reach_the_price_is_said_once_it_is_a_pace() {
    // 84 yuan in 30 days project to 1,022 yuan in a year, 10 yuan to 121.66.
    let thirtieth_day = day("2026-08-25").plus_days(PACE_DAYS - 1);
    let falls_short = |saved, today| match card(saved, 2).outlook_on(today) {
        PayoffOutlook::Missing { falls_short_at, .. } => falls_short_at,
        other => panic!("{other:?}"),
    };
    assert_eq!(falls_short(8_400, thirtieth_day), None);
    assert_eq!(falls_short(1_000, thirtieth_day), Some(Fen(12_166)));
    assert_eq!(falls_short(1_000, thirtieth_day.plus_days(-1)), None);
}

#[test]
fn an_early_end_counts_from_the_programmes_last_day() {
    let ending = PayoffTerms { last_day: day("2026-12-31"), ..card(8_000, 4) };
    // 80 yuan in 93 of 129 days project to 110.96 yuan.
    let PayoffOutlook::Missing { falls_short_at, .. } = ending.outlook_on(day("2026-11-25")) else { panic!() };
    assert_eq!(falls_short_at, Some(Fen(11_096)));
    assert!(matches!(ending.outlook_on(day("2026-12-31")), PayoffOutlook::Missing { .. }), "the last day still counts");
    assert_eq!(ending.outlook_on(day("2027-01-01")), PayoffOutlook::FellShort { missing: Fen(8_800) });
}

#[test]
fn what_comes_back_was_no_cost_unless_the_refund_was_closed() {
    let today = day("2027-01-01");
    let over = PayoffTerms { last_day: day("2026-12-31"), ..card(3_000, 2) };
    for state in [RefundState::Scheduled, RefundState::Processing, RefundState::Succeeded, RefundState::Abnormal] {
        let full = PayoffTerms { refund: Some((Fen(16_800), state)), ..over };
        assert_eq!(full.outlook_on(today), PayoffOutlook::Reached { beyond: Fen(3_000) }, "{state:?}");
        let part = PayoffTerms { refund: Some((Fen(10_800), state)), ..over };
        assert_eq!(
            (part.cost(), part.outlook_on(today)),
            (Fen(6_000), PayoffOutlook::FellShort { missing: Fen(3_000) }),
            "{state:?}"
        );
    }
    let closed = PayoffTerms { refund: Some((Fen(16_800), RefundState::Closed)), ..over };
    assert_eq!(closed.outlook_on(today), PayoffOutlook::FellShort { missing: Fen(13_800) });
}

proptest! {
    #[test]
    fn so_many_more_redemptions_are_just_enough(
        paid in 1..1_000_000_i64, saved in 1..1_000_000_i64, redemptions in 1..1_000_u32,
    ) {
        let terms = PayoffTerms { paid: Fen(paid), ..card(saved, redemptions) };
        match terms.outlook_on(day("2026-09-01")) {
            PayoffOutlook::Reached { beyond } => prop_assert_eq!(saved - paid, beyond.0),
            PayoffOutlook::Missing { missing, average, .. } => {
                prop_assert_eq!(missing.0, paid - saved);
                if let Some(Average { each, more }) = average {
                    let more = i64::from(more);
                    prop_assert!(more * each.0 >= missing.0 && (more - 1) * each.0 < missing.0);
                    prop_assert!(each.0 * i64::from(redemptions) <= saved);
                } else {
                    prop_assert!(saved < i64::from(redemptions), "an average of less than a fen is none");
                }
            }
            PayoffOutlook::FellShort { .. } => prop_assert!(false, "the card still works"),
        }
    }

    #[test]
    fn no_amount_and_no_day_overflows(
        paid in any::<i64>(), saved in 0..=i64::MAX, redemptions in any::<u32>(),
        refund in proptest::option::of(0..=i64::MAX), days in -40_000..40_000_i64,
    ) {
        let refund = refund.map(|amount| (Fen(amount), RefundState::Scheduled));
        let terms = PayoffTerms { paid: Fen(paid.max(0)), refund, ..card(saved, redemptions) };
        let _ = terms.outlook_on(day("2026-09-01").plus_days(days));
    }
}
