//! Seats of an event and its waiting list. Writers of one event exclude each other, so no more seats are given
//! than there are. The waiting list is in the order of sign-up.

use member_domain::{
    City, CivilDate, ProgrammePhase, ProgrammeSchedule, UnixMillis,
    wire::{MemberEvent, SignUpState},
};
use rusqlite::{Connection, OptionalExtension};

use super::event::{EventRecord, event_of_member, event_record};
use crate::{Database, StorageError, StorageResult, columns::date, engine::Guard};

/// The reason why a member's sign-up for an event does not change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignUpRefusal {
    /// There is no such event.
    NoEvent,
    /// The event has started.
    Begun,
    /// The member has no card.
    NoCard,
    /// The card is not valid on the day of the event.
    NotThatDay,
    /// The card is not valid in the event's city.
    NotInCity,
    /// The programme will have ended when the event starts.
    ProgrammeEnded,
}

/// A line of the list for the door of an event.
pub struct SignUpRow {
    /// Has a seat, or waits for one.
    pub state: SignUpState,
    /// The position among the members in the same state, from 1.
    pub position: u32,
    /// The member.
    pub member_id: String,
    /// The full name: the list is for the operator only.
    pub name: String,
    /// When the member signed up.
    pub signed_up_at: UnixMillis,
}

type Outcome = Result<MemberEvent, SignUpRefusal>;

impl Database {
    /// Signs a member up: for a seat if one is free, otherwise for the waiting list. A repeated request
    /// changes nothing.
    pub async fn sign_up(&self, event_id: String, member_id: String, now: UnixMillis) -> StorageResult<Outcome> {
        self.write(Guard::event(&event_id), move |transaction| {
            let event = match open_event(transaction, &event_id, now)? {
                Ok(event) => event,
                Err(refusal) => return Ok(Err(refusal)),
            };
            if !is_signed_up(transaction, &event_id, &member_id)? {
                if let Err(refusal) = check_cards(transaction, &member_id, &event)? {
                    return Ok(Err(refusal));
                }
                place(transaction, &event, &member_id, now)?;
                announce(transaction, &event_id, &member_id, now)?;
            }
            event_of_member(transaction, &event_id, &member_id).map(Ok)
        })
        .await
    }

    /// Cancels a member's sign-up. A seat that becomes free goes to the first member on the waiting list. A
    /// repeated request changes nothing.
    pub async fn cancel_sign_up(&self, event_id: String, member_id: String, now: UnixMillis) -> StorageResult<Outcome> {
        self.write(Guard::event(&event_id), move |transaction| {
            if let Err(refusal) = open_event(transaction, &event_id, now)? {
                return Ok(Err(refusal));
            }
            let cancelled = transaction
                .prepare_cached("DELETE FROM event_sign_ups WHERE event_id = ?1 AND member_id = ?2")?
                .execute((&event_id, &member_id))?;
            if cancelled == 1 {
                announce(transaction, &event_id, &member_id, now)?;
                move_up(transaction, &event_id, now)?;
            }
            event_of_member(transaction, &event_id, &member_id).map(Ok)
        })
        .await
    }

    /// Signs these members up for an event, in this order, without a check of their cards. Members who are
    /// already signed up are skipped. For demo data.
    pub async fn seed_sign_ups(&self, event_id: String, members: Vec<String>, now: UnixMillis) -> StorageResult<()> {
        self.write(Guard::event(&event_id), move |transaction| {
            let Some(event) = event_record(transaction, &event_id)? else { return Ok(()) };
            for member in &members {
                if !is_signed_up(transaction, &event_id, member)? {
                    place(transaction, &event, member, now)?;
                }
            }
            Ok(())
        })
        .await
    }

    /// All sign-ups for an event, seats first; `None` if there is no such event.
    pub async fn sign_ups(&self, event_id: String) -> StorageResult<Option<Vec<SignUpRow>>> {
        self.read(move |connection| {
            if event_record(connection, &event_id)?.is_none() {
                return Ok(None);
            }
            let mut statement = connection.prepare(
                "SELECT state = 'seat', ROW_NUMBER() OVER (PARTITION BY state ORDER BY seq), members.id, name,
                        signed_up_at
                 FROM event_sign_ups JOIN members ON members.id = member_id
                 WHERE event_id = ?1 ORDER BY state, seq",
            )?;
            let rows = statement.query_map([event_id], |row| {
                Ok(SignUpRow {
                    state: if row.get(0)? { SignUpState::Seat } else { SignUpState::Waiting },
                    position: row.get(1)?,
                    member_id: row.get(2)?,
                    name: row.get(3)?,
                    signed_up_at: UnixMillis(row.get(4)?),
                })
            })?;
            Ok(Some(rows.collect::<Result<_, _>>()?))
        })
        .await
    }
}

fn open_event(
    connection: &Connection,
    event_id: &str,
    now: UnixMillis,
) -> StorageResult<Result<EventRecord, SignUpRefusal>> {
    Ok(match event_record(connection, event_id)? {
        None => Err(SignUpRefusal::NoEvent),
        Some(event) if event.starts_at <= now => Err(SignUpRefusal::Begun),
        Some(event) => Ok(event),
    })
}

fn is_signed_up(connection: &Connection, event_id: &str, member_id: &str) -> StorageResult<bool> {
    let found = connection
        .prepare_cached("SELECT 1 FROM event_sign_ups WHERE event_id = ?1 AND member_id = ?2")?
        .query_row((event_id, member_id), |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

fn seated(connection: &Connection, event_id: &str) -> StorageResult<u32> {
    Ok(connection
        .prepare_cached("SELECT COUNT(*) FROM event_sign_ups WHERE event_id = ?1 AND state = 'seat'")?
        .query_row([event_id], |row| row.get(0))?)
}

/// Signs up a member who is not signed up yet. Nobody waits while a seat is free, so a free seat goes to this
/// member.
fn place(connection: &Connection, event: &EventRecord, member_id: &str, now: UnixMillis) -> StorageResult<()> {
    let state = if seated(connection, &event.id)? < event.seats { "seat" } else { "waiting" };
    connection
        .prepare_cached(
            "INSERT INTO event_sign_ups (event_id, member_id, state, signed_up_at) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((&event.id, member_id, state, now.0))?;
    Ok(())
}

/// Gives free seats to the first members on the waiting list, and notifies them.
pub(super) fn move_up(connection: &Connection, event_id: &str, now: UnixMillis) -> StorageResult<()> {
    let Some(event) = event_record(connection, event_id)? else { return Ok(()) };
    let free = event.seats.saturating_sub(seated(connection, event_id)?);
    let mut statement = connection.prepare_cached(
        "SELECT member_id FROM event_sign_ups WHERE event_id = ?1 AND state = 'waiting' ORDER BY seq LIMIT ?2",
    )?;
    let first = statement.query_map((event_id, free), |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    for member_id in first {
        connection
            .prepare_cached("UPDATE event_sign_ups SET state = 'seat' WHERE event_id = ?1 AND member_id = ?2")?
            .execute((event_id, &member_id))?;
        announce(connection, event_id, &member_id, now)?;
    }
    Ok(())
}

/// Notifies a member's open pages that the member's sign-up for an event has changed.
fn announce(connection: &Connection, event_id: &str, member_id: &str, now: UnixMillis) -> StorageResult<()> {
    connection
        .prepare_cached("INSERT INTO changes (kind, member_id, event_id, at) VALUES ('member-event', ?2, ?1, ?3)")?
        .execute((event_id, member_id, now.0))?;
    Ok(())
}

/// Notifies all members who are signed up that the event has changed.
pub(super) fn announce_to_all(connection: &Connection, event_id: &str, now: UnixMillis) -> StorageResult<()> {
    connection
        .prepare_cached(
            "INSERT INTO changes (kind, member_id, event_id, at)
             SELECT 'member-event', member_id, event_id, ?2 FROM event_sign_ups WHERE event_id = ?1 ORDER BY seq",
        )?
        .execute((event_id, now.0))?;
    Ok(())
}

/// Whether a card of the member admits to the event. If none does, returns the refusal for the card that is
/// valid longest.
fn check_cards(
    connection: &Connection,
    member_id: &str,
    event: &EventRecord,
) -> StorageResult<Result<(), SignUpRefusal>> {
    let mut statement = connection.prepare_cached(
        "SELECT valid_from, valid_until, programmes.last_day, cities
         FROM cards JOIN programmes ON programmes.id = cards.programme_id
         WHERE member_id = ?1 ORDER BY valid_until DESC, cards.number",
    )?;
    let mut rows = statement.query([member_id])?;
    let mut first = None;
    while let Some(row) = rows.next()? {
        let text = |column| row.get::<_, String>(column).map_err(StorageError::from);
        let last_day: Option<String> = row.get(2)?;
        let schedule = ProgrammeSchedule { last_day: last_day.as_deref().map(date).transpose()? };
        let verdict = admits((date(&text(0)?)?, date(&text(1)?)?), schedule, &text(3)?, event.city, event.starts_at);
        if verdict.is_ok() {
            return Ok(verdict);
        }
        first = first.or(Some(verdict));
    }
    Ok(first.unwrap_or(Err(SignUpRefusal::NoCard)))
}

/// Whether a card with these days and cities admits to an event in `city` at `starts_at`.
fn admits(
    (valid_from, valid_until): (CivilDate, CivilDate),
    schedule: ProgrammeSchedule,
    cities: &str,
    city: City,
    starts_at: UnixMillis,
) -> Result<(), SignUpRefusal> {
    if schedule.phase_at(starts_at) == ProgrammePhase::Ended {
        return Err(SignUpRefusal::ProgrammeEnded);
    }
    if !(valid_from..=valid_until).contains(&CivilDate::in_shanghai(starts_at)) {
        return Err(SignUpRefusal::NotThatDay);
    }
    let there = cities.split(';').any(|name| name == city.as_str());
    if there { Ok(()) } else { Err(SignUpRefusal::NotInCity) }
}
