//! Ten thousand event streams at once, in a server process whose memory is measured.

use std::time::Duration;

use crate::{
    connections::{LONG, Wire, ask},
    support::{DAY, operator, process::Process},
};
use futures_util::{StreamExt, stream};
use member_domain::UnixMillis;
use member_server::clock::Clock;
use member_storage::{cells, inspect::Rows};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use sha2::{Digest, Sha256};
use tokio::time::timeout;

const STREAMS: usize = 10_000;
/// The memory of an idle stream, in kB.
const MEMORY: usize = 20;
/// Files of the test or the server that are not connections.
const OTHER_FILES: usize = 600;
const MEMBERS: usize = 500;
const SESSIONS_A_MEMBER: usize = 3;
/// How many streams open at the same time.
const AT_ONCE: usize = 64;

/// Raises the number of files that this process may open, as far as the system allows, and returns it.
pub(super) fn raise_file_limit() -> usize {
    let maximum = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
    maximum.map_or(usize::MAX, |maximum| usize::try_from(maximum).unwrap())
}

/// Adds members with sessions, and returns their tokens. Neighbours in the list belong to different members.
fn sign_in_many(server: &Process, now: UnixMillis) -> Vec<String> {
    let members = server.directory().join("members.csv");
    let rows: String = (0..MEMBERS).map(|index| format!("m{index},会员{index}\n")).collect();
    std::fs::write(&members, format!("id,name\n{rows}")).unwrap();
    operator(&server.database_file(), now, &["import", "members", members.to_str().unwrap()]);
    let tokens: Vec<String> = (0..MEMBERS * SESSIONS_A_MEMBER).map(|index| format!("token {index}")).collect();
    Rows::open(&server.database_file()).together(|rows| {
        let sql = "INSERT INTO sessions (token_hash, member_id, expires_at) VALUES (?1, ?2, ?3)";
        for (index, token) in tokens.iter().enumerate() {
            let hash: [u8; 32] = Sha256::digest(token).into();
            rows.run(sql, cells![hash, format!("m{}", index % MEMBERS), now.0 + DAY]);
        }
    });
    tokens
}

/// Opens so many streams, and reads the `hello` of each.
async fn open(server: &Process, tokens: &[String], many: usize) -> Vec<Wire> {
    let one = |index: usize| async move {
        let token = &tokens[index % tokens.len()];
        let request = format!("GET /v1/events HTTP/1.1\r\nHost: card.example\r\nAuthorization: Bearer {token}\r\n\r\n");
        let mut stream = Wire::open(server.address(), &request).await;
        let hello = stream.read_until("data: {}\n\n").await;
        assert!(hello.starts_with("HTTP/1.1 200") && hello.contains("event: hello"), "{hello}");
        stream
    };
    stream::iter(0..many).map(one).buffer_unordered(AT_ONCE).collect().await
}

#[tokio::test]
async fn ten_thousand_streams_are_open_at_once_and_each_takes_at_most_20_kb() {
    let files = raise_file_limit();
    // Three quarters of the connections may be streams.
    let connections = (STREAMS * 4 / 3 + 100).min(files - OTHER_FILES);
    let streams = STREAMS.min(connections * 3 / 4);
    if streams < STREAMS {
        eprintln!("this system allows {files} open files, so the test opens {streams} streams instead of {STREAMS}");
    }
    let server = Process::start_after(":", "warn", &["--max-connections", &connections.to_string()]);
    let now = Clock::System.now();
    let tokens = sign_in_many(&server, now);
    // Opens every connection to the database, and fills the caches.
    drop(open(&server, &tokens, 2 * AT_ONCE).await);
    let before = server.memory();

    let mut open = open(&server, &tokens, streams).await;
    assert_eq!(open.len(), streams);
    let each = server.memory().saturating_sub(before) * 1_000 / streams;
    eprintln!("{streams} streams take {each} bytes each");
    assert!(each <= MEMORY * 1_000, "{streams} streams take {each} bytes each");

    // The server works, and every stream is open.
    for path in ["/healthz", "/v1/shops"] {
        assert_eq!(ask(server.address(), path).await.0, "200", "{path}");
    }
    operator(
        &server.database_file(),
        now,
        &["programme", "put", "--id", "another", "--name", "卡", "--price-fen", "16800"],
    );
    let heard = async {
        for stream in &mut open {
            stream.read_until("event: programme\n").await;
        }
    };
    timeout(LONG.min(Duration::from_mins(1)), heard).await.expect("every stream hears of the change");
    let log = server.end();
    assert!(!log.contains("cannot accept") && !log.contains("in use"), "{log}");
}
