//! Redemptions: the server alternates with the bare loop.

use member_storage::{cells, inspect::Rows};
use tempfile::TempDir;

use crate::{
    Extent,
    bare::Bare,
    codes::Codes,
    data, http, measure,
    measure::{Load, median, medians},
    progress,
    server::{Process, builds},
};

const TILLS: [usize; 3] = [1, 8, 64];

/// A build of the server, and its results in each round for each number of tills.
struct Served {
    name: &'static str,
    server: Process,
    codes: Codes,
    rounds: [Vec<Load>; TILLS.len()],
}

impl Served {
    fn run(&mut self, extent: &Extent) {
        let codes = &self.codes;
        for (tills, rounds) in TILLS.iter().zip(&mut self.rounds) {
            rounds.push(measure::load(
                self.server.address,
                *tills,
                extent.slice,
                |till, connection: &mut http::Connection| {
                    let (status, body) = connection.ask(&codes.request(till));
                    assert_eq!(status, 201, "{}", String::from_utf8_lossy(body));
                },
            ));
        }
    }

    fn check(&self) {
        let sql = "SELECT COUNT(*) FROM redemptions WHERE step IS NOT NULL";
        let written: usize = Rows::open(&self.server.database).one(sql, cells![]);
        assert_eq!(written, self.codes.count(), "what was answered is in the ledger, once");
    }
}

pub(crate) fn report(extent: &Extent) {
    let directory = TempDir::new().unwrap();
    let database = directory.path().join("members.sqlite");
    progress(&format!("redemptions: {} members", extent.members));
    data::create(&database);
    data::add_members(&database, extent.members);
    let mut bare = Bare::on(&data::copy(&database, "bare.sqlite"), extent.members);
    let serve = |(name, build): (&'static str, std::path::PathBuf)| Served {
        name,
        server: Process::of_build(&build, &data::copy(&database, &format!("{name}.sqlite"))),
        codes: Codes::of(extent.members),
        rounds: Default::default(),
    };
    let mut all: Vec<Served> = builds().into_iter().map(serve).collect();
    let mut anchors = Vec::new();
    for round in 1..=extent.rounds {
        progress(&format!("redemptions: round {round} of {}", extent.rounds));
        anchors.push(bare.run(extent.slice));
        for served in &mut all {
            served.run(extent);
        }
    }
    all.iter().for_each(Served::check);

    println!("\n| redemptions | per second | p50 ms | p99 ms | of the bare loop |\n| --- | --- | --- | --- | --- |");
    println!("| bare SQLite loop, as durable | {} | 1 |", medians(&anchors).cells());
    for served in &all {
        for (tills, rounds) in TILLS.iter().zip(&served.rounds) {
            let ratios = rounds.iter().zip(&anchors).map(|(load, bare)| load.per_second / bare.per_second);
            let tills = if *tills == 1 { "one till".to_owned() } else { format!("{tills} tills at once") };
            println!("| {}, {tills} | {} | {:.2} |", served.name, medians(rounds).cells(), median(ratios.collect()));
        }
    }
}
