//! Events for members only, as they are kept and as one member sees them. Who has a seat is in `event_seats`.

use member_domain::{
    City, Place, UnixMillis,
    wire::{MemberEvent, SignUp, SignUpState},
};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{Database, StorageError, StorageResult, event_seats};

/// An event as a file describes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EventRecord {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) about: Option<String>,
    pub(crate) city: City,
    pub(crate) venue: String,
    pub(crate) district: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) place: Option<Place>,
    pub(crate) shop_id: Option<String>,
    pub(crate) starts_at: UnixMillis,
    pub(crate) ends_at: Option<UnixMillis>,
    pub(crate) seats: u32,
}

/// An event and how it fills, for operators.
pub(crate) struct EventOverview {
    pub(crate) event: EventRecord,
    pub(crate) seated: u32,
    pub(crate) waiting: u32,
}

/// What [`record`] reads, in its order, and behind it how many members have a seat and wait for one.
const COLUMNS: &str = "member_events.id, title, about, city, venue, district, address, lat, lng, coord_system, shop_id,
                       starts_at, ends_at, seats,
                       (SELECT COUNT(*) FROM event_sign_ups WHERE event_id = member_events.id AND state = 'seat'),
                       (SELECT COUNT(*) FROM event_sign_ups WHERE event_id = member_events.id AND state = 'waiting')";

/// Where the member `?1` stands: the state, and the place on the waiting list.
const OWN: &str = "own.state, CASE own.state WHEN 'waiting' THEN
                       (SELECT COUNT(*) FROM event_sign_ups AS ahead
                        WHERE ahead.event_id = own.event_id AND ahead.state = 'waiting' AND ahead.seq <= own.seq) END
                   FROM member_events
                   LEFT JOIN event_sign_ups AS own ON own.event_id = member_events.id AND own.member_id = ?1";

/// No event lasts longer than this, in milliseconds: 31 days.
pub(crate) const LONGEST_EVENT_MILLIS: i64 = 31 * 86_400_000;

impl Database {
    /// The events that are not over at `now`, soonest first, at most `limit`, as this member sees them.
    pub(crate) async fn member_events(
        &self,
        member_id: String,
        city: Option<City>,
        now: UnixMillis,
        limit: u32,
    ) -> StorageResult<Vec<MemberEvent>> {
        self.read(move |connection| {
            // One text for each case, so that each has its index.
            let of_city = if city.is_some() { "city = ?4" } else { "?4 IS NULL" };
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS}, {OWN} WHERE {of_city} AND starts_at > ?2 - {LONGEST_EVENT_MILLIS} AND COALESCE(ends_at, starts_at) > ?2
                 ORDER BY starts_at, member_events.id LIMIT ?3"
            ))?;
            let mut rows = statement.query((member_id, now.0, limit, city.map(City::as_str)))?;
            let mut events = Vec::new();
            while let Some(row) = rows.next()? {
                events.push(as_seen(row)?);
            }
            Ok(events)
        })
        .await
    }

    /// Every event, the latest first.
    pub(crate) async fn event_overviews(&self) -> StorageResult<Vec<EventOverview>> {
        self.read(|connection| {
            let mut statement = connection
                .prepare(&format!("SELECT {COLUMNS} FROM member_events ORDER BY starts_at DESC, member_events.id"))?;
            let mut rows = statement.query([])?;
            let mut events = Vec::new();
            while let Some(row) = rows.next()? {
                events.push(EventOverview { event: record(row)?, seated: row.get(14)?, waiting: row.get(15)? });
            }
            Ok(events)
        })
        .await
    }

    /// Adds or updates all of these events, or none. Whoever is signed up is told where anything changes. Seats that are
    /// taken away are free ones only; seats that are added go to those who wait.
    pub(crate) async fn put_member_events(&self, events: Vec<EventRecord>, now: UnixMillis) -> StorageResult<()> {
        self.write(move |transaction| {
            for event in &events {
                let known = event_record(transaction, &event.id)?;
                put(transaction, event)?;
                if known.is_some_and(|known| known != *event) {
                    event_seats::announce_to_all(transaction, &event.id, now)?;
                    event_seats::move_up(transaction, &event.id, now)?;
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

/// The event with this id.
pub(super) fn event_record(connection: &Connection, id: &str) -> StorageResult<Option<EventRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM member_events WHERE id = ?1");
    let found = connection.prepare_cached(&sql)?.query_row([id], |row| Ok(record(row))).optional()?;
    found.transpose()
}

/// The event with this id as this member sees it.
pub(super) fn event_of_member(connection: &Connection, id: &str, member_id: &str) -> StorageResult<MemberEvent> {
    let sql = format!("SELECT {COLUMNS}, {OWN} WHERE member_events.id = ?2");
    connection.prepare_cached(&sql)?.query_row((member_id, id), |row| Ok(as_seen(row)))?
}

fn record(row: &Row<'_>) -> StorageResult<EventRecord> {
    let place: (Option<f64>, Option<f64>, Option<String>) = (row.get(7)?, row.get(8)?, row.get(9)?);
    let place = match place {
        (Some(lat), Some(lng), Some(system)) => {
            Some(Place::new(lat, lng, &system).map_err(|_| StorageError::Unreadable("place"))?)
        }
        _ => None,
    };
    Ok(EventRecord {
        id: row.get(0)?,
        title: row.get(1)?,
        about: row.get(2)?,
        city: City::from_name(&row.get::<_, String>(3)?).map_err(|_| StorageError::Unreadable("city"))?,
        venue: row.get(4)?,
        district: row.get(5)?,
        address: row.get(6)?,
        place,
        shop_id: row.get(10)?,
        starts_at: UnixMillis(row.get(11)?),
        ends_at: row.get::<_, Option<i64>>(12)?.map(UnixMillis),
        seats: row.get(13)?,
    })
}

fn as_seen(row: &Row<'_>) -> StorageResult<MemberEvent> {
    let event = record(row)?;
    let (seated, waiting): (u32, u32) = (row.get(14)?, row.get(15)?);
    let state = match row.get::<_, Option<String>>(16)?.as_deref() {
        None => SignUpState::None,
        Some("seat") => SignUpState::Seat,
        Some(_) => SignUpState::Waiting,
    };
    Ok(MemberEvent {
        id: event.id,
        title: event.title,
        about: event.about,
        city: event.city,
        venue: event.venue,
        district: event.district,
        address: event.address,
        place: event.place,
        shop_id: event.shop_id,
        starts_at: event.starts_at,
        ends_at: event.ends_at,
        seats: event.seats,
        // There may be more members than seats, where seats were taken away.
        seats_left: event.seats.saturating_sub(seated),
        waiting,
        sign_up: SignUp { state, position: row.get(17)? },
    })
}
