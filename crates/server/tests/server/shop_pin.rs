//! `POST /v1/shops/{id}/redemptions`: the shop's PIN, entered on the member's phone.

use std::{
    collections::BTreeSet,
    io::Write,
    process::{Output, Stdio},
    time::Duration,
};

use crate::support::{
    Answer, Caller, Events, SECOND, STEP, TestApp,
    counter::{Attempt, COFFEE, Counter, NOODLES, PIN, THEATRE},
    noon, today,
};
use futures_util::future::join_all;
use member_domain::{
    Fen,
    wire::{LedgerEntry, ProblemKind, Receipt},
};
use member_storage::cells;
use serde_json::json;

const WRONG: &str = "135790";
const LOCK: i64 = 900 * SECOND;

/// Fails unless the answer says that the PIN is locked for so many seconds.
#[track_caller]
fn locked_for(answer: &Answer, seconds: u32) {
    let problem = answer.problem(ProblemKind::RateLimited);
    assert_eq!(answer.header("retry-after"), seconds.to_string());
    assert_eq!((problem.retry_after, problem.tries_left), (Some(seconds), None));
    assert!(problem.detail.unwrap().contains("PIN"));
}

#[track_caller]
fn wrong_with(answer: &Answer, tries_left: u32) {
    let problem = answer.invalid("pin");
    assert_eq!((problem.tries_left, problem.retry_after), (Some(tries_left), None));
}

async fn lock(counter: &Counter) {
    for tries_left in (1..=4).rev() {
        wrong_with(&counter.enter_pin(NOODLES, "lock", WRONG, 4_200).await, tries_left);
    }
    locked_for(&counter.enter_pin(NOODLES, "lock", WRONG, 4_200).await, 900);
}

fn short(counter: &Counter) -> Vec<String> {
    counter.attempts().iter().map(Attempt::short).collect()
}

#[tokio::test]
async fn the_right_pin_redeems_without_a_code() {
    let counter = Counter::open().await;
    let before = counter.payoff().await;
    let mut events = Events::open(&counter.app, &counter.member, None).await;
    let receipt: Receipt = counter.enter_pin(NOODLES, "1", PIN, 4_200).await.expect(201).json();
    assert_eq!((receipt.shop_id.as_str(), receipt.member_masked.as_str()), (NOODLES, "林*"));
    assert_eq!((receipt.bill_fen, receipt.saved_fen, receipt.payable_fen), (Fen(4_200), Fen(420), Fen(3_780)));
    assert_eq!((receipt.redeemed_at, receipt.cancelled_at), (noon(), None));
    assert_eq!(counter.payoff().await, (before.0 + 420, before.1 + 1));
    let entry: LedgerEntry = serde_json::from_value(events.next().await.data).unwrap();
    assert_eq!(entry.id, receipt.id);
    // The PIN uses up no time step, so the device's code still works.
    counter.app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    // Two visits in one step are two redemptions.
    let second: Receipt = counter.enter_pin(NOODLES, "2", "２４６８１０", 4_200).await.expect(201).json();
    assert_ne!(second.id, receipt.id);
    let attempts = counter.attempts();
    assert_eq!(attempts[0].redemption_id, receipt.id);
    assert_eq!((attempts[0].credential_number.as_str(), attempts[0].bill_fen.as_str()), ("", "4200"));
    assert_eq!(short(&counter), ["pin done 1", "till done 1", "pin done 1"]);
}

#[tokio::test]
async fn a_key_gets_its_first_receipt_again_whatever_pin_comes_with_it() {
    let counter = Counter::open().await;
    let first = counter.enter_pin(NOODLES, "key", PIN, 4_200).await.expect(201).text();
    let after = counter.payoff().await;
    // These answers do not reveal whether the PIN is right, and do not count as tries.
    for _ in 0..8 {
        assert_eq!(counter.enter_pin(NOODLES, "key", WRONG, 4_200).await.expect(201).text(), first);
    }
    counter.enter_pin(NOODLES, "key", PIN, 4_201).await.problem(ProblemKind::Conflict);
    counter.enter_pin(NOODLES, "key", WRONG, 4_201).await.problem(ProblemKind::Conflict);
    assert_eq!(counter.payoff().await, after);
    lock(&counter).await;
    assert_eq!(counter.enter_pin(NOODLES, "key", PIN, 4_200).await.expect(201).text(), first, "even while locked");
    assert_eq!(counter.enter_pin(NOODLES, "key", WRONG, 4_200).await.expect(201).text(), first);
}

#[tokio::test]
async fn a_key_that_vanishes_while_it_is_looked_up_does_not_replace_the_pin() {
    let counter = Counter::open().await;
    counter.enter_pin(NOODLES, "key", PIN, 4_200).await.expect(201);
    let before = counter.payoff().await;
    // Until the key is gone, other connections cannot write, and readers still see it.
    let rows = counter.app.rows();
    rows.run_all("BEGIN IMMEDIATE; DELETE FROM idempotency_keys");
    let (answer, ()) = tokio::join!(counter.enter_pin(NOODLES, "key", WRONG, 4_200), async {
        // Time for the request to advance as far as it can. Correct answers do not depend on it.
        tokio::time::sleep(Duration::from_millis(500)).await;
        rows.run_all("COMMIT");
    });
    wrong_with(&answer, 4);
    assert_eq!(counter.payoff().await, before);
}

#[tokio::test]
async fn a_wrong_pin_does_not_use_up_the_key_and_a_right_one_clears_the_count() {
    let counter = Counter::open().await;
    for tries_left in [4, 3, 2, 1] {
        wrong_with(&counter.enter_pin(NOODLES, "key", WRONG, 4_200).await, tries_left);
    }
    assert_eq!(counter.ask(&counter.member, "key").await.text(), r#"{"state":"unknown"}"#);
    counter.enter_pin(NOODLES, "key", PIN, 4_200).await.expect(201);
    lock(&counter).await;
    let wrong = ["pin invalid-request 1"; 4];
    let expected = [&wrong[..], &["pin done 1"], &wrong[..], &["pin rate-limited 1"]].concat();
    assert_eq!(short(&counter), expected);
}

#[tokio::test]
async fn five_wrong_ones_lock_it_for_a_quarter_of_an_hour_for_everybody() {
    let counter = Counter::open().await;
    lock(&counter).await;
    counter.app.clock.advance_millis(LOCK - SECOND - 1);
    locked_for(&counter.enter_pin(NOODLES, "1", PIN, 4_200).await, 2);
    let other = counter.app.sign_in("ending").await;
    let call = counter.app.post(&format!("/v1/shops/{NOODLES}/redemptions")).by(&other);
    let call = call.header("idempotency-key", "1").json(&json!({ "pin": PIN, "billFen": 1 }));
    locked_for(&call.answer().await, 2);
    // The till of the same shop still works.
    counter.app.redeem_now(&counter.app.terminal(NOODLES).await, "1", &counter.device, 4_200).await;
    counter.app.clock.advance_millis(SECOND);
    locked_for(&counter.enter_pin(NOODLES, "1", PIN, 4_200).await, 1);
    counter.app.clock.advance_millis(1);
    // After a lock there are five new tries.
    for tries_left in (1..=4).rev() {
        wrong_with(&counter.enter_pin(NOODLES, "again", WRONG, 4_200).await, tries_left);
    }
    counter.enter_pin(NOODLES, "1", PIN, 4_200).await.expect(201);
    assert!(short(&counter).contains(&"pin rate-limited 2".to_owned()), "what the lock turned away is counted");
}

#[tokio::test]
async fn a_restart_keeps_the_lock_and_a_new_pin_lifts_it() {
    let mut counter = Counter::open().await;
    lock(&counter).await;
    let restarted = counter.app.beside().await;
    std::mem::replace(&mut counter.app, restarted).stop().await;
    locked_for(&counter.enter_pin(NOODLES, "1", PIN, 4_200).await, 900);
    let pin = counter.app.operator(&["shops", "pin", NOODLES]);
    assert!(pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit()), "{pin}");
    wrong_with(&counter.enter_pin(NOODLES, "1", PIN, 4_200).await, 4);
    counter.enter_pin(NOODLES, "1", &pin, 4_200).await.expect(201);
}

#[tokio::test]
async fn of_64_wrong_ones_at_once_exactly_five_are_compared() {
    let counter = Counter::open().await;
    let other = counter.app.beside().await;
    let keys: Vec<String> = (0..64).map(|index| index.to_string()).collect();
    // The tries come from two processes: the count is in the database.
    let tries = keys.iter().enumerate().map(|(index, key)| {
        let app = if index % 2 == 0 { &counter.app } else { &other };
        let call = app.post(&format!("/v1/shops/{NOODLES}/redemptions")).by(&counter.member);
        call.header("idempotency-key", key).json(&json!({ "pin": WRONG, "billFen": 4_200 })).answer()
    });
    let answers = join_all(tries).await;
    let (wrong, limited): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 422);
    let left: BTreeSet<u32> = wrong.iter().map(|answer| answer.invalid("pin").tries_left.unwrap()).collect();
    assert_eq!((wrong.len(), left), (4, BTreeSet::from([1, 2, 3, 4])));
    assert_eq!(limited.len(), 60);
    for answer in &limited {
        locked_for(answer, 900);
    }
    // The fifth PIN was compared and wrong, so it has its own record, like the first four. The others are
    // only counted.
    assert_eq!(short(&counter).len(), 5);
    locked_for(&counter.enter_pin(NOODLES, "right", PIN, 4_200).await, 900);
}

#[tokio::test]
async fn a_right_one_among_wrong_ones_redeems_at_most_once() {
    for _ in 0..3 {
        let counter = Counter::open().await;
        let before = counter.payoff().await;
        let tries = (0..48).map(|index| {
            let (key, pin) = if index % 4 == 0 { ("the key", PIN) } else { ("another", WRONG) };
            counter.enter_pin(NOODLES, key, pin, 4_200)
        });
        let answers = join_all(tries).await;
        let receipts: BTreeSet<String> =
            answers.iter().filter(|answer| answer.status == 201).map(Answer::text).collect();
        assert!(receipts.len() <= 1, "{receipts:?}");
        assert!(answers.iter().all(|answer| [201, 422, 429].contains(&answer.status)));
        assert_eq!(counter.payoff().await.1, before.1 + u32::try_from(receipts.len()).unwrap());
    }
}

#[tokio::test]
async fn right_ones_at_once_under_one_key_get_the_one_receipt() {
    let counter = Counter::open().await;
    let before = counter.payoff().await;
    let answers = join_all((0..5).map(|_| counter.enter_pin(NOODLES, "key", PIN, 4_200))).await;
    let receipts: BTreeSet<String> = answers.into_iter().map(|answer| answer.expect(201).text()).collect();
    assert_eq!(receipts.len(), 1, "{receipts:?}");
    assert_eq!(counter.payoff().await, (before.0 + 420, before.1 + 1));
}

#[tokio::test]
async fn right_ones_at_once_are_all_taken_however_many() {
    let counter = Counter::open().await;
    let other = counter.app.beside().await;
    let keys: Vec<String> = (0..30).map(|index| index.to_string()).collect();
    let tries = keys.iter().enumerate().map(|(index, key)| {
        let app = if index % 3 == 0 { &other } else { &counter.app };
        let call = app.post(&format!("/v1/shops/{NOODLES}/redemptions")).by(&counter.member);
        call.header("idempotency-key", key).json(&json!({ "pin": PIN, "billFen": 4_200 })).answer()
    });
    for answer in join_all(tries).await {
        answer.expect(201);
    }
}

#[tokio::test]
async fn a_member_who_guesses_at_many_shops_may_try_none_for_a_day_and_others_may() {
    let counter = Counter::open().await;
    let other = counter.app.sign_in("ending").await;
    let by_other = |key: &'static str| {
        let call = counter.app.post(&format!("/v1/shops/{NOODLES}/redemptions")).by(&other);
        call.header("idempotency-key", key).json(&json!({ "pin": PIN, "billFen": 1_000 })).answer()
    };
    // At most four a shop, so that none is locked, and the right ones of others in between.
    for (shop, tries) in [(NOODLES, 4), ("sh-yanxia-tea", 4), ("sh-yehangdeng-bar", 2)] {
        for _ in 0..tries {
            assert_eq!(counter.enter_pin(shop, "guess", WRONG, 4_200).await.status, 422, "{shop}");
        }
        by_other(shop).await.expect(201);
    }
    for shop in [NOODLES, "sh-yehangdeng-bar", "sh-zaopijian-bistro"] {
        locked_for(&counter.enter_pin(shop, "right", PIN, 4_200).await, 86_400);
    }
    by_other("still").await.expect(201);
    counter.app.clock.advance_millis(86_400 * SECOND - 1);
    locked_for(&counter.enter_pin(NOODLES, "right", PIN, 4_200).await, 1);
    counter.app.clock.advance_millis(1);
    counter.enter_pin(NOODLES, "right", PIN, 4_200).await.expect(201);
}

#[tokio::test]
async fn a_try_that_a_killed_server_left_counts_as_wrong_after_a_minute() {
    let counter = Counter::open().await;
    let now = counter.app.now().0;
    for _ in 0..5 {
        counter.app.rows().run(
            "INSERT INTO pin_tries (shop_id, caller, at, state) VALUES (?1, zeroblob(32), ?2, 'pending')",
            cells![NOODLES, now - 59 * SECOND],
        );
    }
    counter.app.clock.advance_millis(SECOND);
    locked_for(&counter.enter_pin(NOODLES, "1", PIN, 4_200).await, 900);
    counter.app.clock.advance_millis(LOCK);
    counter.enter_pin(NOODLES, "1", PIN, 4_200).await.expect(201);
}

#[tokio::test]
async fn what_is_no_pin_is_refused_without_costing_a_try() {
    let counter = Counter::open().await;
    for pin in ["", "123", "123456789", "12 34 56", "abcdef", "２４６", "24681O", "-2468"] {
        let problem = counter.enter_pin(NOODLES, "1", pin, 4_200).await.invalid("pin");
        assert_eq!(problem.tries_left, None);
        let detail = problem.detail.unwrap();
        assert!(detail.contains("4 to 8 digits") && (pin.is_empty() || !detail.contains(pin)), "{detail}");
    }
    for bill in [0, -1, 10_000_001] {
        counter.enter_pin(NOODLES, "1", WRONG, bill).await.invalid("billFen");
    }
    let post = || counter.app.post(&format!("/v1/shops/{NOODLES}/redemptions")).by(&counter.member);
    post().json(&json!({ "pin": PIN, "billFen": 1 })).answer().await.invalid("Idempotency-Key");
    let keyed = || post().header("idempotency-key", "1");
    keyed().json(&json!({ "pin": 246_810, "billFen": 1 })).answer().await.invalid("pin");
    keyed().json(&json!({ "pin": PIN })).answer().await.invalid("billFen");
    keyed().json(&json!({ "pin": PIN, "billFen": 1, "code": "" })).answer().await.invalid("code");
    keyed().json(&json!([PIN, 1])).answer().await.invalid("body");
    keyed().body("text/plain", "{}").answer().await.invalid("Content-Type");
    wrong_with(&counter.enter_pin(NOODLES, "1", WRONG, 4_200).await, 4);
    // The refusal of a PIN of the wrong type does not repeat it either.
    let answer = keyed().json(&json!({ "pin": 975_313, "billFen": 1 })).answer().await;
    assert!(!answer.text().contains("975313"), "{}", answer.text());
}

#[tokio::test]
async fn only_a_signed_in_member_on_this_sites_own_page_enters_it() {
    let counter = Counter::open().await;
    let body = json!({ "pin": PIN, "billFen": 4_200 });
    let post = || counter.app.post(&format!("/v1/shops/{NOODLES}/redemptions")).header("idempotency-key", "1");
    post().json(&body).answer().await.problem(ProblemKind::Unauthorized);
    let noodles = counter.app.terminal(NOODLES).await;
    post().by(&noodles).json(&body).answer().await.problem(ProblemKind::Unauthorized);
    for site in ["cross-site", "same-site"] {
        let call = post().by(&counter.member).header("sec-fetch-site", site).json(&body);
        call.answer().await.problem(ProblemKind::Forbidden);
    }
    let host_app = Caller::Bearer(counter.app.operator(&["session", "add", "demo-active"]));
    post().by(&host_app).header("sec-fetch-site", "cross-site").json(&body).answer().await.expect(201);
    // The same member with a cookie has the same scope of keys.
    let call = post().by(&counter.member).header("sec-fetch-site", "same-origin").json(&body);
    call.answer().await.expect(201);
    assert_eq!(short(&counter), ["pin done 1", "pin done 1 again"]);
}

#[tokio::test]
async fn a_shop_without_a_pin_or_that_has_left_or_does_not_exist_takes_none() {
    let counter = Counter::open().await;
    let refused = |answer: Answer, kind: ProblemKind| answer.problem(kind).detail.unwrap();
    assert!(refused(counter.enter_pin(COFFEE, "1", PIN, 1).await, ProblemKind::Forbidden).contains("takes no PIN"));
    assert!(refused(counter.enter_pin("no-such", "1", PIN, 1).await, ProblemKind::NotFound).contains("no such shop"));
    counter.app.operator(&["shops", "leave", NOODLES, "--on", &today().plus_days(1).to_string()]);
    counter.enter_pin(NOODLES, "today", PIN, 4_200).await.expect(201);
    counter.app.operator(&["shops", "leave", NOODLES, "--on", &today().to_string()]);
    assert!(refused(counter.enter_pin(NOODLES, "1", PIN, 1).await, ProblemKind::Forbidden).contains("has left"));
    counter.app.operator(&["shops", "leave", NOODLES, "--undo"]);
    counter.app.operator(&["shops", "pin", NOODLES, "--remove"]);
    assert!(refused(counter.enter_pin(NOODLES, "1", PIN, 1).await, ProblemKind::Forbidden).contains("takes no PIN"));
    counter.enter_pin(NOODLES, "today", "0000", 4_200).await.expect(201);
    let outcomes: Vec<_> = counter.attempts().into_iter().map(|attempt| (attempt.shop, attempt.outcome)).collect();
    let expected = [(COFFEE, "forbidden"), (NOODLES, "done"), (NOODLES, "forbidden"), (NOODLES, "forbidden")];
    assert_eq!(outcomes[..4], expected.map(|(shop, outcome)| (shop.to_owned(), outcome.to_owned())));
}

#[tokio::test]
async fn the_cards_rules_hold_as_for_codes() {
    let counter = Counter::open().await;
    for (persona, kind) in [
        ("none", ProblemKind::Forbidden),
        ("refund-closed", ProblemKind::ProgrammeEnded),
        ("refund-processing", ProblemKind::ProgrammeEnded),
    ] {
        let member = counter.app.sign_in(persona).await;
        let call = counter.app.post(&format!("/v1/shops/{NOODLES}/redemptions")).by(&member);
        let call = call.header("idempotency-key", "1").json(&json!({ "pin": PIN, "billFen": 4_200 }));
        call.answer().await.problem(kind);
        let answer = counter.ask(&member, "1").await.expect(200).text();
        assert_eq!(answer, format!(r#"{{"state":"refused","problem":"{}"}}"#, kind.as_str()));
    }

    let app = TestApp::with_shops(
        "id,name,category,city,lng,lat,coord_system\n\
         sh,上海店,coffee,shanghai,121.4,31.2,gcj02\n\
         gz,广州店,coffee,guangzhou,113.3,23.1,gcj02\n",
    )
    .await;
    app.operator(&["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "16800"]);
    let csv = format!(
        "id,name,card_number,programme,valid_from,valid_until,cities\nm1,张三,000000000001,p,{0},{0},shanghai\n",
        today().plus_days(1)
    );
    member_server::import_members(&app.database, csv.as_bytes(), noon()).await.unwrap();
    let member = Caller::Bearer(app.operator(&["session", "add", "m1"]));
    let pins = ["sh", "gz"].map(|shop| app.operator(&["shops", "pin", shop]));
    let enter = async |shop: &str, key: &str, pin: &str| {
        let call = app.post(&format!("/v1/shops/{shop}/redemptions")).by(&member);
        call.header("idempotency-key", key).json(&json!({ "pin": pin, "billFen": 4_200 })).answer().await
    };
    enter("sh", "day before", &pins[0]).await.problem(ProblemKind::Forbidden);
    app.clock.advance_millis(24 * 3_600 * SECOND);
    enter("gz", "elsewhere", &pins[1]).await.problem(ProblemKind::Forbidden);
    // A key belongs to one request at one shop.
    enter("sh", "elsewhere", &pins[0]).await.problem(ProblemKind::Conflict);
    enter("sh", "the day", &pins[0]).await.expect(201);
    app.clock.advance_millis(24 * 3_600 * SECOND);
    enter("sh", "day after", &pins[0]).await.problem(ProblemKind::Forbidden);
}

/// Runs `shops pin SHOP --stdin` with this input, and with what else is given.
fn set_pin(app: &TestApp, shop: &str, input: &str, further: &[&str]) -> Output {
    let database = format!("sqlite://{}", app.database_file().display());
    let mut command = crate::support::member_server_command(app.now())
        .args(["shops", "pin", shop, "--stdin", "--database", &database])
        .args(further)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    command.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    command.wait_with_output().unwrap()
}

#[tokio::test]
async fn an_operator_chooses_a_pin() {
    let counter = Counter::open().await;
    for (input, further) in [("８６４２\n", &["--short"][..]), ("864209", &[])] {
        let set = set_pin(&counter.app, COFFEE, input, further);
        assert!(set.status.success() && set.stdout.is_empty() && set.stderr.is_empty(), "{set:?}");
        let pin = if further.is_empty() { "864209" } else { "8642" };
        counter.enter_pin(COFFEE, pin, pin, 4_200).await.expect(201);
    }
    for (shop, input, reason) in [
        (COFFEE, "0000\n", "first that anybody would try"),
        (COFFEE, "1234", "first that anybody would try"),
        (COFFEE, "987654", "first that anybody would try"),
        (COFFEE, "8642", "at least six digits"),
        (COFFEE, "86420", "at least six digits"),
        (COFFEE, "123", "4 to 8 digits"),
        (COFFEE, "", "4 to 8 digits"),
        ("no-such", "864209", "no shop 'no-such'"),
    ] {
        let refused = set_pin(&counter.app, shop, input, &[]);
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && said.contains(reason), "{input}: {said}");
        assert!(input.is_empty() || !said.contains(input.trim()), "{said}");
    }
    counter.enter_pin(COFFEE, "2", "864209", 4_200).await.expect(201);
    for arguments in [["shops", "pin", THEATRE, "--remove"], ["shops", "leave", "no-such", "--undo"]] {
        let output = counter.app.member_server(&arguments);
        assert!(!output.status.success());
    }
}

#[tokio::test]
async fn a_pin_is_kept_as_an_argon2id_hash_and_in_no_other_table() {
    let counter = Counter::open().await;
    wrong_with(&counter.enter_pin(NOODLES, "1", WRONG, 4_200).await, 4);
    counter.enter_pin(NOODLES, "1", PIN, 4_200).await.expect(201);
    counter.app.clock.advance_millis(STEP);
    let rows = counter.app.rows();
    let hash: String = rows.one("SELECT pin_hash FROM shop_pins WHERE shop_id = ?1", cells![NOODLES]);
    assert!(hash.starts_with("$argon2id$"), "{hash}");
    let hashed_over: Vec<String> = rows.all("SELECT hex(request_hash) FROM idempotency_keys", cells![]);
    assert_eq!(hashed_over.len(), 1);
    let dump = std::fs::read(counter.app.database_file()).unwrap();
    let journal = std::fs::read(counter.app.database_file().with_extension("sqlite-wal")).unwrap_or_default();
    for bytes in [dump, journal] {
        for pin in [PIN, WRONG] {
            assert!(!bytes.windows(6).any(|window| window == pin.as_bytes()), "{pin} is in the file");
        }
    }
}
