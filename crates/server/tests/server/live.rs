//! `GET /v1/events`

use crate::support::{Caller, Device, Events, HOUR, SOON, STEP, TestApp, counter::Counter, staff::sql};
use futures_util::future::join_all;
use member_domain::wire::{LedgerEntry, ProblemKind};
use member_storage::cells;
use serde_json::json;

const SHOP: &str = "sh-wutongli-coffee";

async fn enrolled(app: &TestApp, persona: &str) -> (Caller, Device) {
    let member = app.sign_in(persona).await;
    let device = app.enrol(&member).await;
    (member, device)
}

/// Another process changes a programme, which concerns every member.
fn change_a_programme(app: &TestApp) {
    app.operator(&["programme", "put", "--id", "another", "--name", "卡", "--price-fen", "16800"]);
}

#[tokio::test]
async fn an_open_page_hears_of_a_redemption_within_two_seconds() {
    let app = TestApp::demo().await;
    let (member, device) = enrolled(&app, "active").await;
    let mut events = Events::open(&app, &member, None).await;
    let receipt = app.redeem_now(&app.terminal(SHOP).await, "1", &device, 4_200).await;
    let event = events.next().await;
    assert_eq!(event.name, "redemption");
    assert!(event.id.is_some(), "an id to come back to");
    let entry: LedgerEntry = serde_json::from_value(event.data).unwrap();
    assert_eq!(entry.id, receipt.id);
    assert_eq!(entry, app.ledger(&member).await.redemptions[0], "the event is the ledger's line");
}

#[tokio::test]
async fn an_open_page_hears_that_another_device_has_taken_over() {
    let app = TestApp::demo().await;
    let (member, first) = enrolled(&app, "active").await;
    let (bystander, _) = enrolled(&app, "ending").await;
    let mut events = Events::open(&app, &member, None).await;
    let mut others = Events::open(&app, &bystander, None).await;
    let second = app.enrol(&member).await;
    let event = events.next().await;
    assert_eq!((event.name.as_str(), &event.data), ("credential", &json!({ "number": second.answer.number })));
    assert_ne!(first.answer.number, second.answer.number);
    let third = app.enrol(&member).await;
    assert_eq!(events.next().await.data, json!({ "number": third.answer.number }));
    // A page that was away gets the number that is active now, not the ones in between.
    let mut missed = Events::open(&app, &member, Some(event.id.unwrap() - 1)).await;
    for _ in 0..2 {
        assert_eq!(missed.next().await.data, json!({ "number": third.answer.number }));
    }
    change_a_programme(&app);
    assert_eq!(others.next().await.name, "programme", "it concerns this member only");
}

#[tokio::test]
async fn a_new_stream_does_not_tell_what_was_before_it() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    for _ in 0..10 {
        // Streams open while enrolments are on their way from the change log to the streams.
        let enrolments = join_all((0..8).map(|_| app.enrol(&member)));
        let streams = join_all((0..8).map(|_| Events::open(&app, &member, None)));
        let (_, streams) = tokio::join!(enrolments, streams);
        app.enrol(&member).await;
        for mut events in streams {
            let first = events.next().await.id.unwrap();
            assert!(first > events.stands_at, "{first} was before {}", events.stands_at);
        }
        app.clock.advance_millis(HOUR);
    }
}

#[tokio::test]
async fn another_member_hears_nothing_of_it() {
    let app = TestApp::demo().await;
    let (_, device) = enrolled(&app, "active").await;
    let bystander = app.sign_in("none").await;
    let mut events = Events::open(&app, &bystander, None).await;
    app.redeem_now(&app.terminal(SHOP).await, "1", &device, 4_200).await;
    change_a_programme(&app);
    // Events come in order, so a leaked redemption would be first.
    let event = events.next().await;
    assert_eq!((event.name.as_str(), event.data), ("programme", json!({})));

    // The bystander gets no redemption either when it requests everything from the beginning.
    let mut replayed = Events::open(&app, &bystander, Some(0)).await;
    loop {
        let missed = replayed.next().await;
        assert_eq!(missed.name, "programme", "this member has no card, so nothing but programmes concerns it");
        if missed.id == event.id {
            break;
        }
    }
}

#[tokio::test]
async fn changes_of_another_process_arrive_too() {
    let app = TestApp::demo().await;
    let mut events = Events::open(&app, &app.sign_in("none").await, None).await;
    change_a_programme(&app);
    assert_eq!(events.next().await.name, "programme");
}

#[tokio::test]
async fn a_redemption_at_another_server_arrives_too() {
    let app = TestApp::demo().await;
    let (member, device) = enrolled(&app, "active").await;
    let mut events = Events::open(&app, &member, None).await;
    let receipt = app.beside().await.redeem_now(&app.terminal(SHOP).await, "1", &device, 4_200).await;
    assert_eq!(events.next().await.data["id"], json!(receipt.id));
}

#[tokio::test]
async fn a_page_that_comes_back_first_gets_what_it_missed_and_nothing_twice() {
    let app = TestApp::demo().await;
    let (member, device) = enrolled(&app, "active").await;
    let till = app.terminal(SHOP).await;
    let mut events = Events::open(&app, &member, None).await;
    app.redeem_now(&till, "1", &device, 1_000).await;
    let seen = events.next().await.id;
    drop(events);
    let mut missed = Vec::new();
    for key in ["2", "3"] {
        app.clock.advance_millis(STEP);
        missed.push(app.redeem_now(&till, key, &device, 1_000).await.id);
    }
    let mut events = Events::open(&app, &member, seen).await;
    app.clock.advance_millis(STEP);
    missed.push(app.redeem_now(&till, "4", &device, 1_000).await.id);
    let mut last = seen;
    for expected in missed {
        let event = events.next().await;
        assert_eq!(event.data["id"], json!(expected));
        assert!(event.id > last, "ids grow along the stream");
        last = event.id;
    }
    // If anything came twice, it would be in the stream before this event.
    change_a_programme(&app);
    assert_eq!(events.next().await.name, "programme");
}

/// After a restored backup, the page remembers a position that the log has not reached.
#[tokio::test]
async fn a_page_that_is_ahead_of_the_log_asks_for_everything_and_goes_on_from_its_end() {
    let app = TestApp::demo().await;
    let member = app.sign_in("none").await;
    let end = Events::open(&app, &member, None).await.stands_at;
    let mut events = Events::open(&app, &member, Some(end + 1_000)).await;
    assert_eq!(events.stands_at, end);
    assert_eq!(events.next().await.name, "resync");
    change_a_programme(&app);
    let event = events.next().await;
    assert_eq!((event.name.as_str(), event.id), ("programme", Some(end + 1)));
    // A page that has seen exactly the last entry is not ahead.
    let mut events = Events::open(&app, &member, Some(end + 1)).await;
    change_a_programme(&app);
    assert_eq!(events.next().await.name, "programme");
}

/// More changes than the server replays: the page must learn that its events are incomplete.
#[tokio::test]
async fn a_page_that_missed_too_much_is_told_to_ask_for_everything() {
    let app = TestApp::demo().await;
    let member = app.sign_in("none").await;
    let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
                INSERT INTO changes (kind, at) SELECT 'programme', 0 FROM n";
    app.rows().run(many, cells![]);
    let mut events = Events::open(&app, &member, Some(0)).await;
    let mut last = 0;
    loop {
        let event = events.next().await;
        if event.name == "resync" {
            break;
        }
        let id = event.id.unwrap();
        assert!(id > last, "{id} after {last}");
        last = id;
    }
    assert!(last > 400, "what is replayed comes first: {last}");
}

#[tokio::test]
async fn a_batch_of_changes_does_not_hold_back_a_till() {
    let counter = Counter::open().await;
    let app = &counter.app;
    let mut events = Events::open(app, &counter.member, None).await;
    let mut others = Events::open(app, &app.sign_in("refund-scheduled").await, None).await;
    sql(
        app,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
         INSERT INTO changes (kind, member_id, at)
         SELECT 'refund', CASE WHEN i % 5000 = 0 THEN 'demo-refund-scheduled' ELSE 'demo-refund-closed' END, 0 FROM n",
    );
    let receipt = app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    // The first event of this page is the redemption, within two seconds.
    assert_eq!(events.next().await.data["id"], receipt.id);
    for _ in 0..4 {
        assert_eq!(others.next().await.name, "refund", "its own four, and no resync");
    }
    // A page that returns gets no resync just because of other members' refunds.
    let mut back = Events::open(app, &counter.member, Some(events.stands_at)).await;
    assert_eq!(back.next().await.data["id"], receipt.id);
}

#[tokio::test]
async fn without_a_last_event_id_the_past_is_not_told() {
    let app = TestApp::demo().await;
    let (member, device) = enrolled(&app, "active").await;
    let till = app.terminal(SHOP).await;
    let mut open = Events::open(&app, &member, None).await;
    app.redeem_now(&till, "1", &device, 1_000).await;
    // Once an open stream has the event, it is in the past for every new stream.
    open.next().await;
    let mut late = Events::open(&app, &member, None).await;
    app.clock.advance_millis(STEP);
    let second = app.redeem_now(&till, "2", &device, 1_000).await;
    assert_eq!(late.next().await.data["id"], json!(second.id));
    for nonsense in ["", "x", "1.5"] {
        let response = app.get("/v1/events").by(&member).header("last-event-id", nonsense).send().await;
        assert_eq!(response.status().as_u16(), 200, "'{nonsense}' is ignored");
    }
}

#[tokio::test]
async fn a_refunds_history_is_replayed_to_its_member_only() {
    let app = TestApp::demo().await;
    let member = app.sign_in("refund-processing").await;
    let mut events = Events::open(&app, &member, Some(0)).await;
    let mut refunds = 0;
    while refunds < 2 {
        let event = events.next().await;
        match event.name.as_str() {
            "refund" => {
                assert_eq!(event.data, json!({}));
                refunds += 1;
            }
            other => assert_eq!(other, "programme"),
        }
    }
    // Two events, scheduled and processing. A third would be another member's.
    change_a_programme(&app);
    assert_eq!(events.next().await.name, "programme");
}

#[tokio::test]
async fn a_stopping_server_ends_its_streams() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    let mut events = Events::open(&app, &member, None).await;
    let (ended, ()) = tokio::join!(tokio::time::timeout(SOON, events.next_or_end()), app.stop());
    assert_eq!(ended.expect("the stream ends"), None);
}

#[tokio::test]
async fn strangers_and_terminals_hear_nothing() {
    let app = TestApp::demo().await;
    app.get("/v1/events").answer().await.problem(ProblemKind::Unauthorized);
    app.get("/v1/events").by(&app.terminal(SHOP).await).answer().await.problem(ProblemKind::Unauthorized);
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_tells_nothing_more() {
    let app = TestApp::demo().await;
    let (member, device) = enrolled(&app, "active").await;
    let till = app.terminal(SHOP).await;
    let mut ended = Events::open(&app, &member, None).await;
    app.redeem_now(&till, "1", &device, 4_200).await;
    assert_eq!(ended.next().await.name, "redemption");
    app.rows().run("DELETE FROM sessions", cells![]);
    let other = app.sign_in("active").await;
    let mut kept = Events::open(&app, &other, None).await;
    app.clock.advance_millis(30_000);
    app.redeem_now(&till, "2", &device, 4_200).await;
    assert!(ended.next_or_end().await.is_none(), "its session was ended");
    assert_eq!(kept.next().await.name, "redemption");
    app.clock.advance_millis(31 * 24 * HOUR);
    change_a_programme(&app);
    assert!(kept.next_or_end().await.is_none(), "its session has expired");
}

#[tokio::test]
async fn a_change_that_only_a_newer_server_knows_stops_nothing() {
    let app = TestApp::demo().await;
    let (member, device) = enrolled(&app, "active").await;
    let mut events = Events::open(&app, &member, None).await;
    let from = events.stands_at;
    app.rows().run_all("PRAGMA ignore_check_constraints = ON; INSERT INTO changes (kind, at) VALUES ('news', 0)");
    assert_eq!(events.next().await.name, "resync");
    app.redeem_now(&app.terminal(SHOP).await, "1", &device, 4_200).await;
    assert_eq!(events.next().await.name, "redemption");
    let mut missed = Events::open(&app, &member, Some(from)).await;
    assert_eq!([missed.next().await.name, missed.next().await.name], ["resync", "redemption"]);
}
