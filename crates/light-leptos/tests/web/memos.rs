//! Memos and derived values: when they are computed, and when they notify subscribers.

use light_leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    Count, outside, settled,
    signals::{follow, owned},
};
use crate::Mounted;

#[wasm_bindgen_test]
async fn a_memo_tells_of_what_differs_only() {
    let number = outside(1);
    let makes = Count::default();
    let counted = makes.clone();
    let tens = Mounted::new(move || {
        let tens = Memo::new(move |_| {
            counted.one_more();
            number.get() / 10
        });
        let (reads, other) = (Count::default(), Count::default());
        let (seen, seen_too) = (reads.clone(), other.clone());
        let said = move || {
            reads.one_more();
            format!("{}, read {}; ", tens.get(), seen.get())
        };
        let derived = Signal::<i32>::from(tens);
        let again = move || {
            other.one_more();
            format!("{}, read {}", derived.with(|tens| *tens), seen_too.get())
        };
        view! { {said}{again} }
    });
    for (now, said, made) in
        [(5, "0, read 1; 0, read 1", 2), (12, "1, read 2; 1, read 2", 3), (19, "1, read 2; 1, read 2", 4)]
    {
        number.set(now);
        settled().await;
        assert_eq!((tens.text(), makes.get()), (said.to_owned(), made), "at {now}");
    }
}

#[wasm_bindgen_test]
async fn a_memo_of_a_memo_is_made_when_the_first_differs() {
    let number = outside(1);
    let makes = Count::default();
    let counted = makes.clone();
    let (owner, (tens, even)) = owned(|| {
        let tens = Memo::new(move |_| number.get() / 10);
        let even = Memo::new(move |_| {
            counted.one_more();
            tens.get() % 2 == 0
        });
        (tens, even)
    });
    let (_mounted, reads) = follow(move || even.get());
    for (now, made, read) in [(2, 1, 1), (25, 2, 1), (29, 2, 1), (31, 3, 2)] {
        number.set(now);
        settled().await;
        assert_eq!((makes.get(), reads.get()), (made, read), "at {now}");
    }
    assert_eq!((tens.get_untracked(), even.get_untracked()), (3, false));
    owner.cleanup();
}

#[wasm_bindgen_test]
fn a_memo_is_made_when_it_is_read_and_once_for_all() {
    let makes = Count::default();
    let counted = makes.clone();
    let (_owner, memo) = owned(|| {
        Memo::new(move |_| {
            counted.one_more();
            1
        })
    });
    assert_eq!(makes.get(), 0);
    assert_eq!((memo.get_untracked(), memo.with(|one| *one), memo.get()), (1, 1, 1));
    assert_eq!(makes.get(), 1);
}

#[wasm_bindgen_test]
async fn a_memo_that_compares_nothing_tells_each_time_that_it_is_made() {
    let number = outside(1);
    let (_owner, memo) = owned(|| Memo::new_with_compare(move |_| number.get() / 10, |_, _| true));
    let (_mounted, reads) = follow(move || memo.get());
    number.set(2);
    settled().await;
    assert_eq!((reads.get(), memo.get_untracked()), (2, 0));
}

#[wasm_bindgen_test]
fn a_memo_may_be_made_of_what_it_was() {
    let number = outside(3);
    let (_owner, highest) = owned(|| {
        Memo::new(move |before: Option<&i32>| before.map_or(number.get(), |before| number.get().max(*before)))
    });
    for (now, wanted) in [(3, 3), (7, 7), (5, 7), (8, 8)] {
        number.set(now);
        assert_eq!(highest.get_untracked(), wanted);
    }
}

#[wasm_bindgen_test]
async fn what_is_derived_is_worked_out_at_each_reading_and_followed_through() {
    let number = outside(1);
    let works = Count::default();
    let counted = works.clone();
    let (_owner, twice) = owned(|| {
        Signal::derive(move || {
            counted.one_more();
            number.get() * 2
        })
    });
    let (_mounted, reads) = follow(move || twice.get());
    let (_untracked, never) = follow(move || twice.get_untracked());
    assert_eq!(works.get(), 2);
    number.set(4);
    settled().await;
    assert_eq!((reads.get(), never.get(), works.get()), (2, 1, 3));
    assert_eq!(twice.get_untracked(), 8);
}
