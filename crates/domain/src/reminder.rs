//! What a member is reminded of on a given day: the card's end and the events they have a seat for.
//!
//! Not what a refund needs: the page's banner says that, at any time, right above the reminders.

use crate::{
    CivilDate,
    wire::{CardState, MeAnswer, MemberEvent, SignUpState},
};

/// How many days before the card's last day reminders of it begin.
pub const CARD_END_DAYS: i64 = 14;

/// Something a member is reminded of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reminder {
    /// The card works for the last time on `last_day`, in `days` days: 0 is today.
    CardEnds {
        /// Days from today, up to [`CARD_END_DAYS`].
        days: i64,
        /// The earlier one of the card's own last day and the programme's.
        last_day: CivilDate,
    },
    /// An event that the member has a seat for is today or tomorrow.
    Event {
        /// The event's id.
        id: String,
        /// What it is called.
        title: String,
        /// Whether it is tomorrow, not today.
        tomorrow: bool,
    },
}

/// The last day on which the member's card works, where it works today.
pub fn card_last_day(me: &MeAnswer) -> Option<CivilDate> {
    me.last_day().filter(|_| me.card.as_ref().is_some_and(|card| card.state == CardState::Active))
}

/// What to remind the member of on `today`, the most pressing first: events as they come, then the card. `me` is the
/// member's state as of that day ([`MeAnswer::on`]); an event has its day in Asia/Shanghai, where all of them are.
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
