//! Test codes: `member-server shops test`, at tills and on paired phones.

use crate::support::{
    HOUR, TestApp,
    counter::{Attempt, COFFEE, Counter, THEATRE},
    staff::{Phone, sql},
    today,
};
use member_domain::wire::{AttemptAnswer, AttemptState, ProblemKind, Shop, TestReceipt};
use member_storage::cells;
use serde_json::{Value, json};

/// A test code made by the command.
fn test_code(app: &TestApp, shop: &str) -> String {
    let code = app.operator(&["shops", "test", shop]);
    assert!(code.len() == 20 && code.starts_with("660000000000"), "{code}");
    code
}

async fn tested_on(app: &TestApp, shop: &str) -> Option<member_domain::CivilDate> {
    app.get(&format!("/v1/shops/{shop}")).answer().await.expect(200).json::<Shop>().trust.staff_tested_on
}

#[tokio::test]
async fn a_till_scans_a_test_code_and_nothing_is_redeemed() {
    let counter = Counter::open().await;
    let (app, till) = (&counter.app, &counter.till);
    let payoff = counter.payoff().await;
    let code = test_code(app, COFFEE);
    assert_eq!(tested_on(app, COFFEE).await, None);
    let answer = app.redeem(till, "1", &code, 4_200).await.expect(200);
    let expected = json!({ "test": true, "shopId": COFFEE, "testedAt": app.now().0 });
    assert_eq!(answer.json::<Value>(), expected);
    assert_eq!(tested_on(app, COFFEE).await, Some(today()));
    app.clock.advance_millis(HOUR);
    assert_eq!(app.redeem(till, "1", &code, 4_200).await.expect(200).text(), answer.text(), "a retry");
    app.redeem(till, "1", &code, 4_300).await.problem(ProblemKind::Conflict);
    app.redeem(till, "2", &code, 4_200).await.problem(ProblemKind::CodeUsed);
    app.redeem(till, "3", &code, 0).await.invalid("billFen");
    let asked: AttemptAnswer = counter.ask(till, "1").await.expect(200).json();
    assert_eq!((asked.state, asked.receipt), (AttemptState::Done, None));
    assert_eq!(asked.test, Some(answer.json::<TestReceipt>()));

    assert_eq!(counter.payoff().await, payoff);
    let rows: Vec<String> = counter.attempts().iter().map(Attempt::short).collect();
    assert_eq!(
        rows,
        ["till tested 1", "till tested 1 again", "till conflict 1", "till code-used 1", "till invalid-request 1"]
    );
    let (redemptions, failures) = counted(app, COFFEE);
    assert_eq!((redemptions, failures), (0, 1), "only the bill that could not be read counts");
}

/// The redemptions and failures counted at a shop today.
fn counted(app: &TestApp, shop: &str) -> (u32, u32) {
    let sums = "SELECT COALESCE(SUM(redemptions), 0), COALESCE(SUM(failures), 0) FROM shop_days
                WHERE shop_id = ?1 AND day = '2026-11-20'";
    app.rows().one(sums, cells![shop])
}

#[tokio::test]
async fn a_test_code_is_refused_like_any_other_and_counts_for_nothing() {
    let counter = Counter::open().await;
    let (app, till) = (&counter.app, &counter.till);
    let theatres = test_code(app, THEATRE);
    let old = test_code(app, COFFEE);
    app.redeem(till, "elsewhere", &theatres, 4_200).await.problem(ProblemKind::CodeUnknown);
    app.redeem(till, "unknown", "66000000000000000000", 4_200).await.problem(ProblemKind::CodeUnknown);
    app.clock.advance_millis(HOUR / 2 - 1);
    let last = test_code(app, COFFEE);
    sql(app, &format!("UPDATE shop_tests SET expires_at = {} WHERE used_at IS NULL", app.now().0 + 1));
    app.redeem(till, "in time", &last, 4_200).await.expect(200);
    app.clock.advance_millis(1);
    app.redeem(till, "too late", &old, 4_200).await.problem(ProblemKind::CodeExpired);
    app.redeem(till, "again", &last, 4_200).await.problem(ProblemKind::CodeUsed);
    // The other shop's try has not used up the code.
    sql(app, &format!("UPDATE shop_tests SET expires_at = {} WHERE used_at IS NULL", app.now().0 + 1));
    app.redeem(&app.terminal(THEATRE).await, "there", &theatres, 4_200).await.expect(200);
    assert_eq!((counted(app, COFFEE), counted(app, THEATRE)), ((0, 0), (0, 0)));
}

#[tokio::test]
async fn guessing_test_codes_stops_the_one_who_does_and_no_other_shop() {
    let counter = Counter::open().await;
    let app = &counter.app;
    let (mine, theirs) = (test_code(app, COFFEE), test_code(app, THEATRE));
    for index in 0..60 {
        let guess = format!("660000000000{:08}", (index + 1) * 1_111);
        app.redeem(&counter.till, &guess, &guess, 100).await.problem(ProblemKind::CodeUnknown);
    }
    app.redeem(&counter.till, "right", &mine, 100).await.problem(ProblemKind::RateLimited);
    app.redeem(&app.terminal(THEATRE).await, "right", &theirs, 100).await.expect(200);
}

#[tokio::test]
async fn a_paired_phone_shows_that_the_test_worked() {
    let app = TestApp::demo().await;
    let (phone, other) = (Phone::demo(&app, COFFEE).await, Phone::demo(&app, COFFEE).await);
    let code = test_code(&app, COFFEE);
    for _ in 0..2 {
        let page = phone.open(&format!("/R/{code}")).await.expect(200).text();
        assert!(page.contains("测试成功") && page.contains("The test worked"), "{page}");
        assert!(page.contains("没有核销") && page.contains("nothing was redeemed"), "{page}");
        assert!(!page.contains("name=bill") && !page.contains("/confirm"), "{page}");
    }
    assert_eq!(tested_on(&app, COFFEE).await, Some(today()));
    let used = other.open(&format!("/R/{code}")).await.expect(409).text();
    assert!(used.contains("测试码已经用过") && used.contains("ask the operator"), "{used}");
    for path in [format!("/R/{code}"), format!("/R/{code}/confirm")] {
        let page = phone.send(&path, &[("bill", "4200"), ("key", "k")]).await.expect(200).text();
        assert!(page.contains("测试成功"), "{page}");
    }
    let elsewhere = Phone::demo(&app, THEATRE).await.open(&format!("/R/{code}")).await.expect(404).text();
    assert!(elsewhere.contains("本店没有这个测试码"), "{elsewhere}");
    let stranger = Phone::new(&app).open(&format!("/R/{}", test_code(&app, COFFEE))).await.expect(200).text();
    assert!(stranger.contains("先绑定这部手机"), "{stranger}");
    app.clock.advance_millis(HOUR);
    phone.open(&format!("/R/{code}")).await.expect(409);
    assert_eq!((counted(&app, COFFEE), counted(&app, THEATRE)), ((0, 0), (0, 0)));
}

/// The text that a decoder reads from the SVG.
fn decoded(svg: &str) -> String {
    let modules: usize = svg.split_once("viewBox=\"0 0 ").unwrap().1.split(' ').next().unwrap().parse().unwrap();
    let path = svg.split_once("id=\"qr\" d=\"").unwrap().1.split('"').next().unwrap();
    let mut dark = vec![vec![false; modules]; modules];
    for run in path.split('M').skip(1) {
        let (place, rest) = run.split_once('h').unwrap();
        let (x, y) = place.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let length: usize = rest.split('v').next().unwrap().parse().unwrap();
        dark[y][x..x + length].fill(true);
    }
    let size = modules * 4;
    let pixel = |x: usize, y: usize| if dark[y / 4][x / 4] { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(size, size, pixel);
    image.detect_grids()[0].decode().unwrap().1
}

#[tokio::test]
async fn the_qr_holds_what_members_codes_hold_at_that_shop() {
    let app = TestApp::demo().await;
    let directory = tempfile::TempDir::new().unwrap();
    let out = directory.path().join("test.svg");
    let file = out.to_str().unwrap();
    let url = ["--out", file, "--public-url", "https://card.example"];
    let code = app.operator(&[&["shops", "test", COFFEE], &url[..]].concat());
    assert_eq!(decoded(&std::fs::read_to_string(&out).unwrap()), format!("HTTPS://CARD.EXAMPLE/R/{code}"));
    sql(&app, &format!("UPDATE shops SET code_form = 'digits' WHERE id = '{COFFEE}'"));
    let code = app.operator(&["shops", "test", COFFEE, "--out", file, "--force"]);
    assert_eq!(decoded(&std::fs::read_to_string(&out).unwrap()), code);
}

#[tokio::test]
async fn the_command_says_what_is_missing_and_makes_no_code() {
    let app = TestApp::demo().await;
    app.operator(&["shops", "leave", "sh-shengbo-theatre", "--on", "2026-01-01"]);
    let directory = tempfile::TempDir::new().unwrap();
    let out = directory.path().join("test.svg");
    let file = out.to_str().unwrap();
    for (arguments, says) in [
        (&["no-such"][..], "there is no shop 'no-such'"),
        (&[THEATRE], "no longer takes part"),
        (&[COFFEE, "--out", file], "--public-url"),
        (&[COFFEE, "--out", file, "--public-url", "card.example"], "scheme and host"),
    ] {
        let output = app.member_server(&[&["shops", "test"], arguments].concat());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(says) && output.stdout.is_empty(), "{error}");
    }
    assert!(!out.exists());
    let codes: u32 = app.rows().one("SELECT COUNT(*) FROM shop_tests", cells![]);
    assert_eq!(codes, 0);
}
