//! The member's reminders and their days.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use member_domain::{CivilDate, ProgrammeSchedule, Reminder, UnixMillis, reminders, wire::MeAnswer, wire::MemberEvent};
use serde_json::json;

fn date(text: &str) -> CivilDate {
    text.parse().unwrap()
}

/// The state on `today` of a member whose card is valid until `valid_until`, in a programme that ends on `last_day`.
fn member(valid_until: &str, last_day: Option<&str>, today: &str) -> MeAnswer {
    let last = last_day.map(date);
    let phase = ProgrammeSchedule { last_day: last }.phase_on(date(today));
    let me = json!({
        "serverTime": 0,
        "member": { "nameMasked": "林*" },
        "programme": { "id": "card", "name": "卡", "nameEn": null, "priceFen": 16_800, "phase": phase, "lastDay": last_day },
        "card": {
            "numberMasked": "6601 •••• 4827", "state": "active", "validFrom": "2020-01-01", "validUntil": valid_until,
            "cities": ["shanghai"], "paidFen": 16_800
        },
        "payoff": null,
        "refund": null,
        "credential": { "status": "none" }
    });
    serde_json::from_value::<MeAnswer>(me).unwrap().as_of(date(today))
}

fn event(id: &str, starts_at: UnixMillis, state: &str) -> MemberEvent {
    let event = json!({
        "id": id, "title": id, "city": "shanghai", "venue": "店", "startsAt": starts_at, "seats": 10, "seatsLeft": 3,
        "waiting": 0, "signUp": { "state": state }
    });
    serde_json::from_value(event).unwrap()
}

fn days_left(me: &MeAnswer, today: &str) -> Option<i64> {
    match reminders(me, &[], date(today)).as_slice() {
        [Reminder::CardEnds { days, .. }] => Some(*days),
        _ => None,
    }
}

fn counted(valid_until: &str, last_day: Option<&str>, today: &str) -> Option<i64> {
    days_left(&member(valid_until, last_day, today), today)
}

#[test]
fn the_cards_end_is_told_from_fourteen_days_before_until_the_last_day() {
    let until = "2027-08-24";
    assert_eq!(counted(until, None, "2027-08-09"), None);
    assert_eq!(counted(until, None, "2027-08-10"), Some(14));
    assert_eq!(counted(until, None, "2027-08-23"), Some(1));
    assert_eq!(counted(until, None, "2027-08-24"), Some(0));
    assert_eq!(counted(until, None, "2027-08-25"), None);
}

#[test]
fn the_earlier_of_both_last_days_counts() {
    assert_eq!(counted("2027-08-24", Some("2026-12-31"), "2026-12-30"), Some(1));
    assert_eq!(counted("2026-12-24", Some("2026-12-31"), "2026-12-24"), Some(0));
    assert_eq!(counted("2026-12-24", Some("2026-12-31"), "2026-12-25"), None);
}

#[test]
fn days_are_counted_over_the_leap_day_and_the_years_end() {
    assert_eq!(counted("2028-03-01", None, "2028-02-28"), Some(2));
    assert_eq!(counted("2027-03-01", None, "2027-02-28"), Some(1));
    assert_eq!(counted("2028-02-29", None, "2028-02-29"), Some(0));
    assert_eq!(counted("2027-01-01", None, "2026-12-31"), Some(1));
    assert_eq!(counted("2027-01-02", None, "2026-12-19"), Some(14));
}

#[test]
fn a_card_that_does_not_work_yet_or_is_missing_is_no_reminder() {
    let mut me = member("2019-12-31", None, "2019-12-30");
    assert_eq!(days_left(&me, "2019-12-30"), None);
    me.card = None;
    assert_eq!(days_left(&me, "2019-12-30"), None);
}

#[test]
fn events_with_a_seat_are_told_today_and_tomorrow_by_shanghais_days() {
    let me = member("2030-01-01", None, "2026-12-31");
    let midnight = date("2027-01-01").start_in_shanghai();
    let events = [
        event("tomorrow", midnight, "seat"),
        event("today", midnight.plus_millis(-1), "seat"),
        event("later", midnight.plus_millis(86_400_000), "seat"),
        event("yesterday", midnight.plus_millis(-86_400_001), "seat"),
        event("waiting", midnight, "waiting"),
        event("not-mine", midnight, "none"),
    ];
    let told: Vec<_> = reminders(&me, &events, date("2026-12-31"))
        .into_iter()
        .map(|reminder| match reminder {
            Reminder::Event { id, tomorrow, .. } => (id, tomorrow),
            Reminder::CardEnds { .. } => panic!("the card works for years"),
        })
        .collect();
    assert_eq!(told, [("today".to_owned(), false), ("tomorrow".to_owned(), true)]);
}
