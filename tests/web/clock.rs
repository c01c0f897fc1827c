//! The page's time: continued if possible, otherwise in doubt.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use leptos::prelude::Owner;
use member_domain::UnixMillis;
use member_page::{
    clock::{Alarm, PageClock, RequestTimes, TimeMark, pause, use_interval},
    store::Store,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::until;

const HOUR: i64 = 3_600_000;

fn wall() -> i64 {
    js_sys::Date::now() as i64
}

/// The phone's time minus the monotonic time of this document.
fn lead() -> i64 {
    let performance = leptos::prelude::window().performance().unwrap();
    (js_sys::Date::now() - performance.time_origin() - performance.now()) as i64
}

/// A mark made a minute ago by a phone whose clock is `off` from the server's.
fn mark(off: i64) -> TimeMark {
    let then = wall() - 60_000;
    TimeMark { server: then - off, wall: then, lead: lead(), seen: then }
}

fn restored(mark: TimeMark) -> PageClock {
    let clock = PageClock::default();
    clock.restore(mark);
    clock
}

#[track_caller]
fn assert_close(time: Option<UnixMillis>, expected: i64) {
    let time = time.expect("the time is known").0;
    assert!((time - expected).abs() < 1_000, "{time} is not {expected}");
}

#[wasm_bindgen_test]
fn before_anything_is_known_there_is_no_time_and_no_guess() {
    let clock = PageClock::default();
    assert!(clock.is_lost() && clock.now().is_none() && clock.guess().is_none());
}

#[wasm_bindgen_test]
fn the_servers_time_counts_whatever_the_phones_clock_says() {
    let clock = PageClock::default();
    assert!(clock.set(UnixMillis(1_000_000), RequestTimes::now()));
    assert_close(clock.now(), 1_000_000);
    assert!(!clock.is_lost());
}

/// The wasm may arrive long after the answer.
#[wasm_bindgen_test]
fn an_answer_that_has_waited_is_of_the_time_that_it_came() {
    let now = leptos::prelude::window().performance().unwrap().now();
    let clock = PageClock::default();
    let times = RequestTimes::from_times(now - 20_200.0, js_sys::Date::now() - 20_200.0, now - 20_000.0);
    assert!(clock.set(UnixMillis(1_000_000), times));
    assert_close(clock.now(), 1_020_100);

    // The phone slept meanwhile for an unknown time.
    let slept = RequestTimes::from_times(now - 20_200.0, js_sys::Date::now() - HOUR as f64, now - 20_000.0);
    assert!(!clock.set(UnixMillis(2_000_000), slept));
    assert_close(clock.now(), 1_020_100);
}

#[wasm_bindgen_test]
fn after_a_reload_time_goes_on_also_with_a_clock_that_is_hours_off() {
    for off in [0, 24 * HOUR, -24 * HOUR] {
        assert_close(restored(mark(off)).now(), wall() - off);
    }
}

#[wasm_bindgen_test]
fn a_clock_that_was_changed_leaves_the_time_in_doubt() {
    for moved in [HOUR, -HOUR, 24 * HOUR, 10_000, -10_000] {
        let mark = mark(0);
        // As if the phone's clock had been `moved` since the mark.
        let clock = restored(TimeMark { lead: mark.lead - moved, wall: mark.wall, ..mark });
        if lead().abs() <= 5_000 {
            // In a restarted browser this looks like a phone that slept, so its clock is trusted.
            assert!(clock.now().is_some());
        }
        let wrong = TimeMark { server: mark.server - HOUR, lead: mark.lead - moved, ..mark };
        let clock = restored(wrong);
        assert!(clock.is_lost() && clock.now().is_none(), "{moved}");
        assert_close(clock.guess(), wall() - HOUR);
    }
}

#[wasm_bindgen_test]
fn a_clock_set_back_is_never_believed() {
    let mark = mark(0);
    let clock = restored(TimeMark { seen: wall() + 60_000, ..mark });
    assert!(clock.is_lost());
}

/// Another document or process sees no difference between the clocks any more, so the doubt must outlive
/// both.
#[wasm_bindgen_test]
fn a_doubt_outlives_the_document_that_noticed() {
    restored(TimeMark { seen: wall() + 60_000, ..mark(0) });
    let kept = Store::default().stored_time().unwrap();
    assert!(!kept.is_valid(wall(), lead()) && !kept.is_valid(wall() + 30 * 24 * HOUR, 0));
    let again = PageClock::start(Store::default());
    assert!(again.is_lost() && again.guess().is_some());
    assert!(again.set(UnixMillis(wall()), RequestTimes::now()), "the server's word ends it");
    assert!(!PageClock::start(Store::default()).is_lost());
}

#[wasm_bindgen_test]
fn the_member_vouches_for_the_guess_and_it_is_remembered() {
    let mark = mark(0);
    let clock = restored(TimeMark { seen: wall() + 60_000, ..mark });
    let guess = clock.guess().unwrap();
    clock.confirm_time();
    assert_close(clock.now(), guess.0);
    assert!(clock.guess().is_none());
    assert_close(PageClock::start(Store::default()).now(), guess.0);
}

#[wasm_bindgen_test]
fn what_holds_is_decided_by_both_clocks() {
    let mark = TimeMark { server: 1_000_000, wall: 1_000_000, lead: 0, seen: 1_050_000 };
    assert!(mark.is_valid(1_060_000, 0));
    assert!(mark.is_valid(1_060_000, 4_000), "a little drift is none");
    assert!(!mark.is_valid(1_060_000, 10_000), "slept or set forward");
    assert!(!mark.is_valid(1_060_000, -10_000), "set back");
    assert!(!mark.is_valid(1_040_000, 0), "earlier than was seen before");
    let slept = TimeMark { lead: 7_200_000, ..mark };
    assert!(slept.is_valid(1_060_000, 0), "a browser started anew on a phone whose clock was right");
    let wrong = TimeMark { server: 90_000_000, ..slept };
    assert!(!wrong.is_valid(1_060_000, 0), "the same on a phone whose clock was wrong: it may have been put right");
}

#[wasm_bindgen_test]
fn a_mark_is_kept_as_it_is_and_nonsense_is_no_mark() {
    let mark = TimeMark { server: 1, wall: -2, lead: 3, seen: 1_795_348_800_000 };
    Store::default().store_time(mark);
    assert_eq!(Store::default().stored_time(), Some(mark));
    for nonsense in ["", "1,2,3", "1,2,3,x", "{}"] {
        Store::default().store_choice("time", nonsense);
        assert_eq!(Store::default().stored_time(), None, "{nonsense}");
    }
}

/// The names of the alarms that fired, in order.
#[derive(Clone, Default)]
struct Bells(Rc<RefCell<Vec<&'static str>>>);

impl Bells {
    fn after(&self, millis: u64, name: &'static str) -> Alarm {
        let bells = self.clone();
        Alarm::after(Duration::from_millis(millis), move || bells.0.borrow_mut().push(name))
    }

    fn rung(&self) -> Vec<&'static str> {
        self.0.borrow().clone()
    }
}

#[wasm_bindgen_test]
async fn alarms_ring_when_they_are_due_in_whatever_order_they_were_set() {
    let bells = Bells::default();
    let _kept = [bells.after(60, "third"), bells.after(5, "first"), bells.after(30, "second")];
    let began = member_page::clock::monotonic_millis();
    until("all have rung", || bells.rung().len() == 3).await;
    assert_eq!(bells.rung(), ["first", "second", "third"]);
    assert!(member_page::clock::monotonic_millis() - began >= 58.0);
}

#[wasm_bindgen_test]
async fn a_dropped_alarm_does_not_ring_even_where_another_of_the_same_moment_drops_it() {
    let bells = Bells::default();
    drop(bells.after(10, "dropped"));
    let other = Rc::new(RefCell::new(None));
    let (rung, dropped) = (bells.clone(), Rc::clone(&other));
    let _first = Alarm::after(Duration::from_millis(20), move || {
        rung.0.borrow_mut().push("drops the other");
        dropped.borrow_mut().take();
    });
    *other.borrow_mut() = Some(bells.after(20, "dropped by the first"));
    let _last = bells.after(60, "last");
    until("the last has rung", || bells.rung().contains(&"last")).await;
    assert_eq!(bells.rung(), ["drops the other", "last"]);
}

#[wasm_bindgen_test]
async fn an_alarm_may_set_the_next_and_an_interval_ends_with_its_owner() {
    let count = Rc::new(Cell::new(0));
    let owner = Owner::new();
    let counted = Rc::clone(&count);
    owner.with(|| use_interval(Duration::from_millis(5), move || counted.set(counted.get() + 1)));
    until("it goes on", || count.get() >= 4).await;
    owner.cleanup();
    let ended = count.get();
    pause(Duration::from_millis(60)).await;
    assert_eq!(count.get(), ended);
}
