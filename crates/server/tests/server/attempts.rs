//! The record of every attempt to redeem, and `GET /v1/redemptions/attempts/{key}`.

use crate::support::{
    Caller, DAY, STEP,
    counter::{Attempt, COFFEE, Counter, NOODLES, PIN, THEATRE, attempts},
    today,
};
use futures_util::future::join_all;
use member_domain::wire::{AttemptAnswer, AttemptState, ProblemKind, Receipt};
use serde_json::json;

#[tokio::test]
async fn every_attempt_leaves_a_row_with_its_outcome() {
    let counter = Counter::open().await;
    let (app, till) = (&counter.app, &counter.till);
    let number = counter.device.answer.number.as_str();
    let receipt: Receipt = app.redeem(till, "1", &counter.code(0), 4_200).await.expect(201).json();
    app.redeem(till, "1", &counter.code(0), 4_200).await.expect(201);
    app.redeem(till, "1", &counter.code(0), 4_300).await.expect(409);
    app.redeem(till, "2", &counter.code(0), 4_200).await.expect(409);
    app.redeem(till, "2", &counter.code(0), 4_200).await.expect(409);
    app.redeem(till, "3", &counter.code(-5), 4_200).await.expect(410);
    app.redeem(till, "4", &counter.guess(0), 4_200).await.expect(404);
    app.redeem(till, "5", "not a code", 4_200).await.expect(422);
    app.redeem(till, "6", &counter.code(0), 0).await.expect(422);
    app.redeem(till, "", &counter.code(0), 4_200).await.expect(422);
    app.post("/v1/redemptions").by(till).body("application/json", "{").answer().await.expect(422);
    let large = json!({ "code": "6".repeat(17_000), "billFen": 1 });
    app.post("/v1/redemptions").by(till).header("idempotency-key", "7").json(&large).answer().await.expect(413);
    counter.cancel(till, &receipt.id).await.expect(200);
    counter.cancel(till, &receipt.id).await.expect(200);
    // Requests that are no attempt of a shop leave no record: strangers, and cancellations that change
    // nothing.
    app.redeem(&Caller::Bearer("unknown".to_owned()), "1", &counter.code(1), 4_200).await.expect(401);
    counter.cancel(till, "unknown").await.expect(404);

    let rows = counter.attempts();
    let expected: [(&str, &str, &str, &str, &str); 14] = [
        ("done", number, "4200", &receipt.id, "0"),
        ("done", number, "4200", &receipt.id, "1"),
        ("conflict", number, "4300", "", "0"),
        ("code-used", number, "4200", "", "0"),
        ("code-used", number, "4200", "", "1"),
        ("code-expired", number, "4200", "", "0"),
        ("code-unknown", number, "4200", "", "0"),
        ("invalid-request", "", "", "", "0"),
        ("invalid-request", "", "", "", "0"),
        ("invalid-request", "", "", "", "0"),
        ("invalid-request", "", "", "", "0"),
        ("invalid-request", "", "", "", "0"),
        ("cancelled", number, "4200", &receipt.id, "0"),
        ("cancelled", number, "4200", &receipt.id, "1"),
    ];
    for (row, expected) in rows.iter().zip(expected) {
        let seen = (&*row.outcome, &*row.credential_number, &*row.bill_fen, &*row.redemption_id, &*row.replayed);
        assert_eq!(seen, expected, "{rows:#?}");
        assert_eq!((&*row.shop, &*row.method, &*row.times), (COFFEE, "till", "1"));
        assert_eq!(row.at, "2026-11-20T12:00:10.000+08:00");
    }
    assert_eq!(rows.len(), expected.len(), "{rows:#?}");
}

#[tokio::test]
async fn the_command_tells_one_shops_attempts_from_a_day_on() {
    let counter = Counter::open().await;
    let app = &counter.app;
    let theatre = app.terminal(THEATRE).await;
    app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    app.clock.advance_millis(DAY);
    app.redeem_now(&theatre, "1", &counter.device, 4_200).await;
    app.clock.advance_millis(STEP);
    app.redeem_now(&counter.till, "2", &counter.device, 4_300).await;
    let tomorrow = today().plus_days(1).to_string();
    let bills = |arguments: &[&str]| -> Vec<String> {
        attempts(app, arguments).into_iter().map(|attempt| format!("{} {}", attempt.shop, attempt.bill_fen)).collect()
    };
    assert_eq!(bills(&[]).len(), 3);
    assert_eq!(bills(&["--shop", COFFEE]), [format!("{COFFEE} 4200"), format!("{COFFEE} 4300")]);
    assert_eq!(bills(&["--since", &tomorrow]), [format!("{THEATRE} 4200"), format!("{COFFEE} 4300")]);
    assert_eq!(bills(&["--shop", COFFEE, "--since", &tomorrow]), [format!("{COFFEE} 4300")]);
    assert!(bills(&["--shop", "no-such"]).is_empty());
}

#[tokio::test]
async fn the_command_prints_no_secret() {
    let counter = Counter::open().await;
    let (Caller::Bearer(token), code) = (&counter.till, counter.code(0)) else { panic!("tills have tokens") };
    counter.app.redeem(&counter.till, "the-key", &code, 4_200).await.expect(201);
    counter.enter_pin(NOODLES, "pin-key", PIN, 4_200).await.expect(201);
    let printed = counter.app.operator(&["attempts"]);
    for secret in [token.as_str(), &code, &code[12..], PIN, "the-key", "pin-key"] {
        assert!(!printed.contains(secret), "{secret}: {printed}");
    }
}

#[tokio::test]
async fn a_caller_asks_what_became_of_its_own_request() {
    let counter = Counter::open().await;
    let app = &counter.app;
    let ask = async |caller: &Caller, key: &str| counter.ask(caller, key).await.expect(200).json::<AttemptAnswer>();
    let unknown = AttemptAnswer { state: AttemptState::Unknown, receipt: None, problem: None, test: None };
    assert_eq!(ask(&counter.till, "k-1").await, unknown);
    let receipt: Receipt = app.redeem(&counter.till, "k-1", &counter.code(0), 4_200).await.expect(201).json();
    app.redeem(&counter.till, "k-2", &counter.code(0), 4_200).await.problem(ProblemKind::CodeUsed);
    let done = AttemptAnswer { state: AttemptState::Done, receipt: Some(receipt.clone()), problem: None, test: None };
    let refused = AttemptAnswer {
        state: AttemptState::Refused,
        receipt: None,
        problem: Some("code-used".to_owned()),
        test: None,
    };
    assert_eq!(ask(&counter.till, "k-1").await, done);
    assert_eq!(ask(&counter.till, "k-2").await, refused);
    // A look-up is no attempt and changes nothing.
    assert_eq!(counter.attempts().len(), 2);

    // A caller never sees another caller's key: not another terminal of the shop, and not the member who
    // showed the code.
    let (same_shop, theatre) = (app.terminal(COFFEE).await, app.terminal(THEATRE).await);
    for stranger in [&same_shop, &theatre, &counter.member] {
        assert_eq!(ask(stranger, "k-1").await, unknown);
    }
    let by_pin: Receipt = counter.enter_pin(NOODLES, "k-1", PIN, 900).await.expect(201).json();
    assert_eq!(ask(&counter.member, "k-1").await.receipt.unwrap(), by_pin);
    let host_app = Caller::Bearer(app.operator(&["session", "add", "demo-active"]));
    assert_eq!(ask(&host_app, "k-1").await.receipt.unwrap(), by_pin, "the same member");
    assert_eq!(ask(&app.sign_in("ending").await, "k-1").await, unknown);
    assert_eq!(ask(&counter.till, "k-1").await, done);

    counter.cancel(&counter.till, &receipt.id).await.expect(200);
    assert_eq!(ask(&counter.till, "k-1").await.receipt.unwrap().cancelled_at, Some(app.now()));
    app.get("/v1/redemptions/attempts/k-1").answer().await.problem(ProblemKind::Unauthorized);
    let stranger = Caller::Bearer("unknown".to_owned());
    counter.ask(&stranger, "k-1").await.problem(ProblemKind::Unauthorized);
}

#[tokio::test]
async fn keys_of_any_characters_can_be_asked_for() {
    let counter = Counter::open().await;
    for (index, (key, path)) in
        [("a/b", "a%2Fb"), ("50%", "50%25"), ("a b?c#d", "a%20b%3Fc%23d"), ("..", "%2E%2E%20")].into_iter().enumerate()
    {
        counter.app.redeem_now(&counter.till, key, &counter.device, 4_200).await;
        let answer: AttemptAnswer = counter.ask(&counter.till, path).await.expect(200).json();
        assert_eq!(answer.state, AttemptState::Done, "{key}");
        counter.app.clock.advance_millis(STEP);
        assert_eq!(counter.attempts().len(), index + 1);
    }
}

#[tokio::test]
async fn attempts_at_once_leave_a_row_each() {
    let counter = Counter::open().await;
    let keys: Vec<String> = (0..32).map(|index| index.to_string()).collect();
    let code = counter.code(0);
    join_all(keys.iter().map(|key| counter.app.redeem(&counter.till, key, &code, 4_200))).await;
    let rows: Vec<String> = counter.attempts().iter().map(Attempt::short).collect();
    assert_eq!(rows.iter().filter(|row| *row == "till done 1").count(), 1);
    assert_eq!(rows.iter().filter(|row| *row == "till code-used 1").count(), 31);
}
