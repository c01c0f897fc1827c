//! Every fen is accounted for, and every discrepancy is listed.

use std::fs;

use crate::support::{
    DAY, HOUR,
    refunds::{Ending, LAST_DAY, Ran, TestCard, ago, results, without_mark},
};
use member_domain::{CivilDate, Fen, RefundRule};
use proptest::{prelude::*, test_runner::TestRunner};

fn started(count: i64) -> Ending {
    Ending::started("full", &(0..count).map(|index| TestCard::paid(16_800 + index)).collect::<Vec<_>>())
}

/// Only this kind of discrepancy is listed, so many times, and the command fails.
#[track_caller]
fn assert_only(ran: &Ran, kind: &str, count: u64) {
    assert!(!ran.ok, "{ran:?}");
    let kinds = ["no-refund", "other-amount", "other-state", "report-held", "report-refused", "other-programme"];
    let listed = ran.out.lines().filter(|line| kinds.iter().any(|kind| line.starts_with(kind)));
    assert_eq!(listed.collect::<Vec<_>>(), [format!("{kind}: {count}")], "{}", ran.out);
    let things = if count == 1 { "1 thing does not agree".to_owned() } else { format!("{count} things do not agree") };
    assert!(ran.error.contains(&things), "{ran:?}");
}

#[test]
fn what_agrees_is_a_table_and_nothing_else() {
    let ending = Ending::started("pro-rata", &[TestCard::paid(36_500), TestCard::paid(16_800), TestCard::paid(0)]);
    let ran = ending.reconcile().well();
    // 304 of 365 days are used.
    assert_eq!(ran.sum("paid"), (3, 53_300));
    assert_eq!(ran.sum("kept"), (2, 30_400 + 13_992));
    assert_eq!(ran.sum("pending"), (2, 6_100 + 2_808));
    assert_eq!(ran.sum("scheduled"), (2, 8_908));
    assert!(ran.out.ends_with("to the fen\n"), "{ran:?}");
}

#[test]
fn cards_that_came_after_the_start_are_listed_as_not_started() {
    let ending = started(3);
    ending.sql("DELETE FROM refunds WHERE card_number = '000000000002'");
    let ran = ending.reconcile();
    assert_only(&ran, "no-refund", 1);
    assert_eq!(ran.sum("not started"), (1, 16_802));
    assert!(ran.out.contains("card 000000000002, no refund: 16802 fen are due"), "{ran:?}");
    assert!(ran.out.contains("to the fen"), "the money is accounted for all the same");
}

#[test]
fn an_amount_that_the_rule_does_not_give_is_listed_and_missing() {
    let ending = started(3);
    ending.sql("UPDATE refunds SET amount_fen = 16700 WHERE card_number = '000000000000'");
    let ran = ending.reconcile();
    assert_only(&ran, "other-amount", 1);
    assert!(ran.out.contains("paid differs from the sum of the others by 100 fen (1.00 yuan)"), "{ran:?}");
}

#[test]
fn a_state_that_no_report_explains_is_listed() {
    let ending = started(3);
    ending.sql("UPDATE refunds SET state = 'succeeded' WHERE card_number = '000000000001'");
    let ran = ending.reconcile();
    assert_only(&ran, "other-state", 1);
    assert!(ran.out.contains("the refund is succeeded, its reports make it scheduled"), "{ran:?}");
}

#[test]
fn reports_without_effect_are_listed() {
    for (fate, kind) in [("held", "report-held"), ("refused", "report-refused")] {
        let ending = started(3);
        ending.sql(&format!(
            "INSERT INTO refund_reports (id, content_hash, refund_id, source, state, amount_fen, currency, occurred_at,
                                         received_at, fate, reason)
             SELECT 'event-1', x'00', id, 'provider', 'closed', 1, 'USD', 1, 1, 'held', 'the currency is USD' FROM refunds
             WHERE card_number = '000000000001';
             INSERT INTO refund_reports (id, content_hash, refund_id, source, state, amount_fen, currency, occurred_at,
                                         received_at, fate)
             SELECT 'event-2', x'00', id, 'provider', 'closed', amount_fen, 'CNY', 2, 2, 'step' FROM refunds
             WHERE card_number = '000000000002';
             UPDATE refunds SET state = 'closed' WHERE card_number = '000000000002';
             UPDATE refund_reports SET fate = '{fate}' WHERE id = 'event-1';"
        ));
        if fate == "refused" {
            ending.sql(
                "UPDATE refund_reports SET occurred_at = 3, refund_id = (SELECT refund_id FROM refund_reports WHERE id = 'event-2')
                 WHERE id = 'event-1'",
            );
        }
        let ran = ending.reconcile();
        assert_only(&ran, kind, 1);
        assert!(ran.out.contains("report event-1 (provider): the currency is USD"), "{ran:?}");
        assert_eq!(ran.sum("closed"), (1, 16_802));
    }
}

/// Reviewed reports must not hide new ones.
#[test]
fn a_report_that_was_reviewed_is_counted_apart() {
    let ending = started(2);
    ending.sql(
        "INSERT INTO refund_reports (id, content_hash, refund_id, source, state, amount_fen, currency, occurred_at,
                                     received_at, fate, reason)
         SELECT 'event-' || card_number, x'00', id, 'provider', 'closed', 1, 'USD', 1, 1, 'held', 'the currency is USD'
         FROM refunds",
    );
    let review = |report: &str, note: &str| ending.run(&["review", "--report", report, "--note", note]);
    let status = || ending.operator(&["programme", "status", "--programme", "p"]);
    let reconciled = ending.reconcile();
    assert_only(&reconciled, "report-held", 2);
    assert!(reconciled.out.contains("report event-000000000000 (provider)"), "its id is printed: {reconciled:?}");
    assert!(status().contains("report event-000000000000, "), "here, too: {}", status());

    let refund = ending.refunds()[0].id.clone();
    let ran = review("event-000000000000", "not ours").well();
    assert!(ran.out.contains(&format!("report event-000000000000 of refund {refund} is reviewed")), "{ran:?}");
    let reconciled = ending.reconcile();
    assert_only(&reconciled, "report-held", 1);
    assert!(reconciled.out.contains("that were reviewed: 1"), "{reconciled:?}");
    let said = status();
    assert!(said.contains("held          1 reports for review") && said.contains("reviewed      1 reports"), "{said}");
    assert!(!said.contains("event-000000000000"), "{said}");
    assert!(review("event-000000000000", "paid by hand").well().out.contains("the note before was: not ours"));

    review("event-000000000001", "paid by hand").well();
    assert!(ending.reconcile().well().out.contains("that were reviewed: 2"));
    assert!(review("event-2", "?").badly().error.contains("there is no report 'event-2'"));
    assert!(review("event-000000000001", " ").badly().error.contains("--note is empty"));
    assert!(review("event-000000000001", "a\u{7}").badly().error.contains("--note: contains control characters"));
    ending.sql("UPDATE refund_reports SET fate = 'step'");
    assert!(review("event-000000000001", "?").badly().error.contains("only refused and held ones are reviewed"));
}

/// A review applies to the report's state at that time.
#[test]
fn a_report_whose_fate_changes_is_to_be_reviewed_again() {
    let ending = started(1);
    let id = ending.refunds()[0].id.clone();
    let import = |state: &str, millis| {
        let row = format!("{id},{state},16800,CNY,{},", ago(millis));
        ending.run(&["import", &ending.file("results.csv", results(&[row], 16_800))]).well()
    };
    import("succeeded", 5 * HOUR);
    ending.sql("UPDATE refund_reports SET fate = 'refused', reason = 'once', reviewed_at = 1, review_note = 'settled'");
    import("processing", 6 * HOUR);
    assert_eq!(ending.number("SELECT COUNT(*) FROM refund_reports WHERE reviewed_at IS NOT NULL"), 0);
}

#[test]
fn a_card_that_changed_its_programme_is_listed_on_both_sides() {
    let ending = started(2);
    ending.operator(&["programme", "put", "--id", "q", "--name", "卡", "--price-fen", "100"]);
    ending.sql(
        "UPDATE programmes SET last_day = '2026-10-31';
         UPDATE cards SET programme_id = 'q' WHERE number = '000000000001'",
    );
    let left = ending.reconcile();
    assert_only(&left, "other-programme", 1);
    assert!(left.out.contains("the card is of the programme q now, and its refund of 16801 fen"), "{left:?}");
    assert_eq!(left.sum("paid"), (1, 16_800));
    let right = ending.run(&["reconcile", "--programme", "q"]);
    assert_only(&right, "other-programme", 1);
    assert!(right.out.contains("the refund is of the programme p"), "{right:?}");
}

#[test]
fn the_terminal_shows_a_hundred_and_the_file_has_all() {
    let ending = Ending::of("full", &(0..250).map(|_| TestCard::paid(16_800)).collect::<Vec<_>>());
    let path = ending.path("findings.csv");
    let arguments = ["reconcile", "--programme", "p", "--csv", path.to_str().unwrap()];
    let ran = ending.run(&arguments);
    assert_only(&ran, "no-refund", 250);
    assert_eq!(ran.out.lines().filter(|line| line.starts_with("  card ")).count(), 100);
    assert!(ran.out.contains("and 150 more: --csv FILE lists all"), "{ran:?}");
    let csv = without_mark(&fs::read_to_string(&path).unwrap());
    assert_eq!(csv.lines().next(), Some("kind,card_number,refund_id,reason"));
    assert_eq!(csv.lines().count(), 251);
    assert!(csv.contains("\nno-refund,000000000249,,16800 fen are due"), "{csv}");
    let again = ending.run(&arguments).badly();
    assert!(again.error.contains("--force"), "{again:?}");
    assert_only(&ending.run(&[&arguments[..], &["--force"]].concat()), "no-refund", 250);
}

/// A card, and finance's reports about its refund, if any: one file, then another.
#[derive(Clone, Debug)]
struct Fate {
    card: TestCard,
    first: Option<&'static str>,
    second: Option<&'static str>,
}

fn fate() -> impl Strategy<Value = Fate> {
    let day = |days: i64| "2025-06-01".parse::<CivilDate>().unwrap().plus_days(days);
    let paid = prop_oneof![4 => 1_i64..100_000, 1 => Just(0), 1 => Just(1), 1 => Just(100_000_000)];
    let card = (paid, 0_i64..700, 0_i64..500).prop_map(move |(paid, from, length)| TestCard {
        paid,
        from: day(from).to_string(),
        until: day(from + length).to_string(),
    });
    // Every pair is a path of the state machine.
    let path = proptest::sample::select(vec![
        (None, None),
        (Some("processing"), None),
        (Some("succeeded"), None),
        (Some("abnormal"), None),
        (Some("closed"), None),
        (Some("processing"), Some("succeeded")),
        (Some("processing"), Some("abnormal")),
        (Some("abnormal"), Some("succeeded")),
        (Some("abnormal"), Some("processing")),
        (None, Some("closed")),
    ]);
    (card, path).prop_map(|(card, (first, second))| Fate { card, first, second })
}

/// The file of results for the refunds of these cards, with its total.
fn file(ending: &Ending, fates: &[Fate], of: impl Fn(&Fate) -> Option<&'static str>, at: &str) -> String {
    let reported = ending.refunds().into_iter().filter_map(|refund| {
        let state = of(&fates[refund.card.parse::<usize>().unwrap()])?;
        Some((format!("{},{state},{},CNY,{at},", refund.id, refund.amount), i128::from(refund.amount)))
    });
    let (rows, amounts): (Vec<String>, Vec<i128>) = reported.unzip();
    results(&rows, amounts.into_iter().sum())
}

#[test]
fn from_start_to_results_every_fen_is_where_it_belongs() {
    // Each case starts seven processes, so there are few cases with many cards.
    let mut runner = TestRunner::new(ProptestConfig { cases: 20, max_shrink_iters: 40, ..ProptestConfig::default() });
    let cases = (proptest::collection::vec(fate(), 1..150), proptest::sample::select(&RefundRule::ALL));
    runner
        .run(&cases, |(fates, rule)| {
            let cards: Vec<TestCard> = fates.iter().map(|fate| fate.card.clone()).collect();
            let ending = Ending::started(rule.as_str(), &cards);
            let out = ending.path("orders.csv");
            let exported = ending.run(&["export", "--programme", "p", "--out", out.to_str().unwrap()]).well();
            for (name, csv) in [
                ("first.csv", file(&ending, &fates, |fate| fate.first, &ago(2 * DAY))),
                ("second.csv", file(&ending, &fates, |fate| fate.second, &ago(HOUR))),
            ] {
                // A file without results is refused as empty.
                ending.run(&["import", &ending.file(name, &csv)]).well();
            }

            let ran = ending.reconcile().well();
            let (mut kept, mut sums) = (0_i128, std::collections::BTreeMap::<&str, i128>::new());
            for fate in &fates {
                let day = |text: &str| text.parse::<CivilDate>().unwrap();
                let share = rule.split(Fen(fate.card.paid), day(&fate.card.from), day(&fate.card.until), day(LAST_DAY));
                kept += i128::from(share.retained.0);
                let state = fate.second.or(fate.first).unwrap_or("scheduled");
                *sums.entry(state).or_default() += i128::from(share.refund.0);
            }
            let paid: i128 = fates.iter().map(|fate| i128::from(fate.card.paid)).sum();
            let of = |state| sums.get(state).copied().unwrap_or_default();
            prop_assert_eq!(ran.sum("paid").1, paid);
            prop_assert_eq!(ran.sum("kept").1, kept);
            for state in ["scheduled", "processing", "succeeded", "abnormal", "closed"] {
                prop_assert_eq!(ran.sum(state).1, of(state), "{}", state);
            }
            prop_assert_eq!(ran.sum("pending").1, of("scheduled") + of("processing"));
            prop_assert_eq!(ran.sum("not started"), (0, 0));
            let total = format!(", {} fen, ", paid - kept);
            prop_assert!(exported.out.contains(&total), "{}", exported.out);
            Ok(())
        })
        .unwrap();
}
