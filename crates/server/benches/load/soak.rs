//! Even, mixed load for minutes, and the server's memory meanwhile.

use std::{
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{
    codes::Codes,
    data,
    http::{Connection, get},
    measure::{count, median},
    progress,
    reading::{nearest, scattered},
    server::Process,
};

const MEMBERS: u32 = 100_000;
const CONNECTIONS: usize = 16;
/// The interval between a connection's requests, if answers do not take longer.
const APART: Duration = Duration::from_millis(50);
/// The interval between memory samples.
const SAMPLED: Duration = Duration::from_secs(1);

pub(crate) fn report(seconds: u64) {
    let directory = TempDir::new().unwrap();
    let database = directory.path().join("members.sqlite");
    progress("soak: filling");
    data::create(&database);
    data::add_members(&database, MEMBERS);
    let server = Process::serve(&database);
    let codes = Codes::of(MEMBERS);
    let (ended, asked) = (AtomicBool::new(false), AtomicU32::new(0));
    let memory = thread::scope(|scope| {
        for number in 0..CONNECTIONS {
            let (server, codes, ended, asked) = (&server, &codes, &ended, &asked);
            scope.spawn(move || keep_asking(number, server, codes, ended, asked));
        }
        let memory = watch(&server, Duration::from_secs(seconds), &asked);
        ended.store(true, Ordering::Relaxed);
        memory
    });
    let minute = memory.len().min(60);
    let (first, last) = (median(memory[..minute].to_vec()), median(memory[memory.len() - minute..].to_vec()));
    // From half of the time on, when every cache is full.
    let settled = &memory[memory.len() / 2..];
    println!(
        "\n| minutes | requests | redemptions | memory in the first minute | in the last | slope of the second half |\n\
         | --- | --- | --- | --- | --- | --- |\n\
         | {:.1} | {} | {} | {first:.1} MB | {last:.1} MB | {:+.0} kB a minute |",
        count(memory.len()) / 60.0,
        asked.load(Ordering::Relaxed),
        codes.count(),
        slope(settled) * 60.0 * 1_000.0,
    );
}

/// One connection's share. Of ten requests, five read the member's state, two read shops around a place, one
/// searches shops by text, one redeems, and one is refused. From time to time another connection replaces it.
fn keep_asking(number: usize, server: &Process, codes: &Codes, ended: &AtomicBool, asked: &AtomicU32) {
    let mut connection = Connection::open(server.address).unwrap();
    let mut due = Instant::now();
    for turn in 0.. {
        if ended.load(Ordering::Relaxed) {
            return;
        }
        let seed = scattered(number, turn);
        let (request, expected) = match turn % 10 {
            0..5 => (get("/v1/me", &data::session(seed % MEMBERS)), 200),
            5 | 6 => (get(&nearest(seed), ""), 200),
            7 => (get(&format!("{}&q={}", nearest(seed), seed % 1_000), ""), 200),
            8 => (codes.request(number), 201),
            _ => (get("/v1/me", &format!("a session that nobody has: {seed}")), 401),
        };
        let (status, body) = connection.ask(&request);
        assert_eq!(status, expected, "{}", String::from_utf8_lossy(body));
        asked.fetch_add(1, Ordering::Relaxed);
        if turn % 500 == 499 {
            connection = Connection::open(server.address).unwrap();
        }
        due += APART;
        thread::sleep(due.saturating_duration_since(Instant::now()));
    }
}

/// The server's memory in MB, sampled every [`SAMPLED`].
fn watch(server: &Process, lasting: Duration, asked: &AtomicU32) -> Vec<f64> {
    let since = Instant::now();
    let mut memory = Vec::new();
    while since.elapsed() < lasting {
        thread::sleep(SAMPLED);
        let kilobytes = u32::try_from(server.memory()).unwrap();
        memory.push(f64::from(kilobytes) / 1_000.0);
        if memory.len() % 60 == 0 {
            progress(&format!("soak: {} s, {kilobytes} kB, {} requests", memory.len(), asked.load(Ordering::Relaxed)));
        }
    }
    memory
}

/// The slope of the least-squares line through samples: by how much they rise from one to the next.
fn slope(samples: &[f64]) -> f64 {
    let mean_at = (count(samples.len()) - 1.0) / 2.0;
    let mean = samples.iter().sum::<f64>() / count(samples.len());
    let (mut together, mut alone) = (0.0, 0.0);
    for (index, sample) in samples.iter().enumerate() {
        let at = count(index) - mean_at;
        together += at * (sample - mean);
        alone += at * at;
    }
    if alone > 0.0 { together / alone } else { 0.0 }
}
