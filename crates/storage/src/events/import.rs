//! Imports events from a file.

use member_domain::{Place, UnixMillis};
use rusqlite::Connection;

use super::{
    event::{EventRecord, event_record},
    seats,
};
use crate::{Database, StorageResult, engine::Guard};

impl Database {
    /// Adds or updates all of these events, or none. If an event changes, all members who are signed up for
    /// it are notified. If it has fewer seats, members keep the seats they have. If it has more seats, the
    /// new seats go to the waiting list.
    pub async fn put_member_events(&self, events: Vec<EventRecord>, now: UnixMillis) -> StorageResult<()> {
        let guard = Guard::Events(events.iter().map(|event| event.id.clone()).collect());
        self.write(guard, move |transaction| {
            for event in &events {
                let known = event_record(transaction, &event.id)?;
                put(transaction, event)?;
                if known.is_some_and(|known| known != *event) {
                    seats::announce_to_all(transaction, &event.id, now)?;
                    seats::move_up(transaction, &event.id, now)?;
                }
            }
            Ok(())
        })
        .await
    }
}

fn put(connection: &Connection, event: &EventRecord) -> StorageResult<()> {
    let place = event.place.map(|place| match place {
        Place::Wgs84(at) => (at.lat, at.lng, place.coord_system()),
        Place::Gcj02(at) => (at.lat, at.lng, place.coord_system()),
    });
    connection
        .prepare_cached(
            "INSERT INTO member_events (id, title, about, city, venue, district, address, lat, lng, coord_system,
                                        shop_id, starts_at, ends_at, seats)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (id) DO UPDATE SET title = excluded.title, about = excluded.about, city = excluded.city,
                 venue = excluded.venue, district = excluded.district, address = excluded.address,
                 lat = excluded.lat, lng = excluded.lng, coord_system = excluded.coord_system,
                 shop_id = excluded.shop_id, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
                 seats = excluded.seats",
        )?
        .execute((
            &event.id,
            &event.title,
            &event.about,
            event.city.as_str(),
            &event.venue,
            &event.district,
            &event.address,
            place.map(|(lat, ..)| lat),
            place.map(|(_, lng, _)| lng),
            place.map(|(.., system)| system),
            &event.shop_id,
            event.starts_at.0,
            event.ends_at.map(|at| at.0),
            event.seats,
        ))?;
    Ok(())
}
