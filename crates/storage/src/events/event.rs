//! Events as they are stored, and events as one member sees them.

use member_domain::{
    City, Place, UnixMillis,
    wire::{MemberEvent, SignUp, SignUpState},
};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{Database, StorageError, StorageResult};

/// An event, as a file describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRecord {
    /// Stable id.
    pub id: String,
    /// The title.
    pub title: String,
    /// What happens at the event; `None` if not given.
    pub about: Option<String>,
    /// The city.
    pub city: City,
    /// The venue's name.
    pub venue: String,
    /// The district, as written locally; `None` if not given.
    pub district: Option<String>,
    /// Street and number; `None` if not given.
    pub address: Option<String>,
    /// The position as published, in WGS 84 or GCJ-02; `None` if not known.
    pub place: Option<Place>,
    /// The shop at which the event takes place; `None` if it is not at a shop of the programme.
    pub shop_id: Option<String>,
    /// When the event starts. Sign-ups and cancellations end then.
    pub starts_at: UnixMillis,
    /// When the event ends, at most [`LONGEST_EVENT_MILLIS`] after the start; `None` if not known.
    pub ends_at: Option<UnixMillis>,
    /// The number of seats.
    pub seats: u32,
}

/// An event and the numbers of its sign-ups, for operators.
pub struct EventOverview {
    /// The event.
    pub event: EventRecord,
    /// The number of members who have a seat.
    pub seated: u32,
    /// The number of members on the waiting list.
    pub waiting: u32,
}

/// The columns that [`record`] reads, in its order. After them, the number of members who have a seat and the
/// number of members on the waiting list.
const COLUMNS: &str = "member_events.id, title, about, city, venue, district, address, lat, lng, coord_system, shop_id,
                       starts_at, ends_at, seats,
                       (SELECT COUNT(*) FROM event_sign_ups WHERE event_id = member_events.id AND state = 'seat'),
                       (SELECT COUNT(*) FROM event_sign_ups WHERE event_id = member_events.id AND state = 'waiting')";

/// The sign-up of the member `?1`: the state, and the position on the waiting list.
const OWN: &str = "own.state, CASE own.state WHEN 'waiting' THEN
                       (SELECT COUNT(*) FROM event_sign_ups AS ahead
                        WHERE ahead.event_id = own.event_id AND ahead.state = 'waiting' AND ahead.seq <= own.seq) END
                   FROM member_events
                   LEFT JOIN event_sign_ups AS own ON own.event_id = member_events.id AND own.member_id = ?1";

/// The longest duration of an event, in milliseconds: 31 days.
pub const LONGEST_EVENT_MILLIS: i64 = 31 * 86_400_000;

impl Database {
    /// The events that are not over at `now`, soonest first, at most `limit`, as this member sees them. With
    /// a `city`, only the events in that city.
    pub async fn member_events(
        &self,
        member_id: String,
        city: Option<City>,
        now: UnixMillis,
        limit: u32,
    ) -> StorageResult<Vec<MemberEvent>> {
        self.read(move |connection| {
            // Each case has its own query text, so that each uses its own index.
            let of_city = if city.is_some() { "city = ?4" } else { "CAST(?4 AS TEXT) IS NULL" };
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

    /// All events, latest first.
    pub async fn event_overviews(&self) -> StorageResult<Vec<EventOverview>> {
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
}

/// The event with this id; `None` if there is none.
pub(super) fn event_record(connection: &Connection, id: &str) -> StorageResult<Option<EventRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM member_events WHERE id = ?1");
    let found = connection.prepare_cached(&sql)?.query_row([id], |row| Ok(record(row))).optional()?;
    found.transpose()
}

/// The event with this id as this member sees it. Fails if there is no such event.
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
        // An import can reduce the seats below the number of members who have one.
        seats_left: event.seats.saturating_sub(seated),
        waiting,
        sign_up: SignUp { state, position: row.get(17)? },
    })
}
