//! Redemptions: the server in turn with the bare loop.

use std::fs;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::{
    Extent, bare::Bare, codes::Codes, data, http, measure,
    measure::{Load, median, medians},
    progress,
    server::Process,
};

const TILLS: [usize; 3] = [1, 8, 64];

pub(crate) fn report(extent: &Extent) {
    let directory = TempDir::new().unwrap();
    let (database, copy) = (directory.path().join("served.sqlite"), directory.path().join("bare.sqlite"));
    progress(&format!("redemptions: {} members", extent.members));
    data::create(&database);
    data::add_members(&database, extent.members);
    fs::copy(&database, &copy).unwrap();
    let mut bare = Bare::on(&copy, extent.members);
    let server = Process::serve(&database);
    let codes = Codes::of(extent.members);
    let redeem = |till: usize, connection: &mut http::Connection| {
        let (status, body) = connection.ask(&codes.request(till));
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(body));
    };
    let mut anchors: Vec<Load> = Vec::new();
    let mut loads: Vec<Vec<Load>> = vec![Vec::new(); TILLS.len()];
    for round in 1..=extent.rounds {
        progress(&format!("redemptions: round {round} of {}", extent.rounds));
        anchors.push(bare.run(extent.slice));
        for (tills, rounds) in TILLS.iter().zip(&mut loads) {
            rounds.push(measure::load(server.address, *tills, extent.slice, redeem));
        }
    }
    let written: u32 = Connection::open(&server.database)
        .unwrap()
        .query_row("SELECT COUNT(*) FROM redemptions WHERE step IS NOT NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(usize::try_from(written).unwrap(), codes.count(), "each that was answered is in the ledger, once");

    println!("\n| redemptions | per second | p50 ms | p99 ms | of the bare loop |\n| --- | --- | --- | --- | --- |");
    println!("| bare SQLite loop, as durable | {} | 1 |", medians(&anchors).cells());
    for (tills, rounds) in TILLS.iter().zip(&loads) {
        let ratio = median(rounds.iter().zip(&anchors).map(|(load, bare)| load.per_second / bare.per_second).collect());
        let tills = if *tills == 1 { "one till".to_owned() } else { format!("{tills} tills at once") };
        println!("| server, {tills} | {} | {ratio:.2} |", medians(rounds).cells());
    }
}
