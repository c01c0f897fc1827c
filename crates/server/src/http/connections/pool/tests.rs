#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use futures_util::FutureExt;
use std::time::Duration;

use super::*;

/// An event of a connection. The connections have numbers, from 0 in the order in which they open.
#[derive(Clone, Copy, Debug)]
enum Event {
    Opens,
    Begins(usize),
    Ends(usize),
    SendsMore(usize),
    Closes(usize),
}
use Event::{Begins, Closes, Ends, Opens, SendsMore};

/// Three slots, and the connections that were opened.
#[derive(Default)]
struct Connected {
    held: Vec<Option<Held>>,
    answering: BTreeMap<usize, Answering>,
    refused: usize,
}

impl Connected {
    fn take(&mut self, pool: &Arc<Pool>, event: Event) {
        match event {
            Opens => match pool.admit() {
                Some(held) => self.held.push(Some(held)),
                None => self.refused += 1,
            },
            Begins(index) => drop(self.answering.insert(index, self.held[index].as_ref().unwrap().begin())),
            Ends(index) => drop(self.answering.remove(&index)),
            SendsMore(index) => self.held[index].as_ref().unwrap().received(),
            Closes(index) => {
                self.answering.remove(&index);
                self.held[index] = None;
            }
        }
    }

    /// The connections that must make room.
    fn asked_to_close(&self) -> Vec<usize> {
        let held = self.held.iter().enumerate().filter_map(|(index, held)| Some((index, held.as_ref()?)));
        held.filter(|(_, held)| held.order(Waker::noop()) == Order::MakeRoom).map(|(index, _)| index).collect()
    }
}

fn three() -> Arc<Pool> {
    Pool::new(ConnectionLimits { connections: 3, ..ConnectionLimits::default() })
}

#[test]
fn the_connection_that_has_waited_longest_for_a_request_makes_room() {
    let cases: [(&[Event], &[usize], usize); 10] = [
        (&[Opens, Opens, Opens], &[], 0),
        (&[Opens, Opens, Opens, Opens], &[0], 0),
        (&[Opens, Opens, Opens, Opens, Opens], &[0, 1], 0),
        (&[Opens, Opens, Opens, Closes(1), Opens], &[], 0),
        // Idle ones stay longer than those that have not sent a whole header, whatever their age.
        (&[Opens, Begins(0), Ends(0), Opens, Opens, Opens], &[1], 0),
        (&[Opens, Begins(0), Ends(0), SendsMore(0), Opens, Opens, Opens], &[0], 0),
        // Of the idle ones, the one whose last request is the oldest.
        (
            &[
                Opens,
                Opens,
                Opens,
                Begins(0),
                Begins(1),
                Begins(2),
                Ends(1),
                Ends(0),
                Ends(2),
                Begins(1),
                Ends(1),
                Opens,
            ],
            &[0],
            0,
        ),
        // A request that is being answered is never stopped.
        (&[Opens, Opens, Opens, Begins(0), Begins(1), Begins(2), Opens], &[], 1),
        (&[Opens, Opens, Opens, Begins(0), Begins(1), Begins(2), Closes(2), Opens, Opens], &[3], 0),
        // A connection that had to make room has no slot any more, whatever it does.
        (&[Opens, Opens, Opens, Opens, Begins(0), Ends(0), Closes(0), Opens], &[1], 0),
    ];
    for (events, asked_to_close, refused) in cases {
        let (pool, mut connected) = (three(), Connected::default());
        for event in events {
            connected.take(&pool, *event);
        }
        assert_eq!(connected.asked_to_close(), asked_to_close, "{events:?}");
        assert_eq!(connected.refused, refused, "{events:?}");
        connected.answering.clear();
        connected.held.clear();
        assert!(pool.emptied().now_or_never().is_some(), "{events:?}: all slots are free in the end");
    }
}

#[test]
fn each_phase_has_its_own_time() {
    let limits = ConnectionLimits {
        header: Duration::from_secs(1),
        stall: Duration::from_secs(2),
        idle: Duration::from_secs(3),
        answer: Duration::from_secs(4),
        ..ConnectionLimits::default()
    };
    let pool = Pool::new(limits);
    let held = pool.admit().unwrap();
    let seconds = || held.deadline().map(|at| at.duration_since(Instant::now()).as_secs_f64().ceil());
    assert_eq!(seconds(), Some(1.0), "the first request's header");
    let started = held.deadline();
    held.received();
    assert_eq!(held.deadline(), started, "more of a header gives no more time");
    let answering = held.begin();
    assert_eq!(seconds(), Some(4.0), "an answer");
    held.wrote(true);
    let stalled = held.deadline();
    held.wrote(true);
    assert_eq!(seconds(), Some(2.0), "a client that takes nothing");
    assert_eq!(held.deadline(), stalled, "trying again gives no more time");
    held.wrote(false);
    answering.is_endless();
    assert_eq!(seconds(), None, "an event stream");
    drop(answering);
    assert_eq!(seconds(), Some(3.0), "the next request");
    held.received();
    assert_eq!(seconds(), Some(1.0), "the next request's header");
}

#[test]
fn orders_reach_connections_in_every_phase() {
    let pool = three();
    let held: Vec<_> = (0..3).map(|_| pool.admit().unwrap()).collect();
    let _answering = held[1].begin();
    drop(held[2].begin());
    let orders = || held.iter().map(|held| held.order(Waker::noop())).collect::<Vec<_>>();
    assert_eq!(orders(), [Order::None; 3]);
    pool.finish();
    assert_eq!(orders(), [Order::Finish; 3]);
    pool.abort();
    pool.finish();
    assert_eq!(orders(), [Order::Abort; 3]);
    assert!(pool.emptied().now_or_never().is_none());
}
