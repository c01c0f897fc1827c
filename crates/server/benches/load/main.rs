//! The backend under load. The server runs in its own process, as an operator starts it. Requests come over
//! loopback connections that stay open. Redemptions alternate with a bare SQLite loop of the same durability.
//! Prints Markdown tables, and progress to stderr. It only reports: nothing fails except a wrong ledger.
//!
//! `--quick` measures for a shorter time, with fewer members. `--soak` loads the server evenly for ten
//! minutes (`SOAK_SECONDS`) and watches its memory. `--redeeming`, `--reading` and `--scale` measure one part
//! alone. `OTHER_BUILD=FILE` also measures another build of `member-server` in the same run, on its own
//! files.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark talks, and fails by panicking")]

mod bare;
mod codes;
mod data;
mod http;
mod measure;
mod reading;
mod redeeming;
mod scale;
mod server;
mod soak;

use std::time::Duration;

/// How long, how often and with how many members to measure.
struct Extent {
    rounds: usize,
    /// The duration of one measurement.
    slice: Duration,
    members: u32,
    sizes: &'static [u32],
}

const FULL: Extent = Extent {
    rounds: 15,
    slice: Duration::from_millis(400),
    members: 100_000,
    sizes: &[1_000, 10_000, 100_000, 1_000_000],
};
const QUICK: Extent =
    Extent { rounds: 5, slice: Duration::from_millis(200), members: 20_000, sizes: &[1_000, 10_000, 100_000] };

/// A part of the benchmark: its name and its function.
type Part = (&'static str, fn(&Extent));

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let asked = |option: &str| arguments.iter().any(|argument| argument == option);
    if asked("--soak") {
        let seconds = std::env::var("SOAK_SECONDS").map_or(600, |seconds| seconds.parse().unwrap());
        return soak::report(seconds);
    }
    let extent = if asked("--quick") { QUICK } else { FULL };
    let parts: [Part; 3] =
        [("--redeeming", redeeming::report), ("--reading", reading::report), ("--scale", scale::report)];
    let are_some_named = parts.iter().any(|(name, _)| asked(name));
    for (name, report) in parts {
        if asked(name) || !are_some_named {
            report(&extent);
        }
    }
}

/// Prints progress.
fn progress(doing: &str) {
    eprintln!("{doing}");
}
