//! The cost of refunding 1,000,000 cards: the four commands on an SQLite file, each with its time, its peak
//! memory, and the longest time during which nobody else could write. `CARDS=100000` makes it smaller. It
//! only reports: nothing fails except a wrong sum.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark talks, and fails by panicking")]

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use member_storage::inspect::Rows;

fn main() {
    let cards: u64 = std::env::var("CARDS").map_or(1_000_000, |count| count.parse().unwrap());
    let directory = tempfile::TempDir::new().unwrap();
    let database = directory.path().join("cards.sqlite");
    fill(&database, cards);
    println!("{cards} cards, {} MB", fs::metadata(&database).unwrap().len() / 1_000_000);
    println!("\n| command | seconds | peak memory | longest lock |\n| --- | --- | --- | --- |");
    let (orders, results) = (directory.path().join("orders.csv"), directory.path().join("results.csv"));
    let (orders, results) = (orders.to_str().unwrap(), results.to_str().unwrap());
    measure("start", &database, &["start", "--programme", "p"]);
    measure("start, all there", &database, &["start", "--programme", "p"]);
    measure("export", &database, &["export", "--programme", "p", "--out", orders]);
    settle(orders, results);
    measure("import --dry-run", &database, &["import", results, "--dry-run"]);
    measure("import", &database, &["import", results]);
    measure("import, nothing new", &database, &["import", results]);
    measure("reconcile", &database, &["reconcile", "--programme", "p"]);
    println!("\nthe database has {} MB in the end", fs::metadata(&database).unwrap().len() / 1_000_000);
}

fn fill(database: &Path, cards: u64) {
    let put = ["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "16800"];
    assert!(command(database, &put).status().unwrap().success());
    Rows::open(database).run_all(&format!(
        "BEGIN;
         UPDATE programmes SET last_day = '2026-10-31', refund_rule = 'pro-rata';
         WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {cards} - 1)
         INSERT INTO members (id, name, created_at) SELECT 'm' || i, '会员', 1 FROM n;
         INSERT INTO cards (number, member_id, programme_id, valid_from, valid_until, cities, paid_fen)
         SELECT printf('%012d', substr(id, 2)), id, 'p', '2026-01-01', '2026-12-31', 'shanghai',
                16800 + substr(id, 2) % 1000
         FROM members;
         COMMIT"
    ));
}

/// Finance's results for the whole instruction file: most refunds are paid, a few are not.
fn settle(orders: &str, results: &str) {
    let mut out = BufWriter::new(File::create(results).unwrap());
    writeln!(out, "refund_id,state,amount_fen,currency,occurred_at,provider_reference").unwrap();
    let at = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).to_rfc3339();
    for (index, line) in BufReader::new(File::open(orders).unwrap()).lines().skip(1).enumerate() {
        let line = line.unwrap();
        let fields: Vec<&str> = line.split(',').collect();
        if fields[0] == "TOTAL" {
            writeln!(out, "TOTAL,{},{},CNY,,", fields[8], fields[5]).unwrap();
        } else {
            let state = if index % 100 == 0 { "abnormal" } else { "succeeded" };
            writeln!(out, "{},{state},{},CNY,{at},5030{index:024}", fields[0], fields[5]).unwrap();
        }
    }
}

fn command(database: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_member-server"));
    command.args(arguments).args(["--database", &format!("sqlite://{}", database.display())]);
    command.env("RUST_LOG", "warn").stdout(Stdio::null());
    command
}

fn measure(name: &str, database: &Path, arguments: &[&str]) {
    let since = Instant::now();
    let mut process = command(database, &[&["refunds"], arguments].concat()).spawn().unwrap();
    let ended = AtomicBool::new(false);
    let (memory, locked, taken) = thread::scope(|scope| {
        let watching = scope.spawn(|| longest_lock(database, &ended));
        let mut memory = 0;
        let status = loop {
            memory = peak_memory(&process).unwrap_or(memory);
            if let Some(status) = process.try_wait().unwrap() {
                break status;
            }
            thread::sleep(Duration::from_millis(5));
        };
        let taken = since.elapsed();
        ended.store(true, Ordering::Relaxed);
        assert!(status.success(), "{arguments:?}: {status}");
        (memory, watching.join().unwrap(), taken)
    });
    println!("| {name} | {:.1} | {} MB | {} ms |", taken.as_secs_f64(), memory / 1_000, locked.as_millis());
}

/// Requests the write lock every millisecond. Returns the longest time without getting it.
fn longest_lock(database: &Path, ended: &AtomicBool) -> Duration {
    let rows = Rows::open(database);
    let mut longest = Duration::ZERO;
    let mut free = Instant::now();
    while !ended.load(Ordering::Relaxed) {
        if rows.is_write_lock_free() {
            longest = longest.max(free.elapsed());
            free = Instant::now();
        }
        thread::sleep(Duration::from_millis(1));
    }
    longest
}

/// The peak memory in kB; `None` once the process has ended.
fn peak_memory(process: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
