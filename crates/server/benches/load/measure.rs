//! Rates and latencies, and the summary of several rounds.

use std::{
    net::SocketAddr,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use crate::http::Connection;

/// The measurements of one slice of time.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    pub(crate) per_second: f64,
    /// In milliseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

impl Load {
    /// From the latencies of all answers, in milliseconds, and the duration.
    pub(crate) fn of(mut millis: Vec<f64>, taken: Duration) -> Self {
        millis.sort_by(f64::total_cmp);
        Self { per_second: count(millis.len()) / taken.as_secs_f64(), p50: rank(&millis, 50), p99: rank(&millis, 99) }
    }

    /// Rate and latencies as cells of a table.
    pub(crate) fn cells(self) -> String {
        format!("{:.0} | {:.2} | {:.2}", self.per_second, self.p50, self.p99)
    }
}

/// The median of each figure over several rounds.
pub(crate) fn medians(rounds: &[Load]) -> Load {
    let of = |figure: fn(&Load) -> f64| median(rounds.iter().map(figure).collect());
    Load { per_second: of(|load| load.per_second), p50: of(|load| load.p50), p99: of(|load| load.p99) }
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    rank(&values, 50)
}

fn rank(sorted: &[f64], percent: usize) -> f64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

pub(crate) fn count(length: usize) -> f64 {
    f64::from(u32::try_from(length).unwrap())
}

pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// Opens so many connections at once for `slice`. Each sends a request as soon as it has the previous answer.
/// `ask` gets the connection's number, sends one request and reads its answer.
pub(crate) fn load(
    address: SocketAddr,
    connections: usize,
    slice: Duration,
    ask: impl Fn(usize, &mut Connection) + Sync,
) -> Load {
    let all_there = Barrier::new(connections + 1);
    let (answers, taken) = thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|number| {
                let (all_there, ask) = (&all_there, &ask);
                scope.spawn(move || {
                    let mut connection = Connection::open(address).unwrap();
                    all_there.wait();
                    let since = Instant::now();
                    let mut answers = Vec::new();
                    while since.elapsed() < slice {
                        let asked = Instant::now();
                        ask(number, &mut connection);
                        answers.push(millis(asked.elapsed()));
                    }
                    answers
                })
            })
            .collect();
        all_there.wait();
        let since = Instant::now();
        let answers: Vec<f64> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        (answers, since.elapsed())
    });
    Load::of(answers, taken)
}
