//! Joins pages of the member's ledger into one list.

use member_domain::wire::LedgerPage;

/// Joins the newest page with the known entries, if the two overlap. If they do not overlap, entries between them are
/// missing, and the result is the newest page only.
pub fn join_newest(newest: LedgerPage, known: Option<&LedgerPage>) -> LedgerPage {
    let oldest = newest.redemptions.last().map(|entry| &entry.id);
    let Some(known) = known else { return newest };
    match known.redemptions.iter().position(|entry| Some(&entry.id) == oldest) {
        Some(place) if place + 1 < known.redemptions.len() => {
            let older = known.redemptions[place + 1..].iter().cloned();
            let redemptions = newest.redemptions.into_iter().chain(older).collect();
            LedgerPage { redemptions, next_cursor: known.next_cursor.clone() }
        }
        _ => newest,
    }
}

/// Appends the page that was requested with `cursor`, unless the end of the list has changed since.
pub fn append_older(known: &mut LedgerPage, cursor: &str, older: LedgerPage) {
    if known.next_cursor.as_deref() == Some(cursor) {
        known.redemptions.extend(older.redemptions);
        known.next_cursor = older.next_cursor;
    }
}
