//! `For` against a model: after random changes the list shows the right rows, and remaining rows keep their nodes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use light_leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Node;

use super::{Count, outside, settled};
use crate::Mounted;

/// Pseudo-random numbers, the same in every run (xorshift, Marsaglia 2003).
struct Dice(u32);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as usize % limit
    }

    /// The next state of a list: shuffled, reversed, rotated, shortened, extended or replaced.
    fn next(&mut self, keys: &[usize]) -> Vec<usize> {
        let mut next = keys.to_vec();
        match self.below(6) {
            0 => (1..next.len()).rev().for_each(|last| next.swap(last, self.below(last + 1))),
            1 => next.reverse(),
            2 if !next.is_empty() => {
                let by = self.below(next.len());
                next.rotate_left(by);
            }
            3 => next.retain(|_| self.below(3) > 0),
            4 => (0..self.below(5)).for_each(|_| next.insert(self.below(next.len() + 1), self.below(KEYS))),
            _ => next = (0..self.below(12)).map(|_| self.below(KEYS)).collect(),
        }
        next
    }
}

const KEYS: usize = 16;

/// Rows with different numbers of nodes: one element, none, an element and a text, or two elements.
fn row(key: usize, unit: RwSignal<usize>) -> AnyView {
    let said = move || format!("{key}/{}", unit.get());
    match key % 4 {
        0 => view! { <b>{said}</b> },
        1 => ().into_any(),
        2 => view! { <b>{said}</b>{said} },
        _ => view! { <b>{said}</b><i>{said}</i> },
    }
}

fn said(keys: &[usize], unit: usize) -> String {
    let row = |&key: &usize| format!("{key}/{unit}").repeat([1, 0, 2, 2][key % 4]);
    keys.iter().map(row).collect()
}

#[wasm_bindgen_test]
async fn a_list_shows_what_it_should_whatever_becomes_of_it() {
    let (keys, unit) = (outside(Vec::<usize>::new()), outside(0));
    let (builds, ends) = (Count::default(), Count::default());
    // The number of live rows per key, to know which of several rows with one key were disposed.
    let alive: Arc<Mutex<HashMap<usize, usize>>> = Arc::default();
    let (counted, ended, living) = (builds.clone(), ends.clone(), Arc::clone(&alive));
    let mounted = Mounted::new(move || {
        let children = move |key: usize| {
            counted.one_more();
            *living.lock().unwrap().entry(key).or_default() += 1;
            let at_end = SendWrapper::new((ended.clone(), Arc::clone(&living)));
            on_cleanup(move || {
                at_end.0.one_more();
                *at_end.1.lock().unwrap().entry(key).or_default() -= 1;
            });
            row(key, unit)
        };
        view! { <p><For each=move || keys.get() key=|key| *key children /></p> }
    });
    let nodes = || {
        let nodes = mounted.first("p").child_nodes();
        (0..nodes.length()).map(|index| nodes.item(index).unwrap()).collect::<Vec<Node>>()
    };
    let mut dice = Dice(2_463_534_242);
    for round in 0..300 {
        let before = keys.get_untracked();
        let nodes_before = nodes();
        let now = dice.next(&before);
        keys.set(now.clone());
        if dice.below(4) == 0 {
            unit.set(round);
        }
        settled().await;

        assert_eq!(mounted.text(), said(&now, unit.get_untracked()), "{before:?} became {now:?}");
        assert_eq!((builds.get() - ends.get()) as usize, now.len(), "rows that live, {before:?} became {now:?}");
        let count = |keys: &[usize], key| keys.iter().filter(|other| **other == key).count();
        for key in 0..KEYS {
            let lives = alive.lock().unwrap().get(&key).copied().unwrap_or_default();
            assert_eq!(lives, count(&now, key), "rows of {key}, {before:?} became {now:?}");
        }
        // Rows that stay keep their nodes; other nodes are new.
        let nodes_now = nodes();
        let stayed = nodes_now.iter().filter(|node| nodes_before.iter().any(|other| other.is_same_node(Some(node))));
        // A text that changes stands between two comment nodes.
        let each = [1, 0, 4, 2];
        let staying = (0..KEYS).map(|key| each[key % 4] * count(&before, key).min(count(&now, key)));
        // The list's own two comment nodes always stay.
        assert_eq!(stayed.count(), staying.sum::<usize>() + 2, "{before:?} became {now:?}");
    }
}
