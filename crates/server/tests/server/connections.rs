//! Clients that take their time, and more connections than the server may have.

use std::{net::SocketAddr, time::Duration};

use crate::support::{Caller, Events, SOON, Setup, TestApp, process::Process};
use member_domain::wire::{Problem, ProblemKind};
use member_server::http::connections::ConnectionLimits;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

mod many;
mod times;

const SHOP: &str = "sh-wutongli-coffee";
/// A limit that no test reaches.
const LONG: Duration = Duration::from_mins(10);

/// Limits of which no time is reached.
fn patient() -> ConnectionLimits {
    ConnectionLimits { header: LONG, body: LONG, idle: LONG, stall: LONG, answer: LONG, ..ConnectionLimits::default() }
}

async fn demo(connections: ConnectionLimits) -> TestApp {
    TestApp::start(Setup { demo: true, connections, ..Setup::default() }).await
}

/// A connection whose bytes the test writes itself.
struct Wire(BufReader<TcpStream>);

impl Wire {
    async fn open(address: SocketAddr, bytes: &str) -> Self {
        let mut wire = Self(BufReader::with_capacity(1024, TcpStream::connect(address).await.unwrap()));
        wire.send(bytes).await;
        wire
    }

    /// Sends bytes. The server may have closed the connection.
    async fn send(&mut self, bytes: &str) {
        let _ = self.0.write_all(bytes.as_bytes()).await;
    }

    /// Reads until these bytes have come.
    async fn read_until(&mut self, end: &str) -> String {
        let mut read = Vec::new();
        while !read.ends_with(end.as_bytes()) {
            read.push(timeout(SOON, self.0.read_u8()).await.expect("more bytes").unwrap());
        }
        String::from_utf8(read).unwrap()
    }

    /// Reads until the server closes the connection.
    async fn rest(mut self) -> String {
        let mut read = Vec::new();
        // A reset is an end too: the server has closed the connection without reading all bytes.
        let _ = timeout(SOON, self.0.read_to_end(&mut read)).await.expect("the connection closes");
        String::from_utf8(read).unwrap()
    }
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: card.example\r\n\r\n")
}

/// Sends a request on a connection of its own, and returns the answer's status and text.
async fn ask(address: SocketAddr, path: &str) -> (String, String) {
    let request = get(path).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let answer = Wire::open(address, &request).await.rest().await;
    (answer.get(9..12).unwrap_or_default().to_owned(), answer)
}

/// The problem document of an answer.
fn problem(answer: &str) -> Problem {
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap_or_else(|_| panic!("{answer}"))
}

#[tokio::test]
async fn half_open_connections_make_room_for_requests() {
    const CONNECTIONS: usize = 16;
    let app = demo(ConnectionLimits { connections: CONNECTIONS, ..patient() }).await;
    let mut idle = Wire::open(app.address, &get("/healthz")).await;
    idle.read_until("ok").await;
    let mut half_open = Vec::new();
    for _ in 0..100 {
        half_open.push(Wire::open(app.address, "GET /").await);
    }
    assert_eq!(ask(app.address, "/v1/shops").await.0, "200");
    // One place was the idle connection's, one the request's.
    let mut kept = half_open.split_off(100 - (CONNECTIONS - 2));
    for closed in half_open {
        assert_eq!(closed.rest().await, "");
    }
    kept.push(idle);
    for mut open in kept {
        open.send("GET /healthz HTTP/1.1\r\nHost: card.example\r\nConnection: close\r\n\r\n").await;
        let answer = open.rest().await;
        assert!(!answer.is_empty(), "it was open");
    }
}

/// Begins a redemption and leaves its body for later.
async fn begun(app: &TestApp, till: &str) -> Wire {
    let mut wire = Wire::open(
        app.address,
        &format!(
            "POST /v1/redemptions HTTP/1.1\r\nHost: card.example\r\nAuthorization: Bearer {till}\r\nIdempotency-Key: 1\r\n\
             Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        ),
    )
    .await;
    assert_eq!(wire.read_until("\r\n\r\n").await, "HTTP/1.1 100 Continue\r\n\r\n");
    wire
}

#[tokio::test]
async fn while_all_connections_are_in_use_the_health_check_answers_and_nothing_else() {
    let app = demo(ConnectionLimits { connections: 8, ..patient() }).await;
    let Caller::Bearer(till) = app.terminal(SHOP).await else { panic!("a till has a token") };
    let mut streams = Vec::new();
    for persona in ["active", "ending", "none"] {
        let member = app.sign_in(persona).await;
        streams.push(Events::open(&app, &member, None).await);
        streams.push(Events::open(&app, &member, None).await);
    }
    // Two of the eight connections are not for streams.
    let refused = app.get("/v1/events").by(&app.sign_in("active").await).answer().await;
    assert_eq!(refused.any_problem(503).retry_after, Some(5));
    assert_eq!(refused.header("retry-after"), "5");
    let (mut first, _second) = (begun(&app, &till).await, begun(&app, &till).await);

    let mut more = Vec::new();
    for _ in 0..100 {
        more.push(Wire::open(app.address, "GET /").await);
        if more.len().is_multiple_of(25) {
            for path in ["/v1/shops", "/v1/me", "/R", "/nothing", "/healthz/"] {
                let (status, answer) = ask(app.address, path).await;
                assert_eq!(status, "503", "{path}");
                assert_eq!((problem(&answer).status, problem(&answer).retry_after), (503, Some(5)));
                for header in ["retry-after: 5", "connection: close", "content-security-policy", "no-store"] {
                    assert!(answer.contains(header), "{path}: {answer}");
                }
            }
            let (status, answer) = ask(app.address, "/healthz").await;
            assert!(status == "200" && answer.ends_with("ok"), "{answer}");
        }
    }
    // The request that was refused here is not on a connection that stays.
    let asked = Wire::open(app.address, &get("/healthz")).await.rest().await;
    assert!(asked.contains("connection: close"), "{asked}");

    first.send("{}").await;
    assert!(first.read_until("}").await.starts_with("HTTP/1.1 422"));
    assert_eq!(ask(app.address, "/v1/shops").await.0, "200", "one connection is idle and makes room");
    app.operator(&["programme", "put", "--id", "another", "--name", "卡", "--price-fen", "16800"]);
    for stream in &mut streams {
        assert_eq!(stream.next().await.name, "programme", "no stream was closed");
    }
}

#[tokio::test]
async fn sessions_and_members_have_a_limit_of_streams() {
    let limits = ConnectionLimits { streams_a_session: 2, streams_a_member: 3, ..patient() };
    let app = demo(limits).await;
    let (first, second) = (app.sign_in("active").await, app.sign_in("active").await);
    let other = app.sign_in("ending").await;
    let mut open = Vec::new();
    for (session, detail) in [
        (&first, None),
        (&first, None),
        (&first, Some("this session has 2 open event streams already: close some")),
        (&second, None),
        (&second, Some("this member has 3 open event streams already: close some")),
        (&other, None),
        (&other, None),
        (&other, Some("this session has 2 open event streams already: close some")),
    ] {
        let Some(detail) = detail else {
            open.push(Events::open(&app, session, None).await);
            continue;
        };
        let refused = app.get("/v1/events").by(session).answer().await;
        let problem = refused.problem(ProblemKind::RateLimited);
        assert_eq!((problem.detail.as_deref(), problem.retry_after), (Some(detail), Some(60)));
        assert_eq!(refused.header("retry-after"), "60");
    }
    app.me(&first).await;
    // The server notices soon that a stream was closed.
    open.remove(0);
    let again = async { while app.get("/v1/events").by(&second).send().await.status() != 200 {} };
    timeout(SOON, again).await.expect("one more stream is open");
}

#[tokio::test]
async fn a_stopping_server_closes_connections_that_ask_for_nothing() {
    let app = demo(patient()).await;
    let mut idle = Wire::open(app.address, &get("/healthz")).await;
    idle.read_until("ok").await;
    let silent = Wire::open(app.address, "").await;
    // The silent connection has been accepted by now: connections are accepted in their order.
    assert_eq!(ask(app.address, "/healthz").await.0, "200");
    // Open requests get five seconds to finish. Nobody waits for connections without one.
    let all = async { tokio::join!(idle.rest(), silent.rest(), app.stop()) };
    let (idle, silent, ()) = timeout(Duration::from_secs(4), all).await.expect("the server stops at once");
    assert_eq!((idle, silent), (String::new(), String::new()));
}

/// With 1,024 open files, as many half-open connections used to stop everything.
#[tokio::test]
async fn a_low_limit_of_open_files_lowers_the_number_of_connections() {
    many::raise_file_limit();
    let server = Process::start_after("ulimit -Sn 256; ulimit -Hn 2000", "info", &["--max-connections", "5000"]);
    let limits = server.proc("limits");
    let files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    assert_eq!(
        files.split_whitespace().skip(3).take(2).collect::<Vec<_>>(),
        ["2000", "2000"],
        "the soft limit is raised"
    );
    let mut half_open = Vec::new();
    for _ in 0..2_100 {
        half_open.push(Wire::open(server.address(), "GET / HTTP/1.1\r\nHost").await);
    }
    assert_eq!(ask(server.address(), "/healthz").await.0, "200");
    assert_eq!(ask(server.address(), "/v1/shops").await.0, "200");
    let log = server.end();
    assert!(log.contains("LimitNOFILE") && log.contains("5000 connections"), "{log}");
    assert!(!log.contains("cannot accept"), "{log}");
}
