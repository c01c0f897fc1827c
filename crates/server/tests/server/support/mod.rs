//! A real server for every test: its own `SQLite` file, HTTP over loopback, and a clock that the test moves.

#![allow(dead_code, reason = "every test file uses its own part of this")]

pub(crate) mod counter;
pub(crate) mod process;
pub(crate) mod provider;
pub(crate) mod refunds;
pub(crate) mod staff;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use member_domain::{
    CivilDate, TimeStep, Totp, TotpPeriod, UnixMillis, truncate,
    wire::{CredentialAnswer, LedgerPage, MeAnswer, Problem, ProblemKind, Receipt, Shop, ShopPage},
};
use member_server::{
    clock::{Clock, NOW_VARIABLE},
    http::{
        connections::ConnectionLimits,
        origin::{FrameAncestor, Origin},
    },
    open_database,
    refunds::webhook::WebhookSecrets,
    serve::{Server, Settings},
};
use member_storage::{Database, inspect::Rows};
use reqwest::{Method, RequestBuilder, header::HeaderMap, redirect::Policy};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::Sha256;
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

pub(crate) const SECOND: i64 = 1_000;
pub(crate) const HOUR: i64 = 3_600 * SECOND;
pub(crate) const DAY: i64 = 24 * HOUR;
/// One step of the default period.
pub(crate) const STEP: i64 = 30 * SECOND;

/// How long a test waits for an event that should come at once.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// The date of most tests: a Friday.
pub(crate) fn today() -> CivilDate {
    "2026-11-20".parse().unwrap()
}

/// 12:00:10 in Shanghai on that day: ten seconds into a time step.
pub(crate) fn noon() -> UnixMillis {
    today().start_in_shanghai().plus_millis(12 * HOUR + 10 * SECOND)
}

/// The sender of a request.
#[derive(Clone)]
pub(crate) enum Caller {
    /// A browser with a session cookie, as `name=value`.
    Cookie(String),
    /// A host app or a terminal.
    Bearer(String),
}

/// The settings of a server.
pub(crate) struct Setup {
    pub(crate) demo: bool,
    pub(crate) site: Option<PathBuf>,
    pub(crate) public_origin: Option<String>,
    pub(crate) offline_millis: i64,
    pub(crate) terminal_limit: u32,
    pub(crate) refund_event_secrets: WebhookSecrets,
    pub(crate) allowed_origins: Vec<Origin>,
    pub(crate) frame_ancestors: Vec<FrameAncestor>,
    pub(crate) retire_service_worker: bool,
    pub(crate) connections: ConnectionLimits,
    pub(crate) now: UnixMillis,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            demo: false,
            site: None,
            public_origin: None,
            offline_millis: 72 * HOUR,
            terminal_limit: 600,
            refund_event_secrets: WebhookSecrets::default(),
            allowed_origins: Vec::new(),
            frame_ancestors: Vec::new(),
            retire_service_worker: false,
            connections: ConnectionLimits::default(),
            now: noon(),
        }
    }
}

/// A running server.
pub(crate) struct TestApp {
    pub(crate) clock: Clock,
    pub(crate) database: Database,
    pub(crate) address: SocketAddr,
    client: reqwest::Client,
    stop: oneshot::Sender<()>,
    running: JoinHandle<anyhow::Result<()>>,
    directory: Arc<TempDir>,
}

impl TestApp {
    /// Starts a server with demo data.
    pub(crate) async fn demo() -> Self {
        Self::start(Setup { demo: true, ..Setup::default() }).await
    }

    /// Starts a server with an empty database.
    pub(crate) async fn empty() -> Self {
        Self::start(Setup::default()).await
    }

    /// Starts a server with these shops and no other data.
    pub(crate) async fn with_shops(csv: &str) -> Self {
        let app = Self::empty().await;
        member_server::import_shops(&app.database, csv.as_bytes()).await.unwrap();
        app
    }

    pub(crate) async fn start(setup: Setup) -> Self {
        let clock = Clock::manual(setup.now);
        Self::serve(Arc::new(TempDir::new().unwrap()), setup, clock).await
    }

    /// Starts a server with demo data and this clock.
    pub(crate) async fn demo_by(clock: Clock) -> Self {
        Self::serve(Arc::new(TempDir::new().unwrap()), Setup { demo: true, ..Setup::default() }, clock).await
    }

    /// Starts a server on the database that is already in this directory.
    pub(crate) async fn on(directory: TempDir) -> Self {
        Self::serve(Arc::new(directory), Setup::default(), Clock::manual(noon())).await
    }

    /// Starts another server on the same database and clock, with its own connections, like another process.
    pub(crate) async fn beside(&self) -> Self {
        Self::serve(Arc::clone(&self.directory), Setup::default(), self.clock.clone()).await
    }

    async fn serve(directory: Arc<TempDir>, setup: Setup, clock: Clock) -> Self {
        let database = open_database(&database_in(directory.path())).unwrap();
        let settings = Settings {
            listen: "127.0.0.1:0".parse().unwrap(),
            site: setup.site,
            public_origin: setup.public_origin,
            offline_millis: setup.offline_millis,
            code_period: member_domain::TotpPeriod::DEFAULT,
            terminal_limit: setup.terminal_limit,
            refund_event_secrets: setup.refund_event_secrets,
            allowed_origins: setup.allowed_origins,
            frame_ancestors: setup.frame_ancestors,
            retire_service_worker: setup.retire_service_worker,
            demo: setup.demo,
            connections: setup.connections,
            clock: clock.clone(),
        };
        let server = Server::bind(database.clone(), settings).await.unwrap();
        let address = server.address();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server.run(async move {
            // A failed test drops the sender, which ends this wait with an error. The server stops then too.
            let _ = stopped.await;
        }));
        // No proxy: a proxy from the environment could not reach this loopback address.
        let client = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { clock, database, address, client, stop, running, directory }
    }

    /// Stops the server as a signal would, and waits until it has stopped.
    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        tokio::time::timeout(SOON, self.running).await.expect("the server stops").unwrap().unwrap();
    }

    pub(crate) fn now(&self) -> UnixMillis {
        self.clock.now()
    }

    /// The database's file, for commands in another process.
    pub(crate) fn database_file(&self) -> PathBuf {
        database_in(self.directory.path())
    }

    /// The database's rows, over a new connection.
    pub(crate) fn rows(&self) -> Rows {
        Rows::open(&self.database_file())
    }

    /// Runs `member-server` on this server's database and clock, like an operator. It must succeed.
    pub(crate) fn operator(&self, arguments: &[&str]) -> String {
        operator(&self.database_file(), self.now(), arguments)
    }

    /// Runs `member-server` on this server's database and clock. It may fail.
    pub(crate) fn member_server(&self, arguments: &[&str]) -> Output {
        let url = format!("sqlite://{}", self.database_file().display());
        member_server(self.now(), &[arguments, &["--database", &url]].concat())
    }

    pub(crate) fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    pub(crate) fn call(&self, method: Method, path: &str) -> Call {
        Call(self.client.request(method, format!("http://{}{path}", self.address)))
    }

    /// Signs in as a demo persona.
    pub(crate) async fn sign_in(&self, persona: &str) -> Caller {
        let answer = self.get(&format!("/demo/{persona}")).answer().await.expect(303);
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        Caller::Cookie(cookie)
    }

    /// A terminal of this demo shop.
    pub(crate) async fn terminal(&self, shop: &str) -> Caller {
        let answer = self.get(&format!("/demo/terminal/{shop}")).answer().await.expect(200);
        Caller::Bearer(answer.json::<Value>()["token"].as_str().unwrap().to_owned())
    }

    /// Enrols a device of this member.
    pub(crate) async fn enrol(&self, member: &Caller) -> Device {
        Device::new(self.post("/v1/credentials").by(member).answer().await.expect(201).json())
    }

    pub(crate) async fn me(&self, member: &Caller) -> MeAnswer {
        self.get("/v1/me").by(member).answer().await.expect(200).json()
    }

    pub(crate) async fn ledger(&self, member: &Caller) -> LedgerPage {
        self.get("/v1/redemptions").by(member).answer().await.expect(200).json()
    }

    pub(crate) async fn shops(&self, query: &str) -> ShopPage {
        self.get(&format!("/v1/shops?{query}")).answer().await.expect(200).json()
    }

    /// All shops of a list, page by page.
    pub(crate) async fn all_shops(&self, query: &str) -> Vec<Shop> {
        let mut shops = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.shops(&format!("{query}&limit=100{cursor}")).await;
            assert!(!page.shops.is_empty() || cursor.is_empty(), "{query}: an empty page behind a full one");
            shops.extend(page.shops);
            match page.next_cursor {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return shops,
            }
        }
    }

    /// Sends a terminal's request to redeem `code`.
    pub(crate) async fn redeem(&self, terminal: &Caller, key: &str, code: &str, bill_fen: i64) -> Answer {
        let body = json!({ "code": code, "billFen": bill_fen });
        self.post("/v1/redemptions").by(terminal).header("Idempotency-Key", key).json(&body).answer().await
    }

    /// Redeems the code that `device` shows now. It must succeed.
    pub(crate) async fn redeem_now(&self, terminal: &Caller, key: &str, device: &Device, bill_fen: i64) -> Receipt {
        self.redeem(terminal, key, &device.code_at(self.now()), bill_fen).await.expect(201).json()
    }
}

fn database_in(directory: &Path) -> PathBuf {
    directory.join("members.sqlite")
}

/// The `member-server` binary, with a clock that starts at `now`.
pub(crate) fn member_server_command(now: UnixMillis) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_member-server"));
    command.env(NOW_VARIABLE, now.0.to_string());
    command
}

/// Runs the `member-server` binary at `now`.
pub(crate) fn member_server(now: UnixMillis, arguments: &[&str]) -> Output {
    member_server_command(now).args(arguments).output().unwrap()
}

/// Runs `member-server` on this database file at `now` and returns its output, trimmed. It must succeed.
pub(crate) fn operator(database: &Path, now: UnixMillis, arguments: &[&str]) -> String {
    let url = format!("sqlite://{}", database.display());
    let output = member_server(now, &[arguments, &["--database", &url]].concat());
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    printed.strip_prefix('\u{feff}').unwrap_or(&printed).trim().to_owned()
}

/// A request before it is sent.
pub(crate) struct Call(RequestBuilder);

impl Call {
    pub(crate) fn by(self, caller: &Caller) -> Self {
        match caller {
            Caller::Cookie(cookie) => self.header("cookie", cookie),
            Caller::Bearer(token) => self.header("authorization", &format!("Bearer {token}")),
        }
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        Self(self.0.json(body))
    }

    pub(crate) fn body(self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.header("content-type", content_type).body(body))
    }

    /// Sends the request and reads the complete answer.
    pub(crate) async fn answer(self) -> Answer {
        let response = self.send().await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = tokio::time::timeout(SOON, response.bytes()).await.expect("the body ends").unwrap().to_vec();
        Answer { status, headers, body }
    }

    /// Sends the request and leaves the body to the caller.
    pub(crate) async fn send(self) -> reqwest::Response {
        tokio::time::timeout(SOON, self.0.send()).await.expect("the server answers").unwrap()
    }
}

/// A complete answer.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The header's value; empty if the header is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    /// The answer as a problem document of this kind, with the matching status.
    #[track_caller]
    pub(crate) fn problem(&self, kind: ProblemKind) -> Problem {
        let problem = self.any_problem(kind.status());
        assert_eq!(ProblemKind::from_type(&problem.kind), Some(kind), "{problem:?}");
        problem
    }

    /// The answer as a problem document with this status.
    #[track_caller]
    pub(crate) fn any_problem(&self, status: u16) -> Problem {
        let shown = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{shown}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{shown}");
        assert_eq!(self.header("cache-control"), "no-store", "{shown}");
        let problem: Problem = self.json();
        assert_eq!(problem.status, status);
        if status == 401 {
            assert_eq!(self.header("www-authenticate"), "Bearer");
        }
        problem
    }

    /// The answer as an `invalid-request` problem about this field.
    #[track_caller]
    pub(crate) fn invalid(&self, field: &str) -> Problem {
        let problem = self.problem(ProblemKind::InvalidRequest);
        assert_eq!(problem.field.as_deref(), Some(field), "{problem:?}");
        problem
    }
}

/// An enrolled device. It computes its codes from the answer alone, as the page does.
pub(crate) struct Device {
    pub(crate) answer: CredentialAnswer,
}

impl Device {
    pub(crate) fn new(answer: CredentialAnswer) -> Self {
        Self { answer }
    }

    pub(crate) fn key(&self) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(&self.answer.key.k).unwrap()
    }

    fn totp(&self, step: TimeStep) -> Totp {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key()).unwrap();
        mac.update(&step.message());
        truncate(&mac.finalize().into_bytes(), self.answer.totp_details.value_length)
    }

    /// The 20 digits shown during `step`.
    pub(crate) fn code(&self, step: TimeStep) -> String {
        format!("66{}{}", self.answer.number.as_str(), self.totp(step).to_digits())
    }

    pub(crate) fn code_at(&self, now: UnixMillis) -> String {
        self.code(self.step(now))
    }

    /// The text in the QR.
    pub(crate) fn qr_at(&self, now: UnixMillis) -> String {
        self.answer.value_pattern.render(self.totp(self.step(now)))
    }

    pub(crate) fn step(&self, now: UnixMillis) -> TimeStep {
        TimeStep::at(now, self.period())
    }

    fn period(&self) -> TotpPeriod {
        self.answer.totp_details.period_millis
    }
}

/// An event stream, read event by event.
pub(crate) struct Events {
    /// The position after which the stream reports changes.
    pub(crate) stands_at: i64,
    response: reqwest::Response,
    read: String,
}

/// One server-sent event.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ReceivedEvent {
    pub(crate) name: String,
    pub(crate) id: Option<i64>,
    pub(crate) data: Value,
}

impl Events {
    /// Opens the stream and reads its `hello`. From then on no event is missed.
    pub(crate) async fn open(app: &TestApp, member: &Caller, last_event_id: Option<i64>) -> Self {
        let mut call = app.get("/v1/events").by(member);
        if let Some(id) = last_event_id {
            call = call.header("last-event-id", &id.to_string());
        }
        let response = call.send().await;
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let mut events = Self { stands_at: 0, response, read: String::new() };
        let hello = events.next().await;
        assert_eq!(hello.name, "hello");
        events.stands_at = hello.id.unwrap();
        events
    }

    /// The next event; fails if none comes within two seconds.
    pub(crate) async fn next(&mut self) -> ReceivedEvent {
        let next = tokio::time::timeout(Duration::from_secs(2), self.next_or_end()).await;
        next.expect("an event within two seconds").expect("the stream goes on")
    }

    /// The next event, or `None` when the stream has ended.
    pub(crate) async fn next_or_end(&mut self) -> Option<ReceivedEvent> {
        loop {
            if let Some(end) = self.read.find("\n\n") {
                let block: String = self.read.drain(..end + 2).collect();
                // A comment keeps the connection open and is not an event.
                if block.lines().any(|line| line.starts_with("data:")) {
                    return Some(event(&block));
                }
                continue;
            }
            let chunk = self.response.chunk().await.unwrap()?;
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

fn event(block: &str) -> ReceivedEvent {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    ReceivedEvent {
        name: field("event").unwrap_or("message").to_owned(),
        id: field("id").map(|id| id.parse().unwrap()),
        data: serde_json::from_str(field("data").unwrap()).unwrap(),
    }
}
