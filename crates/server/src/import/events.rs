//! Imports members-only events from a CSV file.

use std::{
    collections::{HashMap, HashSet},
    io::{Cursor, Read},
};

use member_domain::{City, UnixMillis};
use member_storage::{Database, EventRecord, LONGEST_EVENT_MILLIS};

use super::{
    calendar::minute,
    fault::{Faults, ImportError},
    field::{id, text},
    note::Notes,
    number::{count, with_advice},
    place::place,
    row::Row,
    table::Table,
};

const REQUIRED: [&str; 6] = ["id", "title", "city", "venue", "starts_at", "seats"];
const OPTIONAL: [&str; 8] = ["about", "district", "address", "lng", "lat", "coord_system", "shop", "ends_at"];

/// The maximum number of seats. A larger number is a typing error.
const MOST_SEATS: u32 = 100_000;

/// Adds or updates the events of a CSV file, all or none, and returns their number. With `dry_run`, only
/// checks the file.
pub async fn import_events(
    database: &Database,
    bytes: &[u8],
    now: UnixMillis,
    dry_run: bool,
) -> Result<usize, ImportError> {
    Ok(import_events_from(database, bytes, now, dry_run).await?.0)
}

/// Adds or updates the events like [`import_events`]. Also returns the notes about the file.
pub(crate) async fn import_events_from(
    database: &Database,
    bytes: &[u8],
    now: UnixMillis,
    dry_run: bool,
) -> Result<(usize, Notes), ImportError> {
    let mut notes = Notes::default();
    let mut shops = HashSet::new();
    if let Some(mut table) = Table::open(Cursor::new(bytes), &REQUIRED, &OPTIONAL, &mut Faults::default())? {
        while table.advance(&mut Faults::default())? {
            if let Some(name) = table.row().get("shop").filter(|name| !shops.contains(*name)) {
                let name = name.to_owned();
                if database.shop(name.clone()).await?.is_some() {
                    shops.insert(name);
                }
            }
        }
    }
    let mut faults = Faults::default();
    let mut lines = HashMap::new();
    let mut events = Vec::new();
    if let Some(mut table) = Table::open(Cursor::new(bytes), &REQUIRED, &OPTIONAL, &mut faults)? {
        while table.advance(&mut faults)? {
            let row = table.row();
            if let Some(first) = row.get("id").and_then(|id| lines.insert(id.to_owned(), row.line)) {
                faults.add(row.line, Some("id"), format!("the same id is on line {first}"));
            }
            events.extend(event(&row, &shops, &mut faults));
        }
        notes = table.into_notes_with_encoding();
    }
    let events = faults.or_else(events)?;
    let count = events.len();
    if !dry_run {
        database.put_member_events(events, now).await?;
    }
    Ok((count, notes))
}

/// Parses a row. Reads every field before it returns, so that all faults of the row are reported at once.
fn event<R: Read>(row: &Row<'_, R>, shops: &HashSet<String>, faults: &mut Faults) -> Option<EventRecord> {
    let event_id = row.required("id", faults, id);
    let title = row.required("title", faults, text);
    let about = row.optional("about", faults, text);
    let city = row.required("city", faults, City::from_name);
    let venue = row.required("venue", faults, text);
    let district = row.optional("district", faults, text);
    let address = row.optional("address", faults, text);
    let is_placed = ["lng", "lat", "coord_system"].iter().any(|column| row.get(column).is_some());
    let place = if is_placed { place(row, city, faults).map(Some) } else { Some(None) };
    let shop_id = row.optional("shop", faults, |name| {
        if shops.contains(name) { Ok(name.to_owned()) } else { Err("there is no such shop: import it first") }
    });
    let starts_at = row.required("starts_at", faults, minute);
    let ends_at = row.optional("ends_at", faults, minute);
    if let Some((starts_at, ends_at)) = starts_at.zip(ends_at) {
        if ends_at <= starts_at {
            faults.add(row.line, Some("ends_at"), "does not come after starts_at");
        } else if ends_at.millis_since(starts_at) > LONGEST_EVENT_MILLIS {
            faults.add(row.line, Some("ends_at"), "more than a month after starts_at");
        }
    }
    let seats = row.required("seats", faults, |field| {
        let seats = count(field).and_then(|seats| u32::try_from(seats).ok()).filter(|seats| *seats <= MOST_SEATS);
        seats.ok_or_else(|| with_advice(&format!("a whole number of seats from 0 to {MOST_SEATS}"), field))
    });
    Some(EventRecord {
        id: event_id?,
        title: title?,
        about,
        city: city?,
        venue: venue?,
        district,
        address,
        place: place?,
        shop_id,
        starts_at: starts_at?,
        ends_at,
        seats: seats?,
    })
}
