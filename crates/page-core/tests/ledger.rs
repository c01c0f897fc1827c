//! Joining pages of the ledger: a table of cases, and random pages.

use member_domain::{
    Fen, UnixMillis,
    wire::{LedgerEntry, LedgerPage},
};
use page_core::{append_older, join_newest};
use proptest::prelude::*;

fn entry(number: u32) -> LedgerEntry {
    LedgerEntry {
        id: number.to_string(),
        shop_id: "sh-coffee".to_owned(),
        shop_name: String::new(),
        bill_fen: Fen(100),
        saved_fen: Fen(10),
        payable_fen: Fen(90),
        redeemed_at: UnixMillis(i64::from(number)),
        cancelled_at: None,
    }
}

/// A page with these entries, newest first.
fn page(numbers: &[u32], next_cursor: Option<&str>) -> LedgerPage {
    LedgerPage {
        redemptions: numbers.iter().copied().map(entry).collect(),
        next_cursor: next_cursor.map(str::to_owned),
    }
}

#[test]
fn the_newest_page_keeps_what_is_known_behind_it() {
    for (newest, known, joined) in [
        // No entries are known.
        (page(&[3, 2], Some("2")), None, page(&[3, 2], Some("2"))),
        // No new entries: the older ones stay.
        (page(&[5, 4], Some("4")), Some(page(&[5, 4, 3, 2], Some("2"))), page(&[5, 4, 3, 2], Some("2"))),
        // One new entry moved another out of the newest page.
        (page(&[6, 5], Some("5")), Some(page(&[5, 4, 3], None)), page(&[6, 5, 4, 3], None)),
        // So many entries are new that the pages do not overlap: the entries between them are unknown.
        (page(&[9, 8], Some("8")), Some(page(&[5, 4, 3], None)), page(&[9, 8], Some("8"))),
        // The newest page contains all known entries.
        (page(&[5, 4], Some("4")), Some(page(&[5, 4], Some("old"))), page(&[5, 4], Some("4"))),
        // The ledger is now empty.
        (page(&[], None), Some(page(&[5, 4], None)), page(&[], None)),
    ] {
        assert_eq!(join_newest(newest, known.as_ref()), joined);
    }
}

#[test]
fn an_older_page_goes_behind_the_list_that_asked_for_it() {
    let mut known = page(&[5, 4], Some("4"));
    append_older(&mut known, "4", page(&[3, 2], Some("2")));
    assert_eq!(known, page(&[5, 4, 3, 2], Some("2")));
    // The list was refreshed meanwhile and has another end.
    append_older(&mut known, "4", page(&[3, 2], Some("2")));
    assert_eq!(known, page(&[5, 4, 3, 2], Some("2")));
}

proptest! {
    /// For any number of redemptions between two visits, the list has no gap and no duplicates.
    #[test]
    fn a_joined_list_is_without_holes(first in 1_u32..40, new in 0_u32..40, size in 1_usize..10) {
        let descending = |from: u32, len: usize| (1..=from).rev().take(len).collect::<Vec<_>>();
        let known = page(&descending(first, 3 * size), Some("known"));
        let newest = page(&descending(first + new, size), Some("newest"));
        let joined = join_newest(newest, Some(&known));
        let numbers: Vec<i64> = joined.redemptions.iter().map(|entry| entry.redeemed_at.0).collect();
        prop_assert!(numbers.windows(2).all(|pair| pair[0] == pair[1] + 1), "{numbers:?}");
        prop_assert_eq!(numbers[0], i64::from(first + new));
    }
}
