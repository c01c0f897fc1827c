//! `GET /v1/redemptions`, the same list as a file, and its sums by month in `GET /v1/me`.

use crate::support::{
    Caller, DAY, SECOND, STEP, TestApp,
    counter::{COFFEE, Counter},
    today,
};
use member_domain::{
    CivilDate, Fen,
    wire::{LedgerPage, Payoff, PayoffMonth, ProblemKind},
};
use member_storage::cells;

#[tokio::test]
async fn the_ledger_is_newest_first_and_the_members_own() {
    let counter = Counter::open().await;
    let before = counter.app.ledger(&counter.member).await;
    assert_eq!(before.redemptions.len(), 5);
    let times: Vec<_> = before.redemptions.iter().map(|entry| entry.redeemed_at).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "{times:?}");

    let receipt = counter.app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    let after = counter.app.ledger(&counter.member).await;
    assert_eq!(after.redemptions[1..], before.redemptions);
    let newest = &after.redemptions[0];
    assert_eq!((newest.id.as_str(), newest.shop_id.as_str()), (receipt.id.as_str(), COFFEE));
    assert_eq!(newest.shop_name, "梧桐里手冲");
    assert_eq!(newest.bill_fen, newest.saved_fen + newest.payable_fen);

    let other = counter.app.sign_in("none").await;
    assert_eq!(counter.app.ledger(&other).await, LedgerPage { redemptions: vec![], next_cursor: None });
    counter.app.get("/v1/redemptions").answer().await.problem(ProblemKind::Unauthorized);
    counter.app.get("/v1/redemptions").by(&counter.till).answer().await.problem(ProblemKind::Unauthorized);
}

#[tokio::test]
async fn the_ledger_comes_in_pages_of_50() {
    let counter = Counter::open().await;
    let mut expected: Vec<String> =
        counter.app.ledger(&counter.member).await.redemptions.into_iter().map(|entry| entry.id).collect();
    for index in 0..50 {
        counter.app.clock.advance_millis(STEP + SECOND);
        let receipt = counter.app.redeem_now(&counter.till, &index.to_string(), &counter.device, 1_000).await;
        expected.insert(0, receipt.id);
    }
    let first = counter.app.ledger(&counter.member).await;
    assert_eq!(first.redemptions.len(), 50);
    // A new entry between two pages must not shift them.
    counter.app.clock.advance_millis(STEP);
    counter.app.redeem_now(&counter.till, "meanwhile", &counter.device, 1_000).await;
    let path = format!("/v1/redemptions?cursor={}", first.next_cursor.unwrap());
    let second: LedgerPage = counter.app.get(&path).by(&counter.member).answer().await.expect(200).json();
    assert_eq!(second.next_cursor, None);
    let found: Vec<String> = first.redemptions.into_iter().chain(second.redemptions).map(|entry| entry.id).collect();
    assert_eq!(found, expected);
    for cursor in ["x", "", "1.5", "99999999999999999999"] {
        let path = format!("/v1/redemptions?cursor={cursor}");
        counter.app.get(&path).by(&counter.member).answer().await.invalid("cursor");
    }
}

/// Adds a redemption of the past to the active member's card.
fn redeemed(app: &TestApp, id: &str, at: i64, saved: i64, cancelled: bool) {
    let sql = "INSERT INTO redemptions (id, shop_id, card_number, bill_fen, saved_fen, redeemed_at, cancelled_at)
               VALUES (?1, ?2, '660123454827', ?3 * 10, ?3, ?4, IIF(?5, ?4 + 1, NULL))";
    app.rows().run(sql, cells![id, COFFEE, saved, at, cancelled]);
}

fn months(payoff: &Payoff) -> Vec<(String, i64, u32)> {
    payoff.months.iter().map(|month| (month.month.to_string(), month.saved_fen.0, month.redemptions)).collect()
}

#[tokio::test]
async fn savings_by_months_are_those_of_shanghai_and_sum_up() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    let payoff = app.me(&member).await.payoff.unwrap();
    let expected = [("2026-09-01", 7_680, 1), ("2026-10-01", 460 + 5_340, 2), ("2026-11-01", 840 + 700, 2)];
    assert_eq!(months(&payoff), expected.map(|(month, saved, count)| (month.to_owned(), saved, count)));

    // The last millisecond of a leap day and of a year, and the first one after each, by clocks in China.
    let midnight = |day: &str| day.parse::<CivilDate>().unwrap().start_in_shanghai().0;
    redeemed(&app, "A", midnight("2024-03-01") - 1, 100, false);
    redeemed(&app, "B", midnight("2024-03-01"), 200, false);
    redeemed(&app, "C", midnight("2026-01-01") - 1, 300, false);
    redeemed(&app, "D", midnight("2026-01-01"), 400, false);
    redeemed(&app, "E", midnight("2026-01-01") + DAY, 5_000, true);
    let payoff = app.me(&member).await.payoff.unwrap();
    let first: Vec<_> = months(&payoff).into_iter().take(4).collect();
    let expected = [("2024-02-01", 100, 1), ("2024-03-01", 200, 1), ("2025-12-01", 300, 1), ("2026-01-01", 400, 1)];
    assert_eq!(first, expected.map(|(month, saved, count)| (month.to_owned(), saved, count)), "none taken back counts");
    assert_eq!(payoff.months.iter().map(|month| month.saved_fen).sum::<Fen>(), payoff.saved_fen);
    assert_eq!(payoff.months.iter().map(|month| month.redemptions).sum::<u32>(), payoff.redemptions);
    assert!(payoff.months.is_sorted_by_key(|PayoffMonth { month, .. }| *month));
}

#[tokio::test]
async fn a_redemption_that_is_taken_back_drops_out() {
    let counter = Counter::open().await;
    let before = counter.app.me(&counter.member).await.payoff.unwrap();
    let receipt = counter.app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    let with = counter.app.me(&counter.member).await.payoff.unwrap();
    assert_eq!(with.months.last().unwrap().saved_fen, before.months.last().unwrap().saved_fen + Fen(420));
    counter.cancel(&counter.till, &receipt.id).await.expect(200);
    assert_eq!(counter.app.me(&counter.member).await.payoff.unwrap(), before);
}

async fn file(app: &TestApp, member: &Caller) -> Vec<csv::StringRecord> {
    let answer = app.get("/v1/redemptions.csv").by(member).answer().await.expect(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"member-card-savings.csv\"");
    assert_eq!(answer.header("cache-control"), "no-store");
    let text = answer.text();
    let table = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>().join(","), COLUMNS);
    reader.records().collect::<Result<_, _>>().unwrap()
}

const COLUMNS: &str = "id,redeemed_at,shop,bill_yuan,saved_yuan,paid_yuan,cancelled_at";

#[tokio::test]
async fn the_file_has_every_line_of_the_ledger() {
    let counter = Counter::open().await;
    let app = &counter.app;
    let receipt = app.redeem_now(&counter.till, "1", &counter.device, 4_205).await;
    app.clock.advance_millis(SECOND);
    counter.cancel(&counter.till, &receipt.id).await.expect(200);
    let lines = file(app, &counter.member).await;
    let ids: Vec<&str> = lines.iter().map(|line| &line[0]).collect();
    let ledger = app.ledger(&counter.member).await.redemptions;
    assert_eq!(ids, ledger.iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>());
    let expected = [
        receipt.id.as_str(),
        "2026-11-20T12:00:10.000+08:00",
        "梧桐里手冲",
        "42.05",
        "4.20",
        "37.85",
        "2026-11-20T12:00:11.000+08:00",
    ];
    assert_eq!(lines[0].iter().collect::<Vec<_>>(), expected);
    assert!(lines[1][6].is_empty());

    assert!(file(app, &app.sign_in("none").await).await.is_empty());
    app.get("/v1/redemptions.csv").answer().await.problem(ProblemKind::Unauthorized);
    app.get("/v1/redemptions.csv").by(&counter.till).answer().await.problem(ProblemKind::Unauthorized);
}

#[tokio::test]
async fn a_long_ledger_is_whole_and_no_name_of_a_shop_is_a_formula() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    let demo = app.ledger(&member).await.redemptions.len();
    let rows = app.rows();
    let filler = "INSERT INTO redemptions (id, shop_id, card_number, bill_fen, saved_fen, redeemed_at)
                  WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
                  SELECT 'X' || n, ?2, '660123454827', 1000, 100, ?3 + n FROM n";
    let at = today().plus_days(-80).start_in_shanghai().0;
    rows.run(filler, cells![i64::try_from(1_000 - demo).unwrap(), COFFEE, at]);
    let formula = "=HYPERLINK(\"https://evil.example\",\"a\")";
    rows.run("UPDATE shops SET name = ?2 WHERE id = ?1", cells![COFFEE, formula]);
    // Exactly two reads, then one line more.
    for lines in [1_000, 1_001] {
        let file = file(&app, &member).await;
        let mut ids: Vec<&str> = file.iter().map(|line| &line[0]).collect();
        assert_eq!(ids.len(), lines);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), lines, "no line comes twice");
        assert!(file.iter().all(|line| !line[2].starts_with('=')));
        assert!(file.iter().any(|line| line[2] == format!("'{formula}")));
        redeemed(&app, &format!("LAST{lines}"), at, 100, false);
    }
}
