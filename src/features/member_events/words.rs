//! Texts about an event, in the member's language.

use member_domain::{
    CivilDate,
    wire::{MemberEvent, SignUpState},
};

use crate::i18n::{Language, joined};

/// The day, for example `12月5日 周六`.
pub(super) fn day(event: &MemberEvent, language: Language) -> String {
    let formats = language.formats();
    let day = CivilDate::in_shanghai(event.starts_at);
    format!("{} {}", formats.day(day), formats.weekday(day))
}

/// Date and time, for example `12月5日 周六 19:30`.
pub(super) fn when(event: &MemberEvent, language: Language) -> String {
    let formats = language.formats();
    let day = CivilDate::in_shanghai(event.starts_at);
    (language.text().event_when)(&formats.day(day), &formats.weekday(day), &formats.time(event.starts_at))
}

/// Seats and waiting members, for example `余 2 席` or `已满 · 3 人候补`.
pub(super) fn seats(event: &MemberEvent, language: Language) -> String {
    let formats = language.formats();
    (language.text().event_seats)(&formats.count(event.seats_left), &formats.count(event.waiting))
}

/// Seats only, for example `余 2 席` or `已满`.
pub(super) fn seats_left(event: &MemberEvent, language: Language) -> String {
    let formats = language.formats();
    (language.text().event_seats)(&formats.count(event.seats_left), &formats.count(0))
}

/// The member's sign-up, for example `已报名` or `候补第 2 位`. Empty without a sign-up.
pub(super) fn sign_up_status(event: &MemberEvent, language: Language) -> String {
    let text = language.text();
    match event.sign_up.state {
        SignUpState::None => String::new(),
        SignUpState::Seat => text.event_signed_up.to_owned(),
        SignUpState::Waiting => {
            let position = event.sign_up.position.map(|position| language.formats().count(position));
            (text.event_waiting)(position.as_ref())
        }
    }
}

/// Venue and district, for example `桂子园 · 徐汇区`.
pub(super) fn venue(event: &MemberEvent) -> String {
    joined([Some(event.venue.clone()), event.district.clone()].into_iter().flatten())
}
