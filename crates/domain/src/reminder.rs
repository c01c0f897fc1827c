//! The member's reminders on a given day: the card's last day, and the events for which the member has a seat.
//!
//! Refunds are not a reminder: the page always shows them in a banner directly above the reminders.

use crate::{
    CivilDate,
    wire::{CardState, MeAnswer, MemberEvent, SignUpState},
};

/// The number of days before the card's last day on which its reminders begin.
pub const CARD_END_DAYS: i64 = 14;

/// A reminder for the member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reminder {
    /// The card works for the last time on `last_day`, in `days` days. 0 means today.
    CardEnds {
        /// The days from today, at most [`CARD_END_DAYS`].
        days: i64,
        /// The earlier of the card's own last day and the programme's.
        last_day: CivilDate,
    },
    /// An event for which the member has a seat is today or tomorrow.
    Event {
        /// The event's id.
        id: String,
        /// The event's title.
        title: String,
        /// Whether the event is tomorrow; otherwise it is today.
        tomorrow: bool,
    },
}

/// The last day on which the member's card works. `None` if the card does not work today.
pub fn card_last_day(me: &MeAnswer) -> Option<CivilDate> {
    me.last_day().filter(|_| me.card.as_ref().is_some_and(|card| card.state == CardState::Active))
}

/// The member's reminders on `today`, the most urgent first: events by time, then the card. `me` is the member's state
/// as of that day ([`MeAnswer::as_of`]). The day of an event is the day in Asia/Shanghai; all events take place there.
pub fn reminders(me: &MeAnswer, events: &[MemberEvent], today: CivilDate) -> Vec<Reminder> {
    let mut seats: Vec<_> = events.iter().filter(|event| event.sign_up.state == SignUpState::Seat).collect();
    seats.sort_by_key(|event| event.starts_at);
    let events = seats.into_iter().filter_map(|event| {
        let days = CivilDate::in_shanghai(event.starts_at).days_since(today);
        let tomorrow = days == 1;
        (tomorrow || days == 0).then(|| Reminder::Event { id: event.id.clone(), title: event.title.clone(), tomorrow })
    });
    let card = card_last_day(me).and_then(|last_day| {
        let days = last_day.days_since(today);
        (0..=CARD_END_DAYS).contains(&days).then_some(Reminder::CardEnds { days, last_day })
    });
    events.chain(card).collect()
}
