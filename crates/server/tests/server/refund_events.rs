//! `POST /v1/refund-events`

use crate::support::{
    Caller, DAY, Events, HOUR, Setup, TestApp,
    provider::{self, event, refund, report, send, send_text, signature},
    staff::sql,
};
use member_domain::{
    Fen, RefundHistory, RefundReport,
    RefundState::{self, Abnormal, Closed, Processing, Scheduled, Succeeded},
    UnixMillis,
    wire::{ProblemKind, Refund, RefundEventOutcome},
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;
const PATH: &str = "/v1/refund-events";

/// A member whose refund is scheduled.
async fn scheduled() -> (TestApp, Caller, Refund) {
    let app = provider::demo().await;
    let member = app.sign_in("refund-scheduled").await;
    let scheduled = refund(&app, &member).await;
    assert_eq!(scheduled.state, Scheduled);
    (app, member, scheduled)
}

/// A copy of `event` with this field set.
fn with(event: &Value, field: &str, value: impl Into<Value>) -> Value {
    let mut changed = event.clone();
    changed[field] = value.into();
    changed
}

#[tokio::test]
async fn the_provider_moves_a_refund_on_and_the_open_page_hears_of_it() {
    let (app, member, scheduled) = scheduled().await;
    let mut events = Events::open(&app, &member, None).await;
    for (state, name) in [(Processing, "processing"), (Abnormal, "abnormal"), (Succeeded, "succeeded")] {
        app.clock.advance_millis(HOUR);
        let answer = report(&app, name, &event(&app, &scheduled, name)).await;
        assert_eq!((answer.outcome, answer.state), (RefundEventOutcome::Applied, state));
        assert_eq!(events.next().await.name, "refund");
        let now = refund(&app, &member).await;
        assert_eq!((now.state, now.checked_at), (state, app.now()));
        assert_eq!(now.timeline.last().unwrap().at, app.now());
        assert_eq!(now.provider_reference.as_deref(), Some("50300000382026112000000000001"));
    }
}

#[tokio::test]
async fn the_same_event_again_is_a_duplicate_and_another_under_its_id_a_conflict() {
    let (app, member, scheduled) = scheduled().await;
    let processing = event(&app, &scheduled, "processing");
    assert_eq!(report(&app, "1", &processing).await.outcome, RefundEventOutcome::Applied);
    let known = refund(&app, &member).await;
    app.clock.advance_millis(2 * MINUTE);
    let again = report(&app, "1", &processing).await;
    assert_eq!((again.outcome, again.state), (RefundEventOutcome::Duplicate, Processing));
    send(&app, "1", &with(&processing, "state", "closed")).await.problem(ProblemKind::Conflict);
    assert_eq!(refund(&app, &member).await, known, "neither changes anything");
    // Under another id it is a new event that confirms the same state.
    assert_eq!(report(&app, "2", &processing).await.outcome, RefundEventOutcome::Applied);
    assert_eq!(refund(&app, &member).await, Refund { checked_at: app.now(), ..known });
}

#[tokio::test]
async fn what_does_not_match_is_held_and_never_applied() {
    let (app, member, scheduled) = scheduled().await;
    let succeeded = event(&app, &scheduled, "succeeded");
    for (id, wrong) in [
        ("less", with(&succeeded, "amountFen", scheduled.amount_fen.0 - 1)),
        ("more", with(&succeeded, "amountFen", scheduled.amount_fen.0 + 1)),
        ("dollars", with(&succeeded, "currency", "USD")),
    ] {
        let answer = report(&app, id, &wrong).await;
        assert_eq!((answer.outcome, answer.state), (RefundEventOutcome::Held, Scheduled), "{id}");
    }
    assert_eq!(report(&app, "1", &event(&app, &scheduled, "processing")).await.state, Processing);
    assert_eq!(refund(&app, &member).await.timeline.len(), 2, "held reports stay without effect");
    let status = app.operator(&["programme", "status", "--programme", "demo-ended"]);
    assert!(status.contains("held          3 reports for review"), "{status}");
    assert!(status.contains("the currency is USD") && status.contains("16799 fen"), "{status}");
}

#[tokio::test]
async fn what_is_outside_the_machine_is_refused_until_an_earlier_event_explains_it() {
    let (app, member, scheduled) = scheduled().await;
    let at = |state: &str, minutes: i64| {
        with(&event(&app, &scheduled, state), "occurredAt", app.now().plus_millis(minutes * MINUTE).0)
    };
    assert_eq!(report(&app, "1", &at("succeeded", -10)).await.outcome, RefundEventOutcome::Applied);
    let late = report(&app, "2", &at("abnormal", -5)).await;
    assert_eq!((late.outcome, late.state), (RefundEventOutcome::Refused, Succeeded));
    let before = report(&app, "3", &at("processing", -20)).await;
    assert_eq!((before.outcome, before.state), (RefundEventOutcome::Applied, Succeeded));
    let path: Vec<RefundState> = refund(&app, &member).await.timeline.iter().map(|step| step.state).collect();
    assert_eq!(path, [Scheduled, Processing, Succeeded]);
    let status = app.operator(&["programme", "status", "--programme", "demo-ended"]);
    assert!(status.contains("a refund that is succeeded cannot become abnormal"), "{status}");
}

#[tokio::test]
async fn who_does_not_hold_the_secret_is_turned_away_before_the_body_is_looked_at() {
    let (app, member, scheduled) = scheduled().await;
    let body = event(&app, &scheduled, "succeeded").to_string();
    let seconds = app.now().0 / 1_000;
    let good = ["1".to_owned(), seconds.to_string(), signature(&[42; 32], "1", seconds, &body)];
    let wrong = signature(&[43; 32], "1", seconds, &body);
    for (body, headers) in [
        (body.as_str(), [None, None, None]),
        ("not even JSON", [None, None, None]),
        (&body, [None, Some(&good[1]), Some(&good[2])]),
        (&body, [Some(&good[0]), None, Some(&good[2])]),
        (&body, [Some(&good[0]), Some(&good[1]), None]),
        (&body, [Some(&good[0]), Some(&good[1]), Some(&wrong)]),
        (&body.replace("succeeded", "closed"), [Some(&good[0]), Some(&good[1]), Some(&good[2])]),
        ("not even JSON", [Some(&good[0]), Some(&good[1]), Some(&good[2])]),
        (&body, [Some(&wrong), Some(&good[1]), Some(&good[2])]),
    ] {
        let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
        let call = names.into_iter().zip(headers).fold(app.post(PATH).by(&member), |call, (name, value)| match value {
            Some(value) => call.header(name, value),
            None => call,
        });
        call.body("application/json", body.to_owned()).answer().await.problem(ProblemKind::Unauthorized);
    }
    assert_eq!(refund(&app, &member).await, scheduled);
}

#[tokio::test]
async fn a_request_that_was_overheard_is_worth_nothing_after_five_minutes() {
    let (app, member, scheduled) = scheduled().await;
    let body = event(&app, &scheduled, "processing").to_string();
    let then = app.now();
    for (away, kind) in [(-5 * MINUTE - 1_000, "ahead"), (5 * MINUTE + 1_000, "ago")] {
        app.clock.advance_millis(away);
        let problem = send_text(&app, "1", then, &body).await.problem(ProblemKind::Unauthorized);
        assert!(problem.detail.unwrap().contains(kind), "{away}");
        app.clock.advance_millis(-away);
    }
    assert_eq!(refund(&app, &member).await, scheduled);
    app.clock.advance_millis(4 * MINUTE);
    send_text(&app, "1", then, &body).await.expect(200);
}

#[tokio::test]
async fn every_field_that_is_wrong_is_named() {
    let (app, member, scheduled) = scheduled().await;
    let good = event(&app, &scheduled, "processing");
    let now = app.now().0;
    for (field, value) in [
        ("state", json!("scheduled")),
        ("state", json!("SUCCESS")),
        ("amountFen", json!(0)),
        ("amountFen", json!(-16_800)),
        ("amountFen", json!(100_000_000_001_i64)),
        ("amountFen", json!(168.5)),
        ("amountFen", json!("16800")),
        ("currency", json!("cny")),
        ("currency", json!("RMBY")),
        ("currency", json!("")),
        ("providerReference", json!("")),
        ("providerReference", json!(" ")),
        ("providerReference", json!("a\nb")),
        ("providerReference", json!("1".repeat(65))),
        ("occurredAt", json!(now + 5 * MINUTE + 1)),
        ("occurredAt", json!(scheduled.timeline[0].at.0 - 5 * MINUTE - 1)),
        ("occurredAt", json!(i64::MIN)),
        ("occurredAt", json!(i64::MAX)),
        ("occurredAt", json!("now")),
        ("note", json!("unknown")),
    ] {
        let problem = send(&app, "1", &with(&good, field, value.clone())).await.invalid(field);
        assert!(problem.detail.is_some_and(|detail| !detail.is_empty()), "{value}");
    }
    for field in ["refundId", "state", "amountFen", "currency", "occurredAt"] {
        let mut missing = good.clone();
        missing.as_object_mut().unwrap().remove(field);
        send(&app, "1", &missing).await.invalid(field);
    }
    for id in ["", &"1".repeat(129), "a.b", "a b"] {
        send(&app, id, &good).await.invalid("webhook-id");
    }
    for body in ["", "[]", "{", "null"] {
        send_text(&app, "1", app.now(), body).await.problem(ProblemKind::InvalidRequest);
    }
    send_text(&app, "1", app.now(), &" ".repeat(17_000)).await.any_problem(413);
    send(&app, "1", &with(&good, "refundId", "RF0000000000000000")).await.problem(ProblemKind::NotFound);
    assert_eq!(refund(&app, &member).await, scheduled, "nothing of that was kept");
    let mut least = with(&good, "occurredAt", scheduled.timeline[0].at.0 - 5 * MINUTE);
    least.as_object_mut().unwrap().remove("providerReference");
    assert_eq!(report(&app, &"1".repeat(128), &least).await.outcome, RefundEventOutcome::Applied);
    report(&app, "2", &with(&good, "occurredAt", now + 5 * MINUTE)).await;
}

#[tokio::test]
async fn a_server_without_secrets_takes_no_events() {
    let app = TestApp::start(Setup { demo: true, ..Setup::default() }).await;
    let scheduled = refund(&app, &app.sign_in("refund-scheduled").await).await;
    let problem = send(&app, "1", &event(&app, &scheduled, "closed")).await.problem(ProblemKind::NotFound);
    assert!(problem.detail.unwrap().contains("takes no refund events"));
}

/// One event of a set: its state, its time, its reference, and whether its amount is right. There are few
/// times, so that many events share one.
type Told = (RefundState, i64, usize, bool);

fn told() -> impl Strategy<Value = (Vec<Told>, Vec<usize>, Vec<usize>)> {
    let states = select(&[Processing, Succeeded, Abnormal, Closed][..]);
    let events = vec((states, 0_i64..3, 0_usize..3, prop::bool::weighted(0.85)), 2..10);
    events.prop_flat_map(|events| {
        let all: Vec<usize> = (0..events.len()).collect();
        let order = vec(select(all.clone()), 0..4).prop_map(move |again| [all.clone(), again].concat()).prop_shuffle();
        let order = order.boxed();
        (Just(events), order.clone(), order)
    })
}

/// In every order of a set of events, and with any number of duplicates, members see the same refund.
#[test]
fn any_order_of_events_with_any_duplicates_ends_the_same() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (app, member, scheduled) = runtime.block_on(scheduled());
    let runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() }).run(
        &told(),
        |(events, one, other)| {
            let first = runtime.block_on(told_in_order(&app, &member, &scheduled, &events, &one));
            let second = runtime.block_on(told_in_order(&app, &member, &scheduled, &events, &other));
            prop_assert_eq!(&first, &second);
            let counted = events.iter().filter(|(.., right)| *right);
            let history = RefundHistory::of(counted.map(|(state, minutes, ..)| RefundReport {
                at: UnixMillis(app.now().0 - DAY + minutes * MINUTE),
                state: *state,
            }));
            prop_assert_eq!(first.state, history.state);
            Ok(())
        },
    );
    runner.unwrap();
}

async fn told_in_order(app: &TestApp, member: &Caller, fresh: &Refund, events: &[Told], order: &[usize]) -> Refund {
    let id = &fresh.id;
    sql(
        app,
        &format!(
            "DELETE FROM refund_reports WHERE refund_id = '{id}';
             UPDATE refunds SET state = 'scheduled', provider_reference = NULL, checked_at = scheduled_at
             WHERE id = '{id}'"
        ),
    );
    assert_eq!(refund(app, member).await, *fresh);
    for index in order {
        let (state, minutes, reference, right) = events[*index];
        let reference = [None, Some("5030-A"), Some("5030-B")][reference];
        let body = json!({
            "refundId": id, "state": state, "currency": "CNY",
            "amountFen": if right { fresh.amount_fen } else { Fen(1) },
            "providerReference": reference,
            "occurredAt": app.now().0 - DAY + minutes * MINUTE,
        });
        send(app, &format!("event-{index}"), &body).await.expect(200);
    }
    refund(app, member).await
}
