//! Rate limits.

use std::{collections::BTreeMap, time::Duration};

use crate::support::{
    Answer, Caller, SECOND, SOON, STEP, Setup, TestApp,
    counter::{COFFEE, Counter, NOODLES, PIN, THEATRE, attempts},
};
use futures_util::future::join_all;
use member_domain::wire::ProblemKind;

const FIVE_MINUTES: i64 = 300 * SECOND;

/// Fails unless this is a 429 whose header and body tell the client to retry after so many seconds.
#[track_caller]
fn come_back_in(answer: &Answer, seconds: u32) {
    let problem = answer.problem(ProblemKind::RateLimited);
    assert_eq!(answer.header("retry-after"), seconds.to_string());
    assert_eq!(problem.retry_after, Some(seconds));
    assert!(problem.detail.is_some_and(|detail| detail.contains(':')), "what to do");
}

async fn with_limit(requests_a_minute: u32) -> Counter {
    let setup = Setup { demo: true, terminal_limit: requests_a_minute, ..Setup::default() };
    Counter::of(TestApp::start(setup).await).await
}

#[tokio::test]
async fn a_terminal_that_asks_too_fast_is_told_when_to_come_back() {
    let counter = with_limit(60).await;
    let app = &counter.app;
    for _ in 0..30 {
        app.redeem(&counter.till, "malformed", "12", 4_200).await.invalid("code");
    }
    come_back_in(&app.redeem(&counter.till, "1", &counter.code(0), 4_200).await, 1);
    come_back_in(&counter.cancel(&counter.till, "0").await, 1);
    come_back_in(&counter.ask(&counter.till, "1").await, 1);
    // Another terminal of the same shop has its own rate limit.
    let other = app.terminal(COFFEE).await;
    app.redeem(&other, "1", &counter.code(0), 4_200).await.expect(201);
    app.clock.advance_millis(SECOND - 1);
    come_back_in(&app.redeem(&counter.till, "2", &counter.code(1), 4_200).await, 1);
    app.clock.advance_millis(1);
    app.redeem(&counter.till, "2", &counter.code(1), 4_200).await.expect(201);
    come_back_in(&app.redeem(&counter.till, "3", &counter.code(1), 4_200).await, 1);
    app.clock.advance_millis(60 * SECOND);
    for _ in 0..30 {
        app.redeem(&counter.till, "malformed", "12", 4_200).await.invalid("code");
    }
    come_back_in(&app.redeem(&counter.till, "malformed", "12", 4_200).await, 1);
}

#[tokio::test]
async fn of_600_requests_at_once_the_default_takes_300() {
    let counter = Counter::open().await;
    let tries = (0..400).map(|_| counter.app.redeem(&counter.till, "malformed", "12", 4_200));
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    for answer in join_all(tries).await {
        *counts.entry(answer.status).or_default() += 1;
    }
    assert_eq!(counts, BTreeMap::from([(422, 300), (429, 100)]));
}

#[tokio::test]
async fn a_flood_becomes_one_record() {
    let counter = with_limit(60).await;
    for _ in 0..130 {
        counter.app.redeem(&counter.till, "malformed", "12", 4_200).await;
    }
    // The counts are written together with the next accepted request.
    counter.app.clock.advance_millis(STEP);
    counter.app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    let rows: Vec<String> = counter.attempts().iter().map(crate::support::counter::Attempt::short).collect();
    assert_eq!(rows.len(), 32, "{rows:?}");
    assert_eq!(rows.iter().filter(|row| *row == "till invalid-request 1").count(), 30);
    assert!(rows.contains(&"till rate-limited 100".to_owned()) && rows.contains(&"till done 1".to_owned()), "{rows:?}");
}

#[tokio::test]
async fn counts_are_written_down_after_a_minute() {
    let counter = with_limit(2).await;
    for _ in 0..8 {
        counter.app.redeem(&counter.till, "malformed", "12", 4_200).await;
    }
    counter.app.clock.advance_millis(60 * SECOND);
    let written = async {
        while counter.attempts().len() < 2 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(SOON, written).await.expect("the counts are written by themselves");
    assert_eq!(counter.attempts()[1].short(), "till rate-limited 7");
}

#[tokio::test]
async fn counts_that_no_request_wrote_down_are_written_when_the_server_stops() {
    let counter = with_limit(2).await;
    let beside = counter.app.beside().await;
    for _ in 0..8 {
        counter.app.redeem(&counter.till, "malformed", "12", 4_200).await;
    }
    assert_eq!(attempts(&beside, &[]).len(), 1);
    counter.app.stop().await;
    let rows: Vec<String> = attempts(&beside, &[]).iter().map(crate::support::counter::Attempt::short).collect();
    assert_eq!(rows, ["till invalid-request 1", "till rate-limited 7"]);
}

#[tokio::test]
async fn whoever_guesses_at_one_credential_is_stopped_and_the_right_code_with_it() {
    let counter = Counter::open().await;
    let app = &counter.app;
    let (theatre, noodles) = (app.terminal(THEATRE).await, app.terminal(NOODLES).await);
    let earlier = app.redeem(&counter.till, "earlier", &counter.code(-1), 4_200).await.expect(201);
    for index in 0..20 {
        let till = if index % 2 == 0 { &counter.till } else { &theatre };
        app.redeem(till, &index.to_string(), &counter.guess(index), 4_200).await.problem(ProblemKind::CodeUnknown);
    }
    // The right code is refused too, from any terminal. Otherwise the limit would have no effect.
    for (index, till) in [&counter.till, &theatre, &noodles].into_iter().enumerate() {
        come_back_in(&app.redeem(till, &format!("right {index}"), &counter.code(0), 4_200).await, 300);
    }
    // The code was not judged, so the key is still free. Earlier answers are repeated.
    assert_eq!(counter.ask(&noodles, "right 2").await.text(), r#"{"state":"unknown"}"#);
    assert_eq!(app.redeem(&counter.till, "earlier", &counter.code(-1), 4_200).await.expect(201).text(), earlier.text());
    app.redeem(&counter.till, "0", &counter.guess(0), 4_200).await.problem(ProblemKind::CodeUnknown);
    // Another member's code is not affected.
    let other = app.enrol(&app.sign_in("ending").await).await;
    app.redeem_now(&noodles, "other", &other, 4_200).await;

    app.clock.advance_millis(FIVE_MINUTES - 1);
    come_back_in(&app.redeem(&noodles, "right 2", &counter.code(0), 4_200).await, 1);
    app.clock.advance_millis(1);
    app.redeem(&noodles, "right 2", &counter.code(0), 4_200).await.expect(201);
}

#[tokio::test]
async fn guesses_at_the_same_time_are_counted_one_by_one() {
    let counter = Counter::open().await;
    let codes: Vec<(String, String)> = (0..64).map(|index| (index.to_string(), counter.guess(index))).collect();
    let tries = codes.iter().map(|(key, code)| counter.app.redeem(&counter.till, key, code, 4_200));
    let answers = join_all(tries).await;
    let (unknown, limited): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 404);
    assert_eq!((unknown.len(), limited.len()), (20, 44));
    for answer in &limited {
        come_back_in(answer, 300);
    }
}

#[tokio::test]
async fn a_terminal_that_guesses_across_credentials_is_stopped() {
    let counter = Counter::open().await;
    let app = &counter.app;
    // Different numbers of credentials that do not exist.
    for index in 0..60 {
        let code = format!("66{:010}00000000", 7_000_000_000_u64 + index);
        app.redeem(&counter.till, &index.to_string(), &code, 4_200).await.problem(ProblemKind::CodeUnknown);
    }
    come_back_in(&app.redeem(&counter.till, "right", &counter.code(0), 4_200).await, 300);
    app.redeem(&app.terminal(COFFEE).await, "right", &counter.code(0), 4_200).await.expect(201);
    app.clock.advance_millis(FIVE_MINUTES);
    app.redeem(&counter.till, "right", &counter.code(0), 4_200).await.expect(201);
}

#[tokio::test]
async fn used_expired_and_malformed_codes_are_no_guesses() {
    let counter = Counter::open().await;
    let app = &counter.app;
    app.redeem(&counter.till, "0", &counter.code(0), 4_200).await.expect(201);
    for index in 0..40 {
        app.redeem(&counter.till, &format!("used {index}"), &counter.code(0), 4_200).await.expect(409);
        app.redeem(&counter.till, &format!("expired {index}"), &counter.code(-4), 4_200).await.expect(410);
        app.redeem(&counter.till, &format!("malformed {index}"), "66", 4_200).await.expect(422);
    }
    app.redeem(&counter.till, "1", &counter.code(1), 4_200).await.expect(201);
}

#[tokio::test]
async fn a_member_enrols_300_devices_in_ten_minutes() {
    let counter = Counter::open().await;
    let app = &counter.app;
    // One device is enrolled already.
    for _ in 0..299 {
        app.enrol(&counter.member).await;
    }
    let enrol = |member: Caller| async move { app.post("/v1/credentials").by(&member).answer().await };
    come_back_in(&enrol(counter.member.clone()).await, 600);
    enrol(app.sign_in("ending").await).await.expect(201);
    app.clock.advance_millis(600 * SECOND);
    enrol(counter.member.clone()).await.expect(201);
}

#[tokio::test]
async fn a_member_who_floods_a_shops_pin_is_slowed_down_too() {
    let counter = with_limit(60).await;
    for _ in 0..30 {
        counter.enter_pin(NOODLES, "1", "12", 4_200).await.invalid("pin");
    }
    come_back_in(&counter.enter_pin(NOODLES, "1", PIN, 4_200).await, 1);
    counter.app.clock.advance_millis(SECOND);
    counter.enter_pin(NOODLES, "1", PIN, 4_200).await.expect(201);
}
