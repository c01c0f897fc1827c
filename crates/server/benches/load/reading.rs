//! The page's requests: `GET /v1/me` and the first page of shops around the member.

use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use crate::{
    Extent, data,
    http::get,
    measure,
    measure::{Load, medians},
    progress,
    server::{Process, builds},
};

const PAGES: [usize; 3] = [1, 16, 64];

pub(crate) fn report(extent: &Extent) {
    let directory = TempDir::new().unwrap();
    let database = directory.path().join("members.sqlite");
    progress("reading: filling");
    data::create(&database);
    data::add_members(&database, extent.members);
    let members = extent.members;
    let me = move |page: usize, turn: u32| get("/v1/me", &data::session(scattered(page, turn) % members));
    let shops = |page: usize, turn: u32| get(&nearest(scattered(page, turn)), "");
    let questions: [(&str, &Request); 2] = [("`GET /v1/me`", &me), ("first page of shops, nearest", &shops)];
    let servers: Vec<_> =
        builds().into_iter().map(|(name, build)| (name, Process::of_build(&build, &database))).collect();
    // One row for each request, number of pages and build, in the order of measuring.
    let mut rows = Vec::new();
    for (question, request) in questions {
        for pages in PAGES {
            for (build, server) in &servers {
                rows.push(Row { question, request, pages, build, server, rounds: Vec::new() });
            }
        }
    }
    for round in 1..=extent.rounds {
        progress(&format!("reading: round {round} of {}", extent.rounds));
        for row in &mut rows {
            row.measure(extent);
        }
    }
    println!("\n| question | pages at once | per second | p50 ms | p99 ms |\n| --- | --- | --- | --- | --- |");
    for row in rows {
        let build = if row.build == "server" { String::new() } else { format!(", {}", row.build) };
        println!("| {}{build} | {} | {} |", row.question, row.pages, medians(&row.rounds).cells());
    }
}

/// Builds the request of a page for its turn.
type Request = dyn Fn(usize, u32) -> Vec<u8> + Sync;

struct Row<'a> {
    question: &'static str,
    request: &'a Request,
    pages: usize,
    build: &'static str,
    server: &'a Process,
    rounds: Vec<Load>,
}

impl Row<'_> {
    fn measure(&mut self, extent: &Extent) {
        let turns = AtomicU32::new(0);
        self.rounds.push(measure::load(self.server.address, self.pages, extent.slice, |page, connection| {
            let request = (self.request)(page, turns.fetch_add(1, Ordering::Relaxed));
            assert_eq!(connection.ask(&request).0, 200);
        }));
    }
}

/// A number that jumps, so that consecutive requests differ.
pub(crate) fn scattered(page: usize, turn: u32) -> u32 {
    u32::try_from(page).unwrap().wrapping_mul(0x9E37_79B9).wrapping_add(turn.wrapping_mul(0x85EB_CA6B)) >> 4
}

/// The list around a place near the middle of the city.
pub(crate) fn nearest(seed: u32) -> String {
    let degrees = |seed: u32| f64::from(seed % 1_000) / 20_000.0 - 0.025;
    format!("/v1/shops?city=shanghai&lat={:.4}&lng={:.4}", 31.22 + degrees(seed), 121.46 + degrees(seed / 1_000))
}
