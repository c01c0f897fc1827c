//! The server is killed again and again while tills redeem. Every confirmed redemption is there once, and
//! stays.
//!
//! Runs the real binary on the real clock. Kills happen at counts of confirmed redemptions, not at times, so
//! that a slow machine sees as many of them as a fast one.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::support::{DAY, Device, operator};
use futures_util::{
    FutureExt,
    future::{join_all, try_join_all},
};
use member_domain::{
    UnixMillis,
    wire::{CredentialAnswer, Problem, ProblemKind, Receipt},
};
use member_server::clock::Clock;
use member_storage::{cells, inspect::Rows};
use reqwest::RequestBuilder;
use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::sync::Notify;

const MEMBERS: usize = 1_000;
/// One client per terminal. Each redeems for its own share of the members, so no terminal comes near its rate
/// limit.
const TERMINALS: usize = 20;
const KILLS: usize = 24;
/// Every bill is one fen more than the previous one: a lost or doubled bill changes the sum.
const FIRST_BILL: i64 = 1_000;
/// A server without an answer for this long hangs, however slow the machine is.
const PATIENCE: Duration = Duration::from_mins(2);

/// A real server on a database file, which can be killed and started again at the same address.
struct Victim {
    directory: TempDir,
    address: SocketAddr,
    process: Child,
}

impl Victim {
    fn start() -> Self {
        let directory = TempDir::new().unwrap();
        fs::write(directory.path().join("index.html"), "<!doctype html><title>page</title>").unwrap();
        let address = free_address();
        let process = spawn(directory.path(), address);
        Self { directory, address, process }
    }

    fn database(&self) -> PathBuf {
        database_in(self.directory.path())
    }

    /// SIGKILL: the process runs no code after it.
    fn kill(&mut self) {
        assert!(self.process.try_wait().unwrap().is_none(), "the server ended by itself:\n{}", self.log());
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn restart(&mut self) {
        self.process = spawn(self.directory.path(), self.address);
    }

    fn log(&self) -> String {
        fs::read_to_string(log_in(self.directory.path())).unwrap_or_default()
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn database_in(directory: &Path) -> PathBuf {
    directory.join("members.sqlite")
}

fn log_in(directory: &Path) -> PathBuf {
    directory.join("log")
}

fn spawn(directory: &Path, address: SocketAddr) -> Child {
    let log: File = OpenOptions::new().create(true).append(true).open(log_in(directory)).unwrap();
    Command::new(env!("CARGO_BIN_EXE_member-server"))
        .args(["serve", "--listen", &address.to_string(), "--site"])
        .arg(directory)
        .args(["--database", &format!("sqlite://{}", database_in(directory).display())])
        .env("RUST_LOG", "warn")
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap()
}

/// An address below the ports that the system assigns to clients. There, a client that tries the dead
/// server's port could be assigned that same port and keep it.
fn free_address() -> SocketAddr {
    let start = 20_000 + u16::try_from(random(5_000)).unwrap();
    let address = (start..start + 5_000).map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
    address.into_iter().find(|address| TcpListener::bind(address).is_ok()).expect("a free port")
}

fn random(below: usize) -> usize {
    usize::try_from(getrandom::u32().unwrap()).unwrap() % below
}

/// Fills the database by commands: programme, shop, members with cards. The members' sessions go directly
/// into the table, since the command signs in one member per call. Returns the members' tokens.
fn fill(victim: &Victim) -> Vec<String> {
    let file = |name: &str, csv: String| {
        let path = victim.directory.path().join(name);
        fs::write(&path, csv).unwrap();
        path.to_str().unwrap().to_owned()
    };
    // The server uses the machine's clock across its restarts, so the commands do too.
    let (database, now) = (victim.database(), Clock::System.now());
    operator(&database, now, &["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "16800"]);
    let shops = "id,name,category,city,lng,lat,coord_system\nshop,店,coffee,shanghai,121.4,31.2,gcj02\n";
    operator(&database, now, &["import", "shops", &file("shops.csv", shops.to_owned())]);
    let rows: String = (0..MEMBERS).map(|index| format!("m{index},会员{index},{index:012},p\n")).collect();
    operator(
        &database,
        now,
        &["import", "members", &file("members.csv", format!("id,name,card_number,programme\n{rows}"))],
    );

    let expires_at = now.0 + DAY;
    let tokens: Vec<String> = (0..MEMBERS).map(|index| format!("{index}-{}", getrandom::u64().unwrap())).collect();
    Rows::open(&database).together(|rows| {
        let sql = "INSERT INTO sessions (token_hash, member_id, expires_at) VALUES (?1, ?2, ?3)";
        for (index, token) in tokens.iter().enumerate() {
            let hash: [u8; 32] = Sha256::digest(token).into();
            rows.run(sql, cells![hash, format!("m{index}"), expires_at]);
        }
    });
    tokens
}

/// A confirmed redemption as the till knows it.
struct Confirmed {
    key: String,
    code: String,
    bill_fen: i64,
    receipt: Receipt,
}

/// Counts of what happened, for the record.
#[derive(Default)]
struct Counts {
    confirmed: AtomicUsize,
    /// Notifies at each confirmed redemption.
    heard: Notify,
    no_answer: AtomicUsize,
    recovered: AtomicUsize,
    expired: AtomicUsize,
}

/// A definite answer, and the start time of the try that got it.
struct Heard {
    asked_at: UnixMillis,
    status: u16,
    body: Vec<u8>,
}

impl Heard {
    fn read<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}: {}", self.status, String::from_utf8_lossy(&self.body)))
    }

    fn receipt(&self) -> Receipt {
        assert_eq!(self.status, 201, "{}", String::from_utf8_lossy(&self.body));
        self.read()
    }

    fn kind(&self) -> ProblemKind {
        let problem: Problem = self.read();
        ProblemKind::from_type(&problem.kind).unwrap_or_else(|| panic!("{problem:?}"))
    }
}

/// A shop's till with a bad network.
#[derive(Clone)]
struct Till {
    http: reqwest::Client,
    address: SocketAddr,
    token: String,
    counts: Arc<Counts>,
}

impl Till {
    fn post(&self, path: &str, token: &str) -> RequestBuilder {
        self.http.post(format!("http://{}{path}", self.address)).bearer_auth(token)
    }

    /// One try. Returns `None` if no complete answer came within `limit`.
    async fn attempt(&self, key: &str, code: &str, bill_fen: i64, limit: Duration) -> Option<Heard> {
        let asked_at = Clock::System.now();
        let body = json!({ "code": code, "billFen": bill_fen });
        let call = self.post("/v1/redemptions", &self.token).header("Idempotency-Key", key).json(&body);
        let answer = async {
            let response = call.send().await.ok()?;
            let status = response.status().as_u16();
            Some(Heard { asked_at, status, body: response.bytes().await.ok()?.to_vec() })
        };
        tokio::time::timeout(limit, answer).await.ok()?
    }

    /// Retries under the same key until there is a definite answer. One in four first tries hangs up after a
    /// few milliseconds, like a till with a bad network: its outcome is unknown, as with a killed server.
    async fn insist(&self, key: &str, code: &str, bill_fen: i64) -> Heard {
        let since = Instant::now();
        let hasty = Duration::from_micros(u64::try_from(random(20_000)).unwrap());
        let mut limit = if random(4) == 0 { hasty } else { PATIENCE };
        loop {
            match self.attempt(key, code, bill_fen, limit).await {
                // Status 429 is not an outcome.
                Some(Heard { status: 429, .. }) => {}
                Some(answer) => return answer,
                None => {
                    self.counts.no_answer.fetch_add(1, Ordering::Relaxed);
                }
            }
            assert!(since.elapsed() < PATIENCE, "no answer to {key}");
            limit = PATIENCE;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Redeems one code of this device. Takes the next code, under a new key, only after a definite refusal
    /// as expired.
    async fn redeem(&self, device: &Device, bill_fen: i64) -> Confirmed {
        for try_number in 0.. {
            let key = format!("{} {try_number}", device.answer.number.as_str());
            let code = device.code_at(Clock::System.now());
            let heard = self.insist(&key, &code, bill_fen).await;
            if heard.status == 201 {
                let receipt = heard.receipt();
                self.counts.confirmed.fetch_add(1, Ordering::Relaxed);
                self.counts.heard.notify_one();
                if receipt.redeemed_at < heard.asked_at {
                    self.counts.recovered.fetch_add(1, Ordering::Relaxed);
                }
                return Confirmed { key, code, bill_fen, receipt };
            }
            assert_eq!(heard.kind(), ProblemKind::CodeExpired);
            self.counts.expired.fetch_add(1, Ordering::Relaxed);
        }
        unreachable!("numbers do not end")
    }

    /// Redeems for every device, and tries some of the codes again under another key.
    async fn serve_all(self, devices: Vec<(Device, i64)>) -> Vec<Confirmed> {
        let mut confirmed = Vec::new();
        for (device, bill_fen) in devices {
            let redeemed = self.redeem(&device, bill_fen).await;
            if random(8) == 0 {
                let again = self.insist(&format!("{} again", redeemed.key), &redeemed.code, bill_fen).await;
                assert_eq!(again.kind(), ProblemKind::CodeUsed);
            }
            confirmed.push(redeemed);
        }
        confirmed
    }
}

/// Kills and restarts the server at random counts of confirmed redemptions, spread over all of them. Half of
/// the kills come at the moment a till gets a confirmation, which must be on the disk by then. The others
/// come a little later.
async fn kill_often(victim: &mut Victim, counts: &Counts) {
    const APART: usize = MEMBERS / (KILLS + 1);
    for kill in 1..=KILLS {
        let at = kill * APART + random(APART / 2);
        while counts.confirmed.load(Ordering::Relaxed) < at {
            let heard = tokio::time::timeout(PATIENCE, counts.heard.notified()).await;
            assert!(heard.is_ok(), "no progress before kill {kill}:\n{}", victim.log());
        }
        if kill.is_multiple_of(2) {
            tokio::time::sleep(Duration::from_micros(u64::try_from(random(10_000)).unwrap())).await;
        }
        victim.kill();
        victim.restart();
    }
}

async fn answers(http: &reqwest::Client, victim: &Victim) {
    let since = Instant::now();
    while http.get(format!("http://{}/healthz", victim.address)).send().await.is_err() {
        assert!(since.elapsed() < PATIENCE, "the server does not start:\n{}", victim.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn enrol(till: &Till, members: Vec<String>) -> Vec<Device> {
    let mut devices = Vec::new();
    for token in members {
        let response = till.post("/v1/credentials", &token).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 201);
        devices.push(Device::new(response.json::<CredentialAnswer>().await.unwrap()));
    }
    devices
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_again_and_again_the_server_confirms_1000_codes_once_each() {
    let mut victim = Victim::start();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    answers(&http, &victim).await;
    let members = fill(&victim);
    let counts = Arc::new(Counts::default());
    let tills: Vec<Till> = (0..TERMINALS)
        .map(|_| Till {
            http: http.clone(),
            address: victim.address,
            token: operator(&victim.database(), Clock::System.now(), &["terminal", "add", "shop"]),
            counts: Arc::clone(&counts),
        })
        .collect();
    let shares = members.chunks(MEMBERS.div_ceil(TERMINALS)).map(<[String]>::to_vec);
    let devices = join_all(tills.iter().zip(shares).map(|(till, share)| enrol(till, share))).await;

    let since = Instant::now();
    let mut bills = FIRST_BILL..;
    let mut start = |(till, devices): (&Till, Vec<Device>)| {
        let billed = devices.into_iter().zip(&mut bills).collect();
        tokio::spawn(till.clone().serve_all(billed))
    };
    let serving: Vec<_> = tills.iter().zip(devices).map(&mut start).collect();
    // Both run together, so that a till that fails ends the test at once.
    let killing = kill_often(&mut victim, &counts).map(Ok);
    let (served, ()) = tokio::try_join!(try_join_all(serving), killing).unwrap();
    // One more kill, after the last answer.
    victim.kill();
    victim.restart();
    eprintln!(
        "{} confirmed in {:?} with {} kills; {} tries without an answer, {} receipts after one, {} codes expired",
        counts.confirmed.load(Ordering::Relaxed),
        since.elapsed(),
        KILLS + 1,
        counts.no_answer.load(Ordering::Relaxed),
        counts.recovered.load(Ordering::Relaxed),
        counts.expired.load(Ordering::Relaxed),
    );

    // Every key still gets its receipt.
    answers(&http, &victim).await;
    let replays = tills.iter().zip(&served).map(|(till, confirmed)| async move {
        for Confirmed { key, code, bill_fen, receipt } in confirmed {
            assert_eq!(till.insist(key, code, *bill_fen).await.receipt(), *receipt);
        }
    });
    join_all(replays).await;

    let confirmed: Vec<Confirmed> = served.into_iter().flatten().collect();
    assert_eq!(confirmed.len(), MEMBERS);
    victim.kill();
    assert_held(&Rows::open(&victim.database()), &confirmed);
}

/// The database holds exactly the redemptions that the tills know.
fn assert_held(rows: &Rows, confirmed: &[Confirmed]) {
    let number = |sql: &str| rows.one::<i64>(sql, cells![]);
    assert_eq!(rows.all::<String>("PRAGMA integrity_check", cells![]), ["ok"]);

    let sql = "SELECT id, bill_fen, saved_fen, redeemed_at FROM redemptions";
    let held = rows.all(sql, cells![]).into_iter();
    let held: BTreeMap<String, (i64, i64, i64)> = held.map(|(id, bill, saved, at)| (id, (bill, saved, at))).collect();
    let known = confirmed.iter().map(|Confirmed { bill_fen, receipt, .. }| {
        let (bill, saved, payable) = (receipt.bill_fen.0, receipt.saved_fen.0, receipt.payable_fen.0);
        assert_eq!((bill, saved, payable), (*bill_fen, bill_fen / 10, bill_fen - bill_fen / 10));
        (receipt.id.clone(), (bill, saved, receipt.redeemed_at.0))
    });
    assert!(held == known.collect(), "the database holds exactly the receipts that were given");

    let total = i64::try_from(MEMBERS).unwrap();
    assert_eq!(number("SELECT count(*) FROM redemptions"), total);
    assert_eq!(number("SELECT sum(bill_fen) FROM redemptions"), total * (2 * FIRST_BILL + total - 1) / 2);
    assert_eq!(number("SELECT count(DISTINCT credential_number) FROM redemptions"), total, "one code a device");
    assert_eq!(number("SELECT count(*) FROM idempotency_keys WHERE redemption_id IS NOT NULL"), total);
    assert_eq!(number("SELECT count(*) FROM changes WHERE kind = 'redemption'"), total, "pages are told once");
}
