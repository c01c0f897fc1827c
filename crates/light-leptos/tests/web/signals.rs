//! Signals, stored values, effects and callbacks: subscriptions, and the behaviour after the owner is disposed.

use std::sync::{Arc, Mutex};

use light_leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Count, failures, outside, settled};
use crate::Mounted;

/// Counts the runs of `read` in a view, including the first one.
pub(super) fn follow<T>(read: impl Fn() -> T + Send + 'static) -> (Mounted, Count) {
    let count = Count::default();
    let counted = count.clone();
    let mounted = Mounted::new(move || {
        let said = move || {
            counted.one_more();
            read();
            String::new()
        };
        view! { {said} }
    });
    (mounted, count)
}

/// Creates a value with its own owner, which is returned too.
pub(super) fn owned<T>(make: impl FnOnce() -> T) -> (Owner, T) {
    let owner = Owner::new();
    let made = owner.with(make);
    (owner, made)
}

#[wasm_bindgen_test]
async fn a_signal_tells_whoever_reads_it_of_every_change() {
    let signal = outside(vec![1]);
    let (_mounted, reads) = follow(move || signal.get());
    let (_with, reads_with) = follow(move || signal.with(|value| drop(value.clone())));
    let (_tracks, tracked) = follow(move || signal.track());
    let (_untracked, never) = follow(move || {
        drop(signal.get_untracked());
        signal.with_untracked(|_| ());
        untrack(|| signal.get());
    });
    let changes: [&dyn Fn(); 4] = [
        &|| signal.set(vec![2]),
        // An equal value also notifies: only memos compare.
        &|| signal.set(vec![2]),
        &|| signal.update(|value| value.push(3)),
        &|| assert_eq!(signal.try_update(Vec::pop), Some(Some(3))),
    ];
    for (before, change) in (1..).zip(changes) {
        change();
        settled().await;
        assert_eq!([&reads, &reads_with, &tracked, &never].map(Count::get), [before + 1, before + 1, before + 1, 1]);
    }
    assert_eq!(signal.get_untracked(), [2]);
}

#[wasm_bindgen_test]
async fn several_changes_in_one_turn_are_followed_once() {
    let signal = outside(0);
    let (_mounted, reads) = follow(move || signal.get());
    for number in 1..=5 {
        signal.set(number);
    }
    settled().await;
    assert_eq!(reads.get(), 2);
}

#[wasm_bindgen_test]
fn whoever_is_told_may_look_and_change_at_once() {
    let (one, other) = (outside(1), outside(1));
    one.update(|value| {
        *value += 1;
        other.set(*value);
    });
    one.with(|value| other.set(*value + other.get_untracked()));
    assert_eq!((one.get_untracked(), other.get_untracked()), (2, 4));
}

#[wasm_bindgen_test]
fn without_its_owner_a_signal_says_so_and_no_more() {
    let (owner, (signal, memo, derived, stored, callback)) = owned(|| {
        let signal = RwSignal::new(1);
        let memo = Memo::new(move |_| signal.get() + 1);
        let derived = Signal::derive(move || signal.get() + 2);
        (signal, memo, derived, StoredValue::new(4), Callback::new(|number: u32| number + 5))
    });
    let read: Signal<u32> = signal.into();
    let values = || {
        [
            signal.try_get(),
            signal.try_get_untracked(),
            signal.try_with(|value| *value),
            signal.try_with_untracked(|value| *value),
            read.try_get(),
            memo.try_get(),
            memo.try_get_untracked(),
            derived.try_get(),
            derived.try_get_untracked(),
            stored.try_get_value(),
            stored.try_with_value(|value| *value),
            callback.try_run(0),
        ]
    };
    assert_eq!(values(), [1, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5].map(Some));
    assert_eq!((signal.try_set(7), stored.try_set_value(8)), (None, None));
    assert_eq!((memo.get_untracked(), derived.get_untracked(), stored.get_value()), (8, 9, 8));

    owner.cleanup();
    assert_eq!(values(), [None; 12]);
    assert_eq!((signal.try_set(7), stored.try_set_value(8)), (Some(7), Some(8)), "what was not taken comes back");
    assert_eq!((signal.try_update(|_| ()), stored.try_update_value(|_| ())), (None, None));
    // Writes after the disposal do nothing and do not panic.
    signal.set(9);
    signal.update(|value| *value = 9);
    signal.track();
    stored.set_value(9);
    stored.update_value(|value| *value = 9);
}

#[wasm_bindgen_test]
fn a_read_without_its_owner_panics_where_it_is_written() {
    let (owner, (signal, memo, stored, callback)) =
        owned(|| (RwSignal::new(1), Memo::new(|_| 1), StoredValue::new(1), Callback::new(|number: u32| number)));
    owner.cleanup();
    let places = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&places);
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(|place| place.file().rsplit('/').next().map(str::to_owned));
        seen.lock().unwrap().push(place.flatten());
        usual(panic);
    }));
    let reads: [fn(RwSignal<u32>, Memo<u32>, StoredValue<u32>, Callback<u32, u32>); 5] = [
        |signal, _, _, _| assert_ne!(signal.get(), 0),
        |signal, _, _, _| signal.with_untracked(|_| ()),
        |_, memo, _, _| assert_ne!(memo.get(), 0),
        |_, _, stored, _| stored.with_value(|_| ()),
        |_, _, _, callback| assert_ne!(callback.run(1), 0),
    ];
    for read in reads {
        // A panic ends only the handler, and the browser reports it.
        let mounted =
            Mounted::new(move || view! { <button on:click=move |_| read(signal, memo, stored, callback)></button> });
        assert_eq!(failures(|| mounted.click("button")), 1);
    }
    // The hook stays: it cannot be changed after a panic that was not unwound.
    assert_eq!(*places.lock().unwrap(), vec![Some("signals.rs".to_owned()); 5]);
}

#[wasm_bindgen_test]
async fn a_signal_may_come_in_two_halves() {
    let (_owner, (read, write)) = owned(|| signal(1));
    let (_mounted, reads) = follow(move || read.get());
    write.set(2);
    write.update(|value| *value += 1);
    settled().await;
    assert_eq!((read.get_untracked(), reads.get()), (3, 2));
    write.notify();
    settled().await;
    assert_eq!(reads.get(), 3);
}

#[wasm_bindgen_test]
fn a_place_that_is_used_again_is_no_longer_the_old_signals() {
    let (owner, old) = owned(|| RwSignal::new("old"));
    owner.cleanup();
    let (_owner, new) = owned(|| (0..100).map(|_| RwSignal::new("new")).collect::<Vec<_>>());
    assert_eq!(old.try_get(), None);
    assert!(new.iter().all(|new| new.try_get() == Some("new")));
}

#[wasm_bindgen_test]
fn what_a_signal_held_goes_with_its_owner() {
    let held = Arc::new(());
    let (owner, ()) = owned(|| {
        let signal = RwSignal::new(Arc::clone(&held));
        let _ = StoredValue::new(Arc::clone(&held));
        let _ = Memo::new(move |_| signal.with(|held| Arc::as_ptr(held) as usize)).get_untracked();
        let kept = Arc::clone(&held);
        let _ = Callback::new(move |()| Arc::strong_count(&kept));
    });
    assert!(Arc::strong_count(&held) > 3);
    owner.cleanup();
    assert_eq!(Arc::strong_count(&held), 1);
}

#[wasm_bindgen_test]
fn a_value_that_is_replaced_is_dropped() {
    let held = Arc::new(());
    let signal = outside(Some(Arc::clone(&held)));
    signal.set(None);
    assert_eq!(Arc::strong_count(&held), 1);
}

#[wasm_bindgen_test]
async fn a_value_that_stays_and_stored_values_are_followed_by_nobody() {
    let (_owner, (signal, stored)) = owned(|| (Signal::stored(1), StoredValue::new(1)));
    let (_mounted, reads) = follow(move || (signal.get(), stored.get_value()));
    stored.set_value(2);
    stored.update_value(|value| *value += 1);
    settled().await;
    assert_eq!((reads.get(), stored.get_value(), signal.get_untracked()), (1, 3, 1));
    assert_eq!((Signal::<u32>::default().get_untracked(), RwSignal::<u32>::default().get_untracked()), (0, 0));
}

#[wasm_bindgen_test]
async fn an_effect_runs_at_the_end_of_the_turn_with_what_it_returned() {
    let number = outside(1);
    let seen = outside(Vec::new());
    let mounted = Mounted::new(move || {
        Effect::new(move |before: Option<u32>| {
            let now = number.get();
            seen.update(|seen| seen.push((before, now)));
            now
        });
        ().into_any()
    });
    assert!(seen.with_untracked(Vec::is_empty), "the view is built first");
    settled().await;
    number.set(2);
    settled().await;
    drop(mounted);
    number.set(3);
    settled().await;
    assert_eq!(seen.get_untracked(), [(None, 1), (Some(1), 2)]);
}

#[wasm_bindgen_test]
fn a_callback_may_call_itself_and_be_called_while_it_runs() {
    let (_owner, callback) = owned(|| {
        let kept = StoredValue::new(None::<Callback<u32, u32>>);
        let sum = Callback::new(move |number: u32| match (number, kept.get_value()) {
            (1.., Some(sum)) => number + sum.run(number - 1),
            _ => 0,
        });
        kept.set_value(Some(sum));
        sum
    });
    assert_eq!(callback.run(4), 10);
}

/// The growth of the wasm memory in pages while values are created and disposed repeatedly, after a first round.
async fn growth(make: impl Fn()) -> usize {
    let mut pages = Vec::new();
    for _ in 0..2 {
        for _ in 0..40 {
            for _ in 0..100 {
                let (owner, ()) = owned(&make);
                owner.cleanup();
            }
            // The tasks of effects end with the turn.
            settled().await;
        }
        pages.push(std::arch::wasm32::memory_size(0));
    }
    pages[1] - pages[0]
}

#[wasm_bindgen_test]
async fn who_goes_is_remembered_by_nothing_it_has_read() {
    // A signal that never changes, like the page's language.
    let lasting = outside(0);
    let (_mounted, _) = follow(move || lasting.get());
    let views = growth(move || drop(view! { <p>{move || lasting.get().to_string()}</p> })).await;
    let memos = growth(move || assert_eq!(Memo::new(move |_| lasting.get()).get_untracked(), 0)).await;
    let effects = growth(move || {
        Effect::new(move |_| lasting.get());
    })
    .await;
    assert_eq!([views, memos, effects], [0; 3], "pages of 64 KB for views, memos, effects");
}
