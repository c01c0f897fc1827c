//! What pages ask for: `GET /v1/me` and the first page of shops around the member.

use tempfile::TempDir;

use crate::{
    Extent, data,
    http::{Connection, get},
    measure,
    measure::{Load, medians},
    progress,
    server::Process,
};

const PAGES: [usize; 3] = [1, 16, 64];

pub(crate) fn report(extent: &Extent) {
    let directory = TempDir::new().unwrap();
    let database = directory.path().join("members.sqlite");
    progress("reading: filling");
    data::create(&database);
    data::add_members(&database, extent.members);
    let server = Process::serve(&database);
    let members = extent.members;
    let me = move |page: usize, turn: u32| get("/v1/me", &data::session(scattered(page, turn) % members));
    let shops = |page: usize, turn: u32| get(&nearest(scattered(page, turn)), "");
    let questions: [(&str, &(dyn Fn(usize, u32) -> Vec<u8> + Sync)); 2] =
        [("`GET /v1/me`", &me), ("first page of shops, nearest", &shops)];
    let mut loads: Vec<Vec<Load>> = vec![Vec::new(); questions.len() * PAGES.len()];
    for round in 1..=extent.rounds {
        progress(&format!("reading: round {round} of {}", extent.rounds));
        let cells = questions.iter().flat_map(|(_, request)| PAGES.map(|pages| (request, pages)));
        for ((request, pages), rounds) in cells.zip(&mut loads) {
            let turns = std::sync::atomic::AtomicU32::new(0);
            let ask = |page: usize, connection: &mut Connection| {
                let turn = turns.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                assert_eq!(connection.ask(&request(page, turn)).0, 200);
            };
            rounds.push(measure::load(server.address, pages, extent.slice, ask));
        }
    }
    println!("\n| question | pages at once | per second | p50 ms | p99 ms |\n| --- | --- | --- | --- | --- |");
    let names = questions.iter().flat_map(|(name, _)| PAGES.map(|pages| (*name, pages)));
    for ((name, pages), rounds) in names.zip(&loads) {
        println!("| {name} | {pages} | {} |", medians(rounds).cells());
    }
}

/// A number that jumps about, so that no two questions in a row are about the same.
pub(crate) fn scattered(page: usize, turn: u32) -> u32 {
    u32::try_from(page).unwrap().wrapping_mul(0x9E37_79B9).wrapping_add(turn.wrapping_mul(0x85EB_CA6B)) >> 4
}

/// The list around a place near the middle of the city.
pub(crate) fn nearest(seed: u32) -> String {
    let degrees = |seed: u32| f64::from(seed % 1_000) / 20_000.0 - 0.025;
    format!("/v1/shops?city=shanghai&lat={:.4}&lng={:.4}", 31.22 + degrees(seed), 121.46 + degrees(seed / 1_000))
}
