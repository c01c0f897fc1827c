//! The cost of the same requests as the programme grows. All servers run side by side and are measured in
//! turn.

use tempfile::TempDir;

use crate::{
    Extent,
    codes::Codes,
    data,
    http::{Connection, get},
    measure,
    measure::{Load, median, medians},
    progress,
    reading::scattered,
    server::Process,
};

/// One size of programme.
struct Size {
    members: u32,
    bytes_a_member: u64,
    _directory: TempDir,
    server: Process,
    /// Milliseconds of each start.
    starts: Vec<f64>,
    codes: Codes,
    me: Vec<Load>,
    redemptions: Vec<Load>,
}

impl Size {
    fn of(members: u32, starts: usize) -> Self {
        progress(&format!("scale: filling {members} members"));
        let directory = TempDir::new().unwrap();
        let database = directory.path().join("members.sqlite");
        data::create(&database);
        let bytes_a_member = data::add_members(&database, members) / u64::from(members);
        let mut server = Process::serve(&database);
        let mut times = vec![measure::millis(server.started_in)];
        while times.len() < starts {
            drop(server);
            server = Process::serve(&database);
            times.push(measure::millis(server.started_in));
        }
        let codes = Codes::of(members);
        let (me, redemptions) = (Vec::new(), Vec::new());
        Self { members, bytes_a_member, _directory: directory, server, starts: times, codes, me, redemptions }
    }

    fn measure(&mut self, extent: &Extent) {
        let turns = std::sync::atomic::AtomicU32::new(0);
        let members = self.members;
        self.me.push(measure::load(self.server.address, 1, extent.slice, |page, connection: &mut Connection| {
            let turn = turns.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let request = get("/v1/me", &data::session(scattered(page, turn) % members));
            assert_eq!(connection.ask(&request).0, 200);
        }));
        // The pace of a till is not measured here, and the smallest programme has few codes: a quarter of the
        // time is enough.
        let codes = &self.codes;
        self.redemptions.push(measure::load(
            self.server.address,
            1,
            extent.slice / 4,
            |till, connection: &mut Connection| {
                assert_eq!(connection.ask(&codes.request(till)).0, 201);
            },
        ));
    }
}

pub(crate) fn report(extent: &Extent) {
    let mut sizes: Vec<Size> = extent.sizes.iter().map(|members| Size::of(*members, 5)).collect();
    for round in 1..=extent.rounds {
        progress(&format!("scale: round {round} of {}", extent.rounds));
        for size in &mut sizes {
            size.measure(extent);
        }
    }
    println!(
        "\n| members | `GET /v1/me` p50 ms | p99 | redemption p50 ms | p99 | start ms | memory MB | bytes a member |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |"
    );
    for size in &sizes {
        let (me, redemption) = (medians(&size.me), medians(&size.redemptions));
        println!(
            "| {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} | {} | {} |",
            size.members,
            me.p50,
            me.p99,
            redemption.p50,
            redemption.p99,
            median(size.starts.clone()),
            size.server.memory() / 1_000,
            size.bytes_a_member,
        );
    }
}
