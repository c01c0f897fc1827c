//! `POST /v1/redemptions` for terminals, `GET /v1/redemptions` for members.

use std::collections::BTreeSet;

use crate::support::{
    Caller, DAY, Device, STEP, TestApp,
    counter::{COFFEE, Counter, THEATRE},
    noon, today,
};
use futures_util::future::join_all;
use member_domain::{
    Fen,
    wire::{ProblemKind, Receipt},
};
use serde_json::{Value, json};

#[tokio::test]
async fn a_code_is_redeemed_and_the_receipt_adds_up() {
    let counter = Counter::open().await;
    let answer = counter.app.redeem(&counter.till, "1", &counter.code(0), 4_200).await.expect(201);
    let receipt: Receipt = answer.json();
    assert_eq!(receipt.shop_id, COFFEE);
    assert_eq!(receipt.member_masked, "林*");
    assert_eq!((receipt.bill_fen, receipt.saved_fen, receipt.payable_fen), (Fen(4_200), Fen(420), Fen(3_780)));
    assert_eq!(receipt.redeemed_at, noon());
    assert_eq!(receipt.id.len(), 12);
}

#[tokio::test]
async fn the_current_step_and_one_on_each_side_are_accepted() {
    for steps in [-1, 0, 1] {
        let counter = Counter::open().await;
        counter.app.redeem(&counter.till, "1", &counter.code(steps), 4_200).await.expect(201);
    }
}

#[tokio::test]
async fn a_code_is_accepted_in_every_way_it_can_arrive() {
    let counter = Counter::open().await;
    let ways: [fn(&Counter) -> String; 7] = [
        |counter| counter.device.qr_at(counter.app.now()),
        |counter| counter.device.qr_at(counter.app.now()).to_lowercase(),
        |counter| format!("{}?utm_source=wechat#x", counter.device.qr_at(counter.app.now())),
        |counter| format!(" {}\r\n", counter.code(0)),
        |counter| counter.code(0).chars().flat_map(|digit| [digit, ' ']).collect(),
        |counter| format!("{}-{}", &counter.code(0)[..10], &counter.code(0)[10..]),
        |counter| counter.code(0).chars().map(|d| char::from_u32(u32::from(d) - 0x30 + 0xff10).unwrap()).collect(),
    ];
    for (index, way) in ways.iter().enumerate() {
        let answer = counter.app.redeem(&counter.till, &index.to_string(), &way(&counter), 4_200).await;
        answer.expect(201);
        counter.app.clock.advance_millis(STEP);
    }
}

#[tokio::test]
async fn a_code_works_once() {
    let counter = Counter::open().await;
    counter.app.redeem(&counter.till, "1", &counter.code(0), 4_200).await.expect(201);
    let before = counter.payoff().await.1;
    counter.app.redeem(&counter.till, "2", &counter.code(0), 4_200).await.problem(ProblemKind::CodeUsed);
    // At another shop and with another bill it is still the same code.
    let theatre = counter.app.terminal(THEATRE).await;
    counter.app.redeem(&theatre, "1", &counter.code(0), 100).await.problem(ProblemKind::CodeUsed);
    // One step older than the redeemed one: accepted steps only grow.
    counter.app.redeem(&counter.till, "3", &counter.code(-1), 4_200).await.problem(ProblemKind::CodeUsed);
    assert_eq!(counter.payoff().await.1, before);
    counter.app.redeem(&counter.till, "4", &counter.code(1), 4_200).await.expect(201);
    assert_eq!(counter.payoff().await.1, before + 1);
}

#[tokio::test]
async fn an_old_code_is_expired_if_nobody_redeemed_it_and_used_if_somebody_did() {
    let counter = Counter::open().await;
    let (redeemed, missed) = (counter.code(0), counter.code(1));
    counter.app.redeem(&counter.till, "1", &redeemed, 4_200).await.expect(201);
    counter.app.clock.advance_millis(3 * STEP);
    counter.app.redeem(&counter.till, "2", &missed, 4_200).await.problem(ProblemKind::CodeExpired);
    counter.app.redeem(&counter.till, "3", &redeemed, 4_200).await.problem(ProblemKind::CodeUsed);
    counter.app.redeem(&counter.till, "4", &counter.code(-2), 4_200).await.problem(ProblemKind::CodeExpired);
    counter.app.clock.advance_millis(DAY);
    counter.app.redeem(&counter.till, "5", &missed, 4_200).await.problem(ProblemKind::CodeUnknown);
}

#[tokio::test]
async fn digits_that_no_device_shows_are_unknown() {
    let counter = Counter::open().await;
    let own = counter.code(0);
    let wrong_password = format!("{}{}", &own[..19], if own.ends_with('0') { '1' } else { '0' });
    for (index, code) in [&counter.code(2), &counter.code(-21), &wrong_password].into_iter().enumerate() {
        let answer = counter.app.redeem(&counter.till, &format!("own {index}"), code, 4_200).await;
        answer.problem(ProblemKind::CodeUnknown);
    }
    // Credentials that do not exist, with passwords of a known key: the server computes with zeros if there
    // is no key.
    let zeros = Device::new(serde_json::from_value(forged_credential(&counter.device)).unwrap());
    let forged = zeros.code_at(counter.app.now());
    for (index, code) in [&forged, "66000000000000000000", "66999999999999999999"].into_iter().enumerate() {
        let answer = counter.app.redeem(&counter.till, &format!("forged {index}"), code, 4_200).await;
        answer.problem(ProblemKind::CodeUnknown);
    }
}

/// A credential with a number that does not exist and a key of 32 zero bytes.
fn forged_credential(device: &Device) -> Value {
    let taken = device.answer.number.as_str();
    let mut forged = serde_json::to_value(&device.answer).unwrap();
    forged["number"] = json!(if taken == "0000000001" { "0000000002" } else { "0000000001" });
    forged["key"]["k"] = json!("A".repeat(43));
    forged
}

#[tokio::test]
async fn of_64_tries_at_once_exactly_one_is_confirmed() {
    let counter = Counter::open().await;
    let before = counter.payoff().await.1;
    let code = counter.code(0);
    let keys: Vec<String> = (0..64).map(|index| format!("key {index}")).collect();
    let answers = join_all(keys.iter().map(|key| counter.app.redeem(&counter.till, key, &code, 4_200))).await;
    let (confirmed, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!((confirmed.len(), refused.len()), (1, 63));
    for answer in refused {
        answer.problem(ProblemKind::CodeUsed);
    }
    assert_eq!(counter.payoff().await.1, before + 1);
}

/// Two processes on one database share no lock except the file's.
#[tokio::test]
async fn of_two_servers_on_one_database_exactly_one_confirms_a_code() {
    let counter = Counter::open().await;
    let other = counter.app.beside().await;
    for round in 0..8 {
        let code = counter.code(0);
        let keys: Vec<String> = (0..16).map(|index| format!("{round} {index}")).collect();
        let servers = [&counter.app, &other];
        let tries = keys.iter().zip(servers.iter().cycle());
        let answers = join_all(tries.map(|(key, server)| server.redeem(&counter.till, key, &code, 4_200))).await;
        let (confirmed, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((confirmed.len(), refused.len()), (1, 15));
        for answer in refused {
            answer.problem(ProblemKind::CodeUsed);
        }
        counter.app.clock.advance_millis(STEP);
    }
}

#[tokio::test]
async fn tries_at_once_under_one_key_all_get_the_one_receipt() {
    let counter = Counter::open().await;
    let before = counter.payoff().await.1;
    let code = counter.code(0);
    let answers = join_all((0..32).map(|_| counter.app.redeem(&counter.till, "the key", &code, 4_200))).await;
    let receipts: BTreeSet<String> = answers.into_iter().map(|answer| answer.expect(201).text()).collect();
    assert_eq!(receipts.len(), 1, "{receipts:?}");
    assert_eq!(counter.payoff().await.1, before + 1);
    let ledger = counter.app.ledger(&counter.member).await;
    let receipt: Receipt = serde_json::from_str(receipts.first().unwrap()).unwrap();
    assert_eq!(ledger.redemptions.iter().filter(|entry| entry.id == receipt.id).count(), 1);
}

#[tokio::test]
async fn a_retry_gets_the_first_answer_whatever_the_clock_says() {
    let counter = Counter::open().await;
    let (code, qr) = (counter.code(0), counter.device.qr_at(counter.app.now()));
    let old = counter.code(-5);
    let confirmed = counter.app.redeem(&counter.till, "good", &code, 4_200).await.expect(201);
    let refused = counter.app.redeem(&counter.till, "bad", &old, 4_200).await;
    refused.problem(ProblemKind::CodeExpired);
    for millis in [0, STEP, DAY, 400 * DAY] {
        counter.app.clock.advance_millis(millis);
        // Every written form of the code is the same request.
        for written in [&code, &qr] {
            let again = counter.app.redeem(&counter.till, "good", written, 4_200).await.expect(201);
            assert_eq!(again.text(), confirmed.text(), "after {millis} ms");
        }
        let again = counter.app.redeem(&counter.till, "bad", &old, 4_200).await;
        again.problem(ProblemKind::CodeExpired);
    }
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_terminal() {
    let counter = Counter::open().await;
    let code = counter.code(0);
    counter.app.redeem(&counter.till, "key", &code, 4_200).await.expect(201);
    counter.app.redeem(&counter.till, "key", &code, 4_201).await.problem(ProblemKind::Conflict);
    counter.app.redeem(&counter.till, "key", &counter.code(1), 4_200).await.problem(ProblemKind::Conflict);
    counter.app.redeem(&counter.till, "key", &code, 4_200).await.expect(201);
    // Keys compare exactly.
    counter.app.redeem(&counter.till, "KEY", &code, 4_200).await.problem(ProblemKind::CodeUsed);
    // Another terminal chooses its own keys, even in the same shop.
    let other_till = counter.app.terminal(COFFEE).await;
    counter.app.redeem(&other_till, "key", &counter.code(1), 900).await.expect(201);
}

#[tokio::test]
async fn the_idempotency_key_is_required_and_has_1_to_200_characters() {
    let counter = Counter::open().await;
    let call = || {
        let body = json!({ "code": counter.code(0), "billFen": 4_200 });
        counter.app.post("/v1/redemptions").by(&counter.till).json(&body)
    };
    call().answer().await.invalid("Idempotency-Key");
    for key in ["", "   ", &"k".repeat(201)] {
        call().header("idempotency-key", key).answer().await.invalid("Idempotency-Key");
    }
    call().header("idempotency-key", &"k".repeat(200)).answer().await.expect(201);
}

#[tokio::test]
async fn the_saving_rounds_down_and_follows_the_shops_discount() {
    let counter = Counter::open().await;
    let theatre = counter.app.terminal(THEATRE).await;
    for (index, (till, bill, saved)) in [
        (&counter.till, 1, 0),
        (&counter.till, 9, 0),
        (&counter.till, 99, 9),
        (&theatre, 333, 49),
        (&theatre, 10_000_000, 1_500_000),
    ]
    .into_iter()
    .enumerate()
    {
        let receipt = counter.app.redeem_now(till, &index.to_string(), &counter.device, bill).await;
        assert_eq!((receipt.saved_fen, receipt.payable_fen), (Fen(saved), Fen(bill - saved)), "{bill}");
        counter.app.clock.advance_millis(STEP);
    }
}

#[tokio::test]
async fn after_the_programmes_last_day_codes_are_refused() {
    let app = TestApp::demo().await;
    let till = app.terminal(COFFEE).await;
    let last_day = app.me(&app.sign_in("ending").await).await.programme.last_day.unwrap();
    let midnight = last_day.plus_days(1).start_in_shanghai();
    app.clock.advance_millis(midnight.plus_millis(-1).millis_since(app.now()));
    let device = app.enrol(&app.sign_in("ending").await).await;
    let next_code = device.code(device.step(midnight));
    app.redeem_now(&till, "last day", &device, 4_200).await;
    app.clock.advance_millis(1);
    app.redeem(&till, "day after", &next_code, 4_200).await.problem(ProblemKind::ProgrammeEnded);
}

/// A card that is valid for one day, in one city, in a programme without an end.
async fn one_day_card(app: &TestApp) -> Caller {
    app.operator(&["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "16800"]);
    let csv = format!(
        "id,name,card_number,programme,valid_from,valid_until,cities\nm1,张三,000000000001,p,{0},{0},shanghai\n",
        today()
    );
    member_server::import_members(&app.database, csv.as_bytes(), noon()).await.unwrap();
    Caller::Bearer(app.operator(&["session", "add", "m1"]))
}

const TWO_SHOPS: &str = "id,name,category,city,lng,lat,coord_system\n\
                         sh,上海店,coffee,shanghai,121.4,31.2,gcj02\n\
                         gz,广州店,coffee,guangzhou,113.3,23.1,gcj02\n";

#[tokio::test]
async fn after_the_cards_last_day_codes_are_refused() {
    let app = TestApp::with_shops(TWO_SHOPS).await;
    let member = one_day_card(&app).await;
    let till = Caller::Bearer(app.operator(&["terminal", "add", "sh"]));
    let midnight = today().plus_days(1).start_in_shanghai();
    app.clock.advance_millis(midnight.plus_millis(-1).millis_since(app.now()));
    let device = app.enrol(&member).await;
    let next_code = device.code(device.step(midnight));
    app.redeem_now(&till, "last day", &device, 4_200).await;
    app.clock.advance_millis(1);
    app.redeem(&till, "day after", &next_code, 4_200).await.problem(ProblemKind::Forbidden);
}

#[tokio::test]
async fn a_card_works_in_its_own_cities_only() {
    let app = TestApp::with_shops(TWO_SHOPS).await;
    let device = app.enrol(&one_day_card(&app).await).await;
    let elsewhere = Caller::Bearer(app.operator(&["terminal", "add", "gz"]));
    let code = device.code_at(app.now());
    app.redeem(&elsewhere, "1", &code, 4_200).await.problem(ProblemKind::Forbidden);
    let at_home = Caller::Bearer(app.operator(&["terminal", "add", "sh"]));
    app.redeem(&at_home, "1", &code, 4_200).await.expect(201);
}

#[tokio::test]
async fn a_bill_is_a_whole_number_of_fen_from_1_to_100_000_yuan() {
    let counter = Counter::open().await;
    let post = |key: &str, body: String| {
        let call = counter.app.post("/v1/redemptions").by(&counter.till).header("idempotency-key", key);
        call.body("application/json", body)
    };
    for bill in ["0", "-1", "10000001", "9223372036854775807", "9223372036854775808", "42.5", "1e400"] {
        let body = format!(r#"{{"code":"{}","billFen":{bill}}}"#, counter.code(0));
        let answer = post(bill, body).answer().await;
        let problem = answer.problem(ProblemKind::InvalidRequest);
        // No JSON reader can hold this number, so the error is a syntax error of the whole body.
        let field = if bill == "1e400" { "body" } else { "billFen" };
        assert_eq!(problem.field.as_deref(), Some(field), "{bill}: {problem:?}");
    }
    for bill in [r#""4200""#, "null", "true", "[4200]", r#"{"fen":4200}"#] {
        let body = format!(r#"{{"code":"{}","billFen":{bill}}}"#, counter.code(0));
        post(bill, body).answer().await.invalid("billFen");
    }
    let body = format!(r#"{{"code":"{}","billFen":10000000}}"#, counter.code(0));
    post("good", body).answer().await.expect(201);
}

#[tokio::test]
async fn a_code_that_cannot_be_one_is_refused_with_what_to_do() {
    let counter = Counter::open().await;
    let nines = "9".repeat(10_000);
    for code in ["", " ", "123", "6601234567898765432O", "12012345678987654321", "https://x.example/", "🎉", &nines] {
        let problem = counter.app.redeem(&counter.till, "1", code, 4_200).await.invalid("code");
        let detail = problem.detail.unwrap();
        assert!(detail.contains("code"), "{detail}");
        assert!(code.trim().len() < 4 || !detail.contains(code), "the code is not repeated: {detail}");
    }
    // None of these tries used up the key.
    counter.app.redeem(&counter.till, "1", &counter.code(0), 4_200).await.expect(201);
}

#[tokio::test]
async fn a_body_that_is_not_the_documented_one_is_refused_by_field() {
    let counter = Counter::open().await;
    let code = counter.code(0);
    let good = format!(r#"{{"code":"{code}","billFen":4200}}"#);
    let post = |content_type: &str, body: &str| {
        let call = counter.app.post("/v1/redemptions").by(&counter.till).header("idempotency-key", "1");
        call.body(content_type, body.to_owned())
    };
    let unknown = format!(r#"{{"code":"{code}","billFen":4200,"savedFen":4200}}"#);
    let twice = format!(r#"{{"code":"{code}","billFen":4200,"billFen":1}}"#);
    let deep = "[".repeat(10_000);
    for (body, field) in [
        ("", "body"),
        ("{", "body"),
        ("null", "body"),
        ("\"text\"", "body"),
        ("{\"code\":\"66\",}", "body"),
        ("not json", "body"),
        (&good[..good.len() - 1], "body"),
        (&format!("{good}{good}"), "body"),
        (&deep, "body"),
        ("{}", "code"),
        ("{\"billFen\":4200}", "code"),
        ("{\"code\":\"66\"}", "billFen"),
        ("{\"code\":66,\"billFen\":4200}", "code"),
        ("{\"code\":null,\"billFen\":4200}", "code"),
        (&unknown, "savedFen"),
        (&twice, "billFen"),
        ("{\"<b>\":1}", "body"),
    ] {
        let answer = post("application/json", body).answer().await;
        let problem = answer.problem(ProblemKind::InvalidRequest);
        assert_eq!(problem.field.as_deref(), Some(field), "{body}: {problem:?}");
    }
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
        post(content_type, &good).answer().await.invalid("Content-Type");
    }
    let call = counter.app.post("/v1/redemptions").by(&counter.till).header("idempotency-key", "1");
    call.answer().await.invalid("Content-Type");
    post("application/json; charset=utf-8", &good).answer().await.expect(201);
}

/// The body is an object (`docs/openapi.yaml`); serde would also read a struct from a list.
#[tokio::test]
async fn a_list_is_no_body() {
    let counter = Counter::open().await;
    let body = json!([counter.code(0), 4_200]);
    let call = counter.app.post("/v1/redemptions").by(&counter.till).header("idempotency-key", "1");
    call.json(&body).answer().await.invalid("body");
}

#[tokio::test]
async fn a_body_over_16_kib_is_refused_unread() {
    let counter = Counter::open().await;
    let post = |padding: usize| {
        let body = format!(r#"{{"code":"{}","billFen":4200{}}}"#, counter.code(0), " ".repeat(padding));
        let call = counter.app.post("/v1/redemptions").by(&counter.till).header("idempotency-key", "1");
        call.body("application/json", body)
    };
    let problem = post(16 * 1024).answer().await.any_problem(413);
    assert_eq!(ProblemKind::from_type(&problem.kind), Some(ProblemKind::InvalidRequest));
    post(16 * 1024 - 100).answer().await.expect(201);
}

#[tokio::test]
async fn only_a_known_terminal_redeems() {
    let counter = Counter::open().await;
    let body = json!({ "code": counter.code(0), "billFen": 4_200 });
    let call = || counter.app.post("/v1/redemptions").header("idempotency-key", "1").json(&body);
    call().answer().await.problem(ProblemKind::Unauthorized);
    call().by(&Caller::Bearer("unknown".to_owned())).answer().await.problem(ProblemKind::Unauthorized);
    // A member is not a terminal, by cookie or by token.
    call().by(&counter.member).answer().await.problem(ProblemKind::Unauthorized);
    let host_app = Caller::Bearer(counter.app.operator(&["session", "add", "demo-active"]));
    call().by(&host_app).answer().await.problem(ProblemKind::Unauthorized);
    // The caller is checked before the body, so a stranger learns nothing about its form.
    let malformed = counter.app.post("/v1/redemptions").body("application/json", "{");
    malformed.answer().await.problem(ProblemKind::Unauthorized);
    call().by(&counter.till).answer().await.expect(201);
}
