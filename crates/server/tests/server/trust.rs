//! Shops' records at the counter: which attempts count, for how long, and `member-server shops health`.

use crate::support::{
    DAY, HOUR, STEP, Setup, TestApp,
    counter::{COFFEE, Counter, NOODLES, PIN, THEATRE},
    noon, operator,
    staff::{Phone, sql},
};
use member_domain::wire::{ProblemKind, Shop, Trust};
use member_server::open_database;
use member_storage::{
    cells,
    inspect::{Rows, migrations_up_to},
};

/// The days of a shop with their redemptions and failures, from the database.
fn days(rows: &Rows, shop: &str) -> Vec<(String, u32, u32)> {
    rows.all("SELECT day, redemptions, failures FROM shop_days WHERE shop_id = ?1 ORDER BY day", cells![shop])
}

/// Today's redemptions and failures at a shop. The demo's own data are on other days.
fn today(app: &TestApp, shop: &str) -> (u32, u32) {
    let day = member_domain::CivilDate::in_shanghai(app.now()).to_string();
    let found = days(&app.rows(), shop).into_iter().find(|row| row.0 == day);
    found.map_or((0, 0), |(_, redemptions, failures)| (redemptions, failures))
}

async fn trust(app: &TestApp, shop: &str) -> Trust {
    app.get(&format!("/v1/shops/{shop}")).answer().await.expect(200).json::<Shop>().trust
}

async fn until_fails_often(app: &TestApp, shop: &str, expected: bool) {
    let settled = async {
        while trust(app, shop).await.fails_often != expected {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::support::SOON, settled)
        .await
        .unwrap_or_else(|_| panic!("{shop} never becomes {expected}"));
}

#[tokio::test]
async fn what_a_member_or_a_stranger_did_is_no_failure_of_the_shop() {
    let counter = Counter::open().await;
    let (app, till) = (&counter.app, &counter.till);
    app.redeem(till, "1", &counter.code(0), 4_200).await.expect(201);
    app.redeem(till, "1", &counter.code(0), 4_200).await.expect(201);
    assert_eq!(today(app, COFFEE), (1, 0), "an answer that is given again is no second success");
    app.redeem(till, "1", &counter.code(0), 1).await.problem(ProblemKind::Conflict);
    sql(app, "UPDATE cards SET cities = 'hangzhou'");
    app.redeem(till, "2", &counter.code(1), 4_200).await.problem(ProblemKind::Forbidden);
    sql(app, "UPDATE programmes SET last_day = '2026-11-19'");
    app.redeem(till, "3", &counter.code(1), 4_200).await.problem(ProblemKind::ProgrammeEnded);
    assert_eq!(today(app, COFFEE), (1, 0));
    sql(app, "UPDATE programmes SET last_day = NULL; UPDATE cards SET cities = 'shanghai'");
    for (index, code) in [counter.code(0), counter.code(-5), counter.guess(0), "12".to_owned()].iter().enumerate() {
        app.redeem(till, &format!("failure {index}"), code, 4_200).await;
        app.redeem(till, &format!("failure {index}"), code, 4_200).await;
    }
    // An unreadable code is not stored under its key, so each request counts.
    assert_eq!(today(app, COFFEE), (1, 5));
    counter.enter_pin(NOODLES, "pin", "135790", 100).await.invalid("pin");
    counter.enter_pin(COFFEE, "pin", PIN, 100).await.problem(ProblemKind::Forbidden);
    let member = &counter.member;
    for body in [serde_json::json!({}), serde_json::json!({ "pin": "12", "billFen": 1 })] {
        let call =
            app.post(&format!("/v1/shops/{COFFEE}/redemptions")).by(member).header("Idempotency-Key", "malformed");
        call.json(&body).answer().await.problem(ProblemKind::InvalidRequest);
    }
    assert_eq!((today(app, NOODLES), today(app, COFFEE)), ((0, 0), (1, 5)), "nobody demotes a shop from afar");
}

#[tokio::test]
async fn who_is_turned_away_unread_is_no_failure_of_the_shop() {
    let setup = Setup { demo: true, terminal_limit: 1, ..Setup::default() };
    let counter = Counter::of(TestApp::start(setup).await).await;
    let app = &counter.app;
    for _ in 0..40 {
        app.redeem(&counter.till, "malformed", "12", 4_200).await;
    }
    app.clock.advance_millis(2 * 60_000);
    app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    assert!(counter.attempts().iter().any(|row| row.outcome == "rate-limited" && row.times == "39"));
    assert_eq!(today(app, COFFEE), (1, 1));
}

#[tokio::test]
async fn a_redemption_taken_back_is_no_success_on_the_day_it_was_one() {
    let counter = Counter::open().await;
    let app = &counter.app;
    app.clock.advance_millis(11 * HOUR + 55 * 60_000);
    let first = app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    app.clock.advance_millis(STEP);
    app.redeem_now(&counter.till, "2", &counter.device, 4_200).await;
    assert_eq!(today(app, COFFEE), (2, 0));
    app.clock.advance_millis(6 * 60_000);
    for _ in 0..2 {
        counter.cancel(&counter.till, &first.id).await.expect(200);
    }
    let day = |day: &str| days(&app.rows(), COFFEE).into_iter().find(|row| row.0 == day);
    assert_eq!(day("2026-11-20"), Some(("2026-11-20".to_owned(), 1, 0)));
    assert_eq!(day("2026-11-21"), None);
}

#[tokio::test]
async fn a_shop_that_fails_often_is_marked_until_its_failures_are_old() {
    let counter = Counter::open().await;
    let app = &counter.app;
    let till = app.terminal(THEATRE).await;
    app.redeem_now(&till, "1", &counter.device, 4_200).await;
    // With the demo's redemption there are two successes. Five attempts are enough for a verdict.
    for index in 0..6 {
        assert_eq!(trust(app, THEATRE).await.fails_often, index >= 3, "{index} of {} failed", index + 2);
        app.redeem(&till, &format!("guess {index}"), &counter.guess(index), 4_200).await.expect(404);
    }
    assert!(trust(app, THEATRE).await.fails_often);
    assert!(!trust(app, COFFEE).await.fails_often);
    // The 30th day still counts.
    app.clock.advance_millis(29 * DAY);
    let beside = app.beside().await;
    until_fails_often(&beside, THEATRE, true).await;
    app.clock.advance_millis(DAY);
    let beside = app.beside().await;
    until_fails_often(&beside, THEATRE, false).await;
}

#[tokio::test]
async fn successes_grow_old_too() {
    let app = TestApp::demo().await;
    sql(
        &app,
        &format!("INSERT INTO shop_days VALUES ('{COFFEE}', '2026-11-01', 100, 0), ('{COFFEE}', '2026-11-10', 0, 5)"),
    );
    let beside = app.beside().await;
    assert!(!trust(&beside, COFFEE).await.fails_often);
    app.clock.advance_millis(11 * DAY);
    let beside = app.beside().await;
    until_fails_often(&beside, COFFEE, true).await;
}

#[tokio::test]
async fn a_refused_scan_of_a_staff_phone_counts_once_however_often_it_is_loaded() {
    let app = TestApp::demo().await;
    let phone = Phone::demo(&app, COFFEE).await;
    for _ in 0..3 {
        phone.open("/R/66012345678900000000").await.expect(404);
        phone.open("/R/12").await.expect(404);
    }
    assert_eq!(today(&app, COFFEE), (0, 2));
}

#[tokio::test]
async fn the_command_prints_the_worst_first_with_all_that_is_known() {
    let counter = Counter::open().await;
    let app = &counter.app;
    let theatre = app.terminal(THEATRE).await;
    for index in 0..3 {
        app.redeem(&theatre, &format!("guess {index}"), &counter.guess(index), 4_200).await.expect(404);
    }
    for (key, code) in [("used", 0), ("old", -5)] {
        app.redeem(&theatre, key, &counter.code(code), 4_200).await;
    }
    app.redeem(&theatre, "old 2", &counter.code(-6), 4_200).await.expect(410);
    sql(app, &format!("UPDATE shops SET tested_at = {} WHERE id = '{COFFEE}'", app.now().0));
    let printed = app.operator(&["shops", "health", "--csv"]);
    let mut csv = csv::Reader::from_reader(printed.as_bytes());
    assert_eq!(
        csv.headers().unwrap().iter().collect::<Vec<_>>(),
        [
            "shop",
            "name",
            "last_success",
            "redemptions",
            "failures",
            "failed",
            "most_frequent_failure",
            "tested_on",
            "demoted"
        ]
    );
    let rows: Vec<Vec<String>> = csv.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    // One redemption of the demo is 26 days old; another one is from today.
    assert_eq!(rows[0][0], THEATRE, "{printed}");
    assert_eq!(rows[0][3..7], ["2", "5", "71%", "code-unknown"], "{printed}");
    assert_eq!(rows[0][8], "yes");
    assert!(rows[0][2].starts_with(&member_domain::CivilDate::in_shanghai(app.now()).to_string()));
    let coffee = rows.iter().find(|row| row[0] == COFFEE).unwrap();
    assert_eq!(coffee[3..7], ["1", "0", "0%", ""]);
    assert_eq!(coffee[7], member_domain::CivilDate::in_shanghai(app.now()).to_string());
    assert_eq!(coffee[8], "");
    assert!(rows.len() > 60);
    let hangzhou = app.operator(&["shops", "health", "--city", "hangzhou", "--csv"]);
    assert!(hangzhou.lines().skip(1).all(|line| line.starts_with("hz-")) && hangzhou.lines().count() > 5, "{hangzhou}");
}

#[tokio::test]
async fn the_commands_columns_stand_under_each_other_whatever_the_names() {
    let app = TestApp::with_shops(&format!(
        "id,name,category,city,lng,lat,coord_system\n\
         a,梧桐里手冲,coffee,shanghai,121.4,31.2,gcj02\n\
         bb,The Little Lantern 小灯笼咖啡烘焙工作室,coffee,shanghai,121.4,31.2,gcj02\n\
         {},x,coffee,shanghai,121.4,31.2,gcj02\n",
        "c".repeat(64)
    ))
    .await;
    let printed = app.operator(&["shops", "health"]);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), 4, "{printed}");
    // The column where a cell begins, in a terminal's character widths.
    let columns_before = |line: &str, cell: &str| {
        let bytes = line.find(cell).unwrap_or_else(|| panic!("{cell}: {line}"));
        unicode_width::UnicodeWidthStr::width(&line[..bytes])
    };
    let names = columns_before(lines[0], "name");
    assert_eq!(names, 66);
    for (line, name) in lines[1..].iter().zip(["梧桐里", "The Little", "x"]) {
        assert_eq!(columns_before(line, name), names, "{printed}");
        assert_eq!(unicode_width::UnicodeWidthStr::width(*line), unicode_width::UnicodeWidthStr::width(lines[1]));
    }
    assert!(lines[2].contains('…'));
}

/// Gives an empty database the schema of this version.
fn migrate_to(rows: &Rows, version: usize) {
    for migration in migrations_up_to(version) {
        rows.run_all(migration);
    }
    rows.run_all(&format!("PRAGMA user_version = {version}"));
}

#[test]
fn a_database_from_before_counts_what_it_holds() {
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("members.sqlite");
    let rows = Rows::open(&path);
    migrate_to(&rows, 4);
    // 2026-11-20 in Shanghai begins at 1795104000000.
    let data = "
        INSERT INTO programmes (id, name, name_en, price_fen, last_day, created_at) VALUES ('p', '卡', NULL, 16800, NULL, 1);
        INSERT INTO members VALUES ('m1', '张三', 1);
        INSERT INTO cards (number, member_id, programme_id, valid_from, valid_until, cities, paid_fen) VALUES ('000000000001', 'm1', 'p', '2026-01-01', '2027-12-31', 'shanghai', 16800);
        INSERT INTO shops (id, name, category, city, lat, lng, coord_system, wgs84_lat, wgs84_lng, discount_permille,
                           redeem_methods, search)
        VALUES ('sh', '上海店', 'coffee', 'shanghai', 31.2, 121.4, 'gcj02', 31.2, 121.4, 100, 'phone-camera', '');
        INSERT INTO redemptions (id, shop_id, card_number, bill_fen, saved_fen, redeemed_at, cancelled_at) VALUES
            ('1', 'sh', '000000000001', 100, 10, 1795103999999, NULL),
            ('2', 'sh', '000000000001', 100, 10, 1795104000000, NULL),
            ('3', 'sh', '000000000001', 100, 10, 1795104000001, 1795104000002);
        INSERT INTO attempts (at, shop_id, method, caller, outcome, replayed, times) VALUES
            (1795104000000, 'sh', 'till', x'00', 'done', 0, 1),
            (1795104000000, 'sh', 'till', x'00', 'code-used', 0, 2),
            (1795104000000, 'sh', 'till', x'00', 'code-used', 1, 1),
            (1795104000000, 'sh', 'till', x'00', 'invalid-request', 0, 1),
            (1795104000000, 'sh', 'till', x'00', 'forbidden', 0, 1),
            (1795104000000, 'sh', 'till', x'00', 'rate-limited', 0, 90);
        INSERT INTO idempotency_keys VALUES (x'00', 'a', x'01', 'code-used', NULL, 1), (x'00', 'b', x'01', NULL, '1', 1);
        INSERT INTO changes (kind, at) VALUES ('programme', 1), ('programme', 2);
        DELETE FROM changes;
    ";
    rows.run_all(data);
    drop(rows);
    open_database(&path).unwrap();
    let rows = Rows::open(&path);
    assert_eq!(days(&rows, "sh"), [("2026-11-19".to_owned(), 1, 0), ("2026-11-20".to_owned(), 1, 3)]);
    let keys: u32 = rows.one("SELECT COUNT(*) FROM idempotency_keys", cells![]);
    assert_eq!(keys, 2);
    // No change is left, but numbers continue after those that pages may have seen.
    operator(&path, noon(), &["programme", "put", "--id", "q", "--name", "卡", "--price-fen", "1"]);
    let seq: u32 = rows.one("SELECT seq FROM changes", cells![]);
    assert_eq!(seq, 3);
}

/// A server and a command may be the first to open a database of an older version, at the same time.
#[test]
fn several_that_open_a_database_from_before_at_once_all_succeed() {
    const AT_ONCE: usize = 4;
    for _ in 0..10 {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("members.sqlite");
        let rows = Rows::open(&path);
        rows.run_all("PRAGMA journal_mode = WAL");
        migrate_to(&rows, 5);
        let together = std::sync::Barrier::new(AT_ONCE);
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    together.wait();
                    open_database(&path).unwrap();
                });
            }
        });
    }
}
