//! The end of a programme: `member-server programme announce-end` and `status`, and what works until when.

use std::{fs, path::PathBuf};

use crate::support::{
    DAY, Events, SECOND, Setup, TestApp,
    counter::{COFFEE, Counter, NOODLES, PIN},
    refunds::{Ending, TestCard},
    staff::{Phone, sql},
};
use member_domain::{
    CivilDate, ProgrammePhase,
    wire::{MeAnswer, ProblemKind},
};
use member_storage::cells;
use reqwest::Method;

/// A last day far in the future, since the command uses the machine's clock.
const LEAP_DAY: &str = "2068-02-29";

fn day(text: &str) -> CivilDate {
    text.parse().unwrap()
}

/// A programme without cards, and a directory for announcements.
struct Operator {
    app: TestApp,
    files: tempfile::TempDir,
}

impl Operator {
    async fn new() -> Self {
        let operator = Self { app: TestApp::demo().await, files: tempfile::TempDir::new().unwrap() };
        operator.app.operator(&["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "16800"]);
        operator
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path: PathBuf = self.files.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.app.member_server(arguments);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }

    fn announce(&self, programme: &str, last_day: &str, text: &str, more: &[&str]) -> Result<String, String> {
        let file = self.file("announcement.txt", text);
        let command =
            ["programme", "announce-end", "--programme", programme, "--last-day", last_day, "--announcement", &file];
        self.run(&[&command, more].concat())
    }

    fn status(&self) -> String {
        self.run(&["programme", "status", "--programme", "p"]).unwrap()
    }
}

#[track_caller]
fn refused(result: Result<String, String>, why: &str) {
    let error = result.expect_err(why);
    assert!(error.contains(why), "{error}");
}

#[tokio::test]
async fn an_announced_end_reaches_open_pages_and_the_next_day_nothing_is_redeemed() {
    let now = day(LEAP_DAY).start_in_shanghai().plus_millis(DAY - SECOND);
    let counter = Counter::of(TestApp::start(Setup { demo: true, now, ..Setup::default() }).await).await;
    let operator = Operator { files: tempfile::TempDir::new().unwrap(), app: counter.app };
    let app = &operator.app;
    let mut events = Events::open(app, &counter.member, None).await;
    let programme = app.me(&counter.member).await.programme.id;
    let english = operator.file("en.txt", "The card ends.\r\n\r\nEverybody is refunded.\n");
    let said = operator
        .announce(&programme, LEAP_DAY, "\u{feff}卡片停用公告\r\n\r\n余款退回。\r\n", &["--announcement-en", &english])
        .unwrap();
    assert!(said.contains(LEAP_DAY) && said.contains("refunds start"), "{said}");
    assert_eq!(events.next().await.name, "programme");
    let told: MeAnswer = app.me(&counter.member).await;
    assert_eq!((told.programme.phase, told.programme.last_day), (ProgrammePhase::Ending, Some(day(LEAP_DAY))));
    let announcement = told.programme.announcement.unwrap();
    assert_eq!(announcement.text, "卡片停用公告\n\n余款退回。");
    assert_eq!(announcement.text_en.as_deref(), Some("The card ends.\n\nEverybody is refunded."));

    let (code, next) = (counter.device.code_at(app.now()), counter.device.code(counter.device.step(app.now()).plus(1)));
    app.redeem(&counter.till, "last", &code, 4_200).await.expect(201);
    app.clock.advance_millis(SECOND);
    app.redeem(&counter.till, "late", &next, 4_200).await.problem(ProblemKind::ProgrammeEnded);
    app.redeem(&counter.till, "last", &code, 4_200).await.expect(201);
    assert_eq!(app.me(&counter.member).await.programme.phase, ProgrammePhase::Ended);
}

/// The last moment of a day and the first of the next, in Shanghai, at different ends of month and year.
#[tokio::test]
async fn at_midnight_in_shanghai_every_way_to_redeem_ends() {
    for last_day in ["2028-02-28", "2028-02-29", "2027-12-31", "2026-11-20"] {
        let midnight = day(last_day).plus_days(1).start_in_shanghai();
        let now = midnight.plus_millis(-20 * SECOND);
        let counter = Counter::of(TestApp::start(Setup { demo: true, now, ..Setup::default() }).await).await;
        sql(&counter.app, &format!("UPDATE programmes SET last_day = '{last_day}'"));
        let phone = Phone::demo(&counter.app, COFFEE).await;
        let before = counter.payoff().await.1;
        let scanned = counter.code(0);
        let check = phone.enter(&scanned, "42").await;
        counter.app.clock.advance_millis(20 * SECOND - 1);
        counter.enter_pin(NOODLES, "in time", PIN, 4_200).await.expect(201);
        assert_eq!(counter.app.me(&counter.member).await.programme.phase, ProgrammePhase::Ending, "{last_day}");

        counter.app.clock.advance_millis(1);
        assert_eq!(counter.app.now(), midnight);
        assert_eq!(counter.app.me(&counter.member).await.programme.phase, ProgrammePhase::Ended, "{last_day}");
        counter.enter_pin(NOODLES, "late", PIN, 4_200).await.problem(ProblemKind::ProgrammeEnded);
        let code = counter.code(0);
        counter.app.redeem(&counter.till, "late", &code, 4_200).await.problem(ProblemKind::ProgrammeEnded);
        // Scanned before midnight, confirmed after it.
        let late = phone.confirm(&scanned, &check).await.expect(403).text();
        assert!(late.contains("会员计划已结束"), "{late}");
        phone.open(&format!("/R/{code}")).await.expect(403);
        counter.app.post("/v1/credentials").by(&counter.member).answer().await.problem(ProblemKind::ProgrammeEnded);
        assert_eq!(counter.payoff().await.1, before + 1, "{last_day}");
    }
}

/// The page may still show events after the end.
#[tokio::test]
async fn signing_up_for_an_event_after_the_last_day_is_refused() {
    let counter = Counter::open().await;
    let app = &counter.app;
    let csv = "id,title,city,venue,starts_at,seats\n\
               last,小聚,shanghai,店里,2026-11-30 23:59,5\nafter,小聚,shanghai,店里,2026-12-01 00:00,5\n";
    member_server::import_events(&app.database, csv.as_bytes(), app.now(), false).await.unwrap();
    let sign_up = async |event: &str| {
        app.call(Method::PUT, &format!("/v1/member-events/{event}/sign-up")).by(&counter.member).answer().await
    };
    sql(app, "UPDATE programmes SET last_day = '2026-11-30'");
    sign_up("after").await.problem(ProblemKind::ProgrammeEnded);
    sign_up("last").await.expect(200);
}

#[tokio::test]
async fn what_contradicts_an_announcement_needs_to_replace_it() {
    let operator = Operator::new().await;
    refused(operator.announce("none", LEAP_DAY, "公告", &[]), "there is no programme 'none'");
    refused(operator.announce("p", "2024-02-29", "公告", &[]), "is over");
    refused(operator.announce("p", LEAP_DAY, "公告", &["--dated", LEAP_DAY]), "--dated");
    refused(operator.announce("p", LEAP_DAY, " \n", &[]), "is empty");
    refused(operator.announce("p", "2068-02-30", "公告", &[]), "2068-02-30");
    assert!(operator.status().contains("running, no end announced"), "{}", operator.status());

    operator.announce("p", LEAP_DAY, "公告", &["--dated", "2026-11-01"]).unwrap();
    let same = operator.announce("p", LEAP_DAY, "公告", &[]).unwrap();
    assert!(same.contains("nothing changed"), "{same}");
    refused(operator.announce("p", "2068-03-01", "公告", &[]), "--replace makes 2068-03-01 the last day");
    refused(operator.announce("p", LEAP_DAY, "更正", &[]), "--replace puts this one in its place");
    assert!(operator.status().contains("dated 2026-11-01, Chinese only"), "{}", operator.status());
    operator.announce("p", "2068-03-01", "更正", &["--replace"]).unwrap();
    assert!(operator.status().contains("2068-03-01 is the last day"), "{}", operator.status());

    sql(&operator.app, "UPDATE programmes SET last_day = '2024-02-29' WHERE id = 'p'");
    refused(operator.announce("p", LEAP_DAY, "公告", &["--replace"]), "has ended");
    // Announcements about the end can still change after it.
    refused(operator.announce("p", "2024-02-29", "后续", &[]), "--replace puts this one in its place");
    let later = operator.announce("p", "2024-02-29", "后续", &["--replace"]).unwrap();
    assert!(later.contains("2024-02-29, the last day cards work, is over"), "{later}");
}

#[tokio::test]
async fn once_refunds_exist_neither_last_day_nor_rule_can_change() {
    let operator = Operator::new().await;
    // The demo's ended programme has refunds. Here it is changed to end later.
    sql(&operator.app, &format!("UPDATE programmes SET last_day = '{LEAP_DAY}' WHERE id = 'demo-ended'"));
    refused(operator.announce("demo-ended", "2068-03-01", "公告", &["--replace"]), "may depend on the last day");
    operator.announce("demo-ended", LEAP_DAY, "更正", &["--replace"]).unwrap();
    let member = operator.app.sign_in("refund-scheduled").await;
    let programme = operator.app.me(&member).await.programme;
    assert_eq!(programme.announcement.unwrap().text, "更正");

    let put = ["programme", "put", "--id", "demo-ended", "--name", "卡", "--price-fen", "16800"];
    let with = |more: &[&str]| operator.run(&[&put, more].concat());
    refused(with(&["--refund-rule", "pro-rata"]), "cannot become 'pro-rata'");
    with(&["--refund-rule", "full"]).unwrap();
    refused(with(&["--refund-rule", "half"]), "write 'full' or 'pro-rata'");
}

#[tokio::test]
async fn what_put_is_not_given_stays_as_it_is() {
    let operator = Operator::new().await;
    let put = |more: &[&str]| {
        operator.run(&[&["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "1"], more].concat())
    };
    put(&[
        "--refund-rule",
        "pro-rata",
        "--support-url",
        "https://card.example/help",
        "--support-phone",
        "+86 21 5555-0123",
    ])
    .unwrap();
    put(&[]).unwrap();
    let status = operator.status();
    assert!(status.contains("pro-rata") && status.contains("https://card.example/help, +86 21 5555-0123"), "{status}");
    put(&["--support-url", ""]).unwrap();
    let status = operator.status();
    assert!(status.contains("support       +86 21 5555-0123"), "{status}");
    for url in ["http://card.example", "javascript:alert(1)", "https://a b", "card.example"] {
        refused(put(&["--support-url", url]), "--support-url is");
    }
    for phone in ["1-800-FLOWERS", "1", "tel:110"] {
        refused(put(&["--support-phone", phone]), "--support-phone is");
    }
    assert_eq!(operator.status(), status, "nothing half-written");
}

#[tokio::test]
async fn an_english_name_stays_until_it_is_taken_away() {
    let operator = Operator::new().await;
    let put = |more: &[&str]| {
        operator.run(&[&["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "1"], more].concat()).unwrap()
    };
    let has = |name: Option<&str>| {
        let sql = "SELECT name_en FROM programmes WHERE id = 'p'";
        let found: Option<String> = operator.app.rows().one(sql, cells![]);
        assert_eq!(found.as_deref(), name);
    };
    put(&["--name-en", "Card"]);
    put(&[]);
    has(Some("Card"));
    put(&["--name-en", ""]);
    has(None);
}

#[tokio::test]
async fn a_programme_is_named_and_priced_within_reason() {
    let operator = Operator::new().await;
    let put = |id: &str, name: &str, name_en: &str, price: &str| {
        let command = ["programme", "put", "--id", id, "--name", name, "--name-en", name_en];
        operator.run(&[&command[..], &["--price-fen", price]].concat())
    };
    let long = "卡".repeat(501);
    for (id, name, name_en, price, why) in [
        ("", "卡", "", "1", "--id is empty"),
        ("a b", "卡", "", "1", "--id is 'a b': an id has at most 64 letters"),
        ("q", " ", "", "1", "--name is empty"),
        ("q", "卡\n", "", "1", "--name: contains control characters"),
        ("q", &long, "", "1", "--name: longer than 500 characters"),
        ("q", "卡", "Card\u{1b}[0m", "1", "--name-en: contains control characters"),
        ("q", "卡", "", "100000001", "the price is 100000001 fen: it must be from 0 to 100000000"),
        ("q", "卡", "", "9223372036854775807", "it must be from 0 to 100000000"),
    ] {
        refused(put(id, name, name_en, price), why);
    }
    refused(operator.run(&["programme", "status", "--programme", "q"]), "there is no programme 'q'");
    put("q", "卡", "", "100000000").unwrap();
}

#[test]
fn status_adds_up_what_64_bits_do_not_hold() {
    let ending = Ending::started("full", &[TestCard::paid(1), TestCard::paid(2), TestCard::paid(3)]);
    ending.sql(&format!("UPDATE refunds SET amount_fen = {} WHERE amount_fen < 3", i64::MAX));
    let status = || ending.operator(&["programme", "status", "--programme", "p"]);
    let said = status();
    assert!(said.contains("scheduled     3 refunds, 18446744073709551617 fen (184467440737095516.17 yuan)"), "{said}");
    ending.sql("UPDATE refunds SET state = 'closed' WHERE amount_fen = 3");
    assert!(status().contains("all refunds   3 refunds, 18446744073709551617 fen"), "{}", status());
}

#[tokio::test]
async fn status_counts_cards_and_refunds() {
    let operator = Operator::new().await;
    let all = operator.run(&["programme", "status"]).unwrap();
    for id in ["demo-running", "demo-ending", "demo-ended", "p"] {
        assert!(all.lines().any(|line| line.starts_with(&format!("{id}  "))), "{all}");
    }
    let ended = operator.run(&["programme", "status", "--programme", "demo-ended"]).unwrap();
    for line in
        ["cards         5", "succeeded     1 refunds, 16800 fen (168.00 yuan)", "all refunds   5 refunds, 84000 fen"]
    {
        assert!(ended.contains(line), "{line}: {ended}");
    }
    refused(operator.run(&["programme", "status", "--programme", "x"]), "there is no programme 'x'");
}
