//! Starting the refunds of a programme: one per card, whatever happens meanwhile.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use crate::support::{
    STEP, TestApp,
    counter::Counter,
    refunds::{Ending, LAST_DAY, Ran, TestCard, peak_memory},
    today,
};
use member_domain::{CivilDate, Fen, RefundRule};
use member_storage::cells;

/// A command that runs this long hangs, however slow the machine is.
const PATIENCE: Duration = Duration::from_mins(2);

fn cards(count: i64) -> Vec<TestCard> {
    (0..count).map(|index| TestCard::paid(16_800 + index)).collect()
}

/// Every card with an amount due has one refund of exactly that amount, and no other card has one.
#[track_caller]
fn assert_one_each(ending: &Ending, rule: RefundRule, cards: &[TestCard]) {
    let day = |text: &str| text.parse::<CivilDate>().unwrap();
    let due = cards.iter().enumerate().filter_map(|(index, card)| {
        let share = rule.split(Fen(card.paid), day(&card.from), day(&card.until), day(LAST_DAY));
        (share.refund.0 > 0).then(|| (format!("{index:012}"), share.refund.0))
    });
    let refunds = ending.refunds();
    let held: Vec<(String, i64)> = refunds.iter().map(|refund| (refund.card.clone(), refund.amount)).collect();
    assert!(held == due.collect::<Vec<_>>(), "every card has its refund, and no other");
    assert_eq!(refunds.iter().map(|refund| &refund.id).collect::<HashSet<_>>().len(), refunds.len());
    let told = ending.number("SELECT COUNT(DISTINCT member_id) FROM changes WHERE kind = 'refund'");
    let changes = ending.number("SELECT COUNT(*) FROM changes WHERE kind = 'refund'");
    assert_eq!((told, changes), (held.len().try_into().unwrap(), told), "pages are told once");
}

#[test]
fn nothing_is_refunded_before_the_end_is_announced() {
    let ending = Ending::running(&cards(3));
    for arguments in [["start", "--programme", "p"], ["reconcile", "--programme", "p"]] {
        let ran = ending.run(&arguments).badly();
        assert!(ran.error.contains("programme announce-end"), "{ran:?}");
    }
    let ran = ending.run(&["start", "--programme", "q"]).badly();
    assert!(ran.error.contains("there is no programme 'q'"), "{ran:?}");
    assert_eq!(ending.refunds(), []);
}

#[test]
fn a_card_is_refunded_once_however_often_it_is_started() {
    let mut cards = cards(2_100);
    cards[7].paid = 0;
    let ending = Ending::of("full", &cards);
    let paid: i128 = cards.iter().map(|card| i128::from(card.paid)).sum();
    let dry = ending.run(&["start", "--programme", "p", "--dry-run"]).well();
    assert_eq!(dry.sum("to schedule"), (2_099, paid));
    assert!(dry.out.contains("nothing was written"));
    assert_eq!(ending.refunds(), []);

    let today = today();
    let day = today.plus_days(7).to_string();
    let arguments = ["start", "--programme", "p", "--scheduled-for", &day, "--estimate-working-days", "5"];
    let first = ending.run(&arguments).well();
    assert_eq!(first.sum("cards, paid"), (2_100, paid));
    assert_eq!(first.sum("scheduled now"), (2_099, paid));
    assert_eq!(first.sum("already there"), (0, 0));
    assert_eq!(first.sum("nothing to refund"), (1, 0));
    assert!(!first.out.contains("every card that gets a refund has one"));
    assert_one_each(&ending, RefundRule::Full, &cards);
    let told = format!("SELECT COUNT(*) FROM refunds WHERE scheduled_for = '{day}' AND estimate_working_days = 5");
    assert_eq!(ending.number(&told), 2_099);

    let again = ending.start().well();
    assert_eq!(again.sum("scheduled now"), (0, 0));
    assert_eq!(again.sum("already there"), (2_099, paid));
    assert!(again.out.contains("every card that gets a refund has one"), "{again:?}");
    assert_one_each(&ending, RefundRule::Full, &cards);

    let yesterday = today.plus_days(-1).to_string();
    let late = ending.run(&["start", "--programme", "p", "--scheduled-for", &yesterday]).badly();
    assert!(late.error.contains("name today or a later day"), "{late:?}");
    for wrong in ["0", "61", "soon"] {
        ending.run(&["start", "--programme", "p", "--estimate-working-days", wrong]).badly();
    }
}

/// If the first start was interrupted, members must still see one day only.
#[test]
fn a_start_with_another_day_changes_what_is_still_scheduled() {
    let ending = Ending::of("full", &cards(3));
    ending.start().well();
    let sent = &ending.refunds()[0].id;
    ending.sql(&format!("UPDATE refunds SET state = 'processing' WHERE id = '{sent}'; DELETE FROM changes"));
    let start = |more: &[&str]| ending.run(&[&["start", "--programme", "p"], more].concat()).well();
    let told = |day: &str, estimate: &str| {
        let sql = "SELECT COUNT(*) FROM refunds WHERE scheduled_for IS";
        ending.number(&format!("{sql} {day} AND estimate_working_days IS {estimate}"))
    };
    let day = today().plus_days(7).to_string();
    let quoted = format!("'{day}'");
    let dry = start(&["--scheduled-for", &day, "--dry-run"]);
    assert_eq!((dry.sum("to change").0, told("NULL", "NULL")), (2, 3));

    let ran = start(&["--scheduled-for", &day]);
    assert_eq!((ran.sum("already there").0, ran.sum("changed now").0), (3, 2));
    assert_eq!((told(&quoted, "NULL"), told("NULL", "NULL")), (2, 1), "what the provider has stays");
    assert_eq!(ending.number("SELECT COUNT(*) FROM changes WHERE kind = 'refund'"), 2, "pages are told");
    assert_eq!(start(&["--estimate-working-days", "5"]).sum("changed now").0, 2);
    assert_eq!((told(&quoted, "5"), told("NULL", "NULL")), (2, 1), "the day was not spoken of");
    for more in [&[][..], &["--scheduled-for", &day, "--estimate-working-days", "5"]] {
        assert!(!start(more).out.contains("changed now"));
    }
    assert_eq!(ending.number("SELECT COUNT(*) FROM changes WHERE kind = 'refund'"), 4);
}

#[test]
fn refunds_of_cards_that_were_over_before_the_announcement_are_counted() {
    let mut cards = cards(4);
    for (index, until) in [(0, "2026-09-30"), (1, "2026-09-29"), (2, "2026-01-31")] {
        cards[index].until = until.to_owned();
    }
    cards[2].paid = 0;
    let announced = "UPDATE programmes SET announced_on = '2026-09-30', announcement = '公告'";
    let ending = Ending::of("full", &cards);
    ending.sql(announced);
    for _ in 0..2 {
        assert_eq!(ending.start().well().sum("of cards over before"), (1, 16_801));
    }
    let ending = Ending::of("pro-rata", &cards);
    ending.sql(announced);
    assert!(!ending.start().well().out.contains("over before"), "nothing comes back");
}

#[test]
fn pro_rata_cards_that_are_used_up_get_nothing_and_are_counted() {
    let mut cards = cards(20);
    cards[3].until = LAST_DAY.to_owned();
    cards[4].paid = 0;
    cards[5].from = "2026-11-01".to_owned();
    let ending = Ending::of("pro-rata", &cards);
    let ran = ending.start().well();
    assert_eq!(ran.sum("nothing to refund"), (2, i128::from(cards[3].paid)));
    assert_eq!(ran.sum("scheduled now").0, 18);
    assert_one_each(&ending, RefundRule::ProRata, &cards);
    assert_eq!(ending.refunds()[3].amount, cards[5].paid, "a card that had not begun");
    ending.reconcile().well();
}

#[test]
fn a_refund_goes_back_the_way_the_card_was_paid() {
    let ending = Ending::of("full", &cards(2));
    ending.sql("UPDATE cards SET paid_through = 'alipay' WHERE number = '000000000001'");
    ending.start().well();
    let of = |channel| ending.number(&format!("SELECT COUNT(*) FROM refunds WHERE channel = '{channel}'"));
    assert_eq!((of("wechat-pay"), of("alipay")), (1, 1));
}

#[test]
fn of_two_that_start_at_the_same_time_each_card_gets_one_refund() {
    let cards = cards(6_000);
    let ending = Ending::of("full", &cards);
    let both = [(); 2].map(|()| ending.spawn(&["start", "--programme", "p"]));
    let both = both.map(|process| Ran::from(process.wait_with_output().unwrap()).well());
    let scheduled = both.iter().map(|ran| ran.sum("scheduled now").0);
    assert_eq!(scheduled.sum::<u64>(), 6_000);
    assert_one_each(&ending, RefundRule::Full, &cards);
}

#[test]
fn killed_again_and_again_it_goes_on_where_it_was() {
    const CARDS: i64 = 12_000;
    let cards = cards(CARDS);
    let ending = Ending::of("full", &cards);
    let rows = ending.rows();
    let count = || rows.one::<i64>("SELECT COUNT(*) FROM refunds", cells![]);
    for kill in 1..=8 {
        let mut process = ending.spawn(&["start", "--programme", "p"]);
        let since = Instant::now();
        while count() < kill * CARDS / 10 {
            assert_eq!(process.try_wait().unwrap(), None, "it ended before kill {kill}");
            assert!(since.elapsed() < PATIENCE, "no progress before kill {kill}");
        }
        // Half of the kills hit the middle of the next batch.
        if kill % 2 == 0 {
            std::thread::sleep(Duration::from_micros(u64::from(getrandom::u32().unwrap() % 40_000)));
        }
        process.kill().unwrap();
        process.wait().unwrap();
        let (refunds, told) = (count(), ending.number("SELECT COUNT(*) FROM changes WHERE kind = 'refund'"));
        assert_eq!(refunds, told, "nothing is half written");
    }
    let before = count();
    let last = ending.start().well();
    assert_eq!(i64::try_from(last.sum("already there").0).unwrap(), before);
    assert_one_each(&ending, RefundRule::Full, &cards);
    ending.reconcile().well();
}

#[test]
fn a_rule_that_changes_in_the_middle_stops_it() {
    let ending = Ending::of("full", &cards(8_000));
    let mut process = ending.spawn(&["start", "--programme", "p"]);
    let since = Instant::now();
    while ending.number("SELECT COUNT(*) FROM refunds") == 0 {
        assert!(since.elapsed() < PATIENCE && process.try_wait().unwrap().is_none());
    }
    ending.sql("UPDATE programmes SET refund_rule = 'pro-rata'");
    let ran = Ran::from(process.wait_with_output().unwrap()).badly();
    assert!(ran.error.contains("was changed"), "{ran:?}");
    assert!(ending.refunds().len() < 8_000);
    let reconciled = ending.reconcile().badly();
    assert!(reconciled.out.contains("other-amount:") && reconciled.out.contains("no-refund:"));
}

#[test]
fn ten_times_as_many_cards_take_no_more_memory() {
    let peak = |count| {
        let ending = Ending::of("full", &cards(count));
        peak_memory(ending.spawn(&["start", "--programme", "p"]))
    };
    let (few, many) = (peak(10_000), peak(100_000));
    assert!(few > 1_000 && many < few + 8_000, "{few} kB, then {many} kB");
}

#[tokio::test(flavor = "multi_thread")]
async fn tills_redeem_while_refunds_start() {
    let counter = Counter::open().await;
    fill(&counter.app);
    let (database, now) = (counter.app.database_file(), counter.app.now());
    let start = ["refunds", "start", "--programme", "old"];
    let starting = tokio::task::spawn_blocking(move || crate::support::operator(&database, now, &start));
    let mut latencies = Vec::new();
    while !starting.is_finished() {
        counter.app.clock.advance_millis(STEP);
        let (key, code) = (format!("k{}", latencies.len()), counter.code(0));
        let asked = Instant::now();
        counter.app.redeem(&counter.till, &key, &code, 1_000).await.expect(201);
        latencies.push(asked.elapsed());
    }
    let printed = starting.await.unwrap();
    let scheduled = printed.lines().find_map(|line| line.strip_prefix("scheduled now")).unwrap();
    assert_eq!(scheduled.split_whitespace().next(), Some("15000"), "{printed}");
    latencies.sort();
    let at = |permille: usize| latencies[(latencies.len() - 1) * permille / 1_000];
    eprintln!("{} redemptions: {:?} median, {:?} p95, {:?} longest", latencies.len(), at(500), at(950), at(1_000));
    assert!(latencies.len() >= 10, "{latencies:?}");
    assert!(at(1_000) < Duration::from_secs(8), "{:?}", at(1_000));
}

/// Another programme with 15,000 cards, and an end.
fn fill(app: &TestApp) {
    crate::support::staff::sql(
        app,
        "BEGIN;
         INSERT INTO programmes (id, name, price_fen, last_day, created_at) VALUES ('old', '卡', 16800, '2026-10-31', 1);
         WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 14999)
         INSERT INTO members (id, name, created_at) SELECT 'o' || i, '会员', 1 FROM n;
         INSERT INTO cards (number, member_id, programme_id, valid_from, valid_until, cities, paid_fen)
         SELECT printf('9%011d', substr(id, 2)), id, 'old', '2026-01-01', '2026-12-31', 'shanghai', 16800
         FROM members WHERE id GLOB 'o[0-9]*';
         COMMIT",
    );
}
