//! Clients that take their time are disconnected.

use std::time::Duration;

use crate::{
    connections::{SHOP, Wire, ask, demo, get, patient, problem},
    support::{Caller, Events, SOON, Setup, TestApp},
};
use futures_util::future::join_all;
use member_domain::wire::ProblemKind;
use member_server::http::connections::ConnectionLimits;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{interval, timeout},
};

/// A limit that a test waits for.
const SHORT: Duration = Duration::from_secs(1);

#[tokio::test]
async fn whoever_takes_too_long_is_hung_up_on() {
    let limits = ConnectionLimits { header: SHORT, body: SHORT, idle: SHORT, ..patient() };
    let app = demo(limits).await;
    let Caller::Bearer(till) = app.terminal(SHOP).await else { panic!("a till has a token") };
    let redeem = format!("POST /v1/redemptions HTTP/1.1\r\nAuthorization: Bearer {till}\r\nIdempotency-Key: 1\r\n");
    let redeem = format!("{redeem}Content-Type: application/json\r\nHost: card.example\r\n");
    let report =
        "POST /v1/security-reports HTTP/1.1\r\nContent-Type: application/reports+json\r\nHost: card.example\r\n";
    let form = "POST /R/pair HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: \
                same-origin\r\nHost: card.example\r\n";
    let length = "Content-Length: 1000\r\n\r\n";
    // The bytes that come at once, those that come one by one from then on, and the statuses of the answers.
    let cases = [
        (String::new(), "", &[][..]),
        ("GET /healthz HTTP/1.1\r\nHo".to_owned(), "", &[]),
        ("GET /healthz HTTP/1.1\r\nHost: ".to_owned(), "x", &[]),
        (String::new(), "\r\n", &[]),
        (get("/healthz"), "", &["200"]),
        (get("/healthz") + &get("/v1/me"), "", &["200", "401"]),
        (get("/healthz") + "GET /v1/me HT", "", &["200"]),
        (get("/healthz") + "GET /", "x", &["200"]),
        (format!("{redeem}{length}{{"), "", &["408"]),
        (format!("{redeem}{length}{{"), " ", &["408"]),
        (format!("{redeem}Transfer-Encoding: chunked\r\n\r\n"), "", &["408"]),
        (format!("{redeem}Transfer-Encoding: chunked\r\n\r\n"), "1\r\n \r\n", &["408"]),
        (format!("{report}{length}["), "", &["408"]),
        (format!("{form}{length}code="), "1", &["408"]),
        (get("/healthz") + &redeem + length, "", &["200", "408"]),
        // This body is not read, so there is nothing to wait for.
        (format!("{}{length}{{", redeem.replace(&till, "nobody")), "", &["401"]),
    ];
    let checks = cases.into_iter().map(|(sent, dripping, statuses)| {
        let app = &app;
        async move {
            let answer = answers_until_closed(app, &sent, dripping).await;
            let found: Vec<&str> = answer.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
            assert_eq!(found, statuses, "{sent:?} {dripping:?}: {answer}");
            if statuses.last() == Some(&"408") {
                let late = &answer[answer.rfind("HTTP/1.1 ").unwrap()..];
                assert_eq!(ProblemKind::from_type(&problem(late).kind), Some(ProblemKind::InvalidRequest), "{late}");
                assert!(late.contains("connection: close") && late.contains("content-security-policy"), "{late}");
            }
        }
    });
    join_all(checks).await;
}

/// Sends some bytes at once and then these drops again and again, until the server closes the connection.
async fn answers_until_closed(app: &TestApp, sent: &str, drops: &str) -> String {
    let mut wire = Wire::open(app.address, sent).await;
    let (mut reader, mut writer) = wire.0.get_mut().split();
    let drip = async {
        let mut ticks = interval(Duration::from_millis(20));
        while !drops.is_empty() {
            ticks.tick().await;
            if writer.write_all(drops.as_bytes()).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await;
    };
    let mut answers = String::new();
    tokio::select! {
        // An error is a reset: the server has not read every drop.
        closed = timeout(SOON, reader.read_to_string(&mut answers)) => {
            assert!(closed.is_ok(), "{sent:?} {drops:?} stays open");
        }
        () = drip => {}
    }
    answers
}

/// A site with a file that is larger than all buffers between server and client.
fn site_with_large_file() -> TempDir {
    let directory = TempDir::new().unwrap();
    std::fs::write(directory.path().join("index.html"), "<!doctype html><title>page</title>").unwrap();
    std::fs::File::create(directory.path().join("large.bin")).unwrap().set_len(64 * 1024 * 1024).unwrap();
    directory
}

#[tokio::test]
async fn whoever_does_not_read_is_hung_up_on() {
    let site = site_with_large_file();
    let connections = ConnectionLimits { connections: 1, stall: SHORT, ..patient() };
    let app = TestApp::start(Setup { site: Some(site.path().to_owned()), connections, ..Setup::default() }).await;
    let mut lazy = Wire::open(app.address, &get("/large.bin")).await;
    assert!(lazy.read_until("\r\n\r\n").await.starts_with("HTTP/1.1 200"));
    assert_eq!(ask(app.address, "/v1/shops").await.0, "503", "it holds the only connection");
    let freed = async { while ask(app.address, "/v1/shops").await.0 != "200" {} };
    timeout(SOON, freed).await.expect("the connection is free again");
}

#[tokio::test]
async fn an_answer_has_an_end_and_an_event_stream_has_none() {
    let site = site_with_large_file();
    let connections = ConnectionLimits { answer: SHORT, idle: SHORT, ..patient() };
    let setup = Setup { demo: true, site: Some(site.path().to_owned()), connections, ..Setup::default() };
    let app = TestApp::start(setup).await;
    let mut events = Events::open(&app, &app.sign_in("none").await, None).await;
    let mut slow = Wire::open(app.address, &get("/large.bin")).await.0;
    let mut drops = interval(Duration::from_millis(5));
    let (mut buffer, mut read) = (vec![0; 1024], 0);
    let closed = async {
        while let Ok(length @ 1..) = slow.read(&mut buffer).await {
            read += length;
            // Once the buffers are empty, the rest comes at once, up to where the server has stopped.
            if read < 256 * 1024 {
                drops.tick().await;
            }
        }
    };
    timeout(SOON, closed).await.expect("the answer ends");
    assert!(read < 64 * 1024 * 1024, "in the middle");
    // A connection that is opened now is idle for longer than its limit before the stream is used again.
    Wire::open(app.address, &get("/healthz")).await.rest().await;
    app.operator(&["programme", "put", "--id", "another", "--name", "卡", "--price-fen", "16800"]);
    assert_eq!(events.next().await.name, "programme");
}
