//! The rules for repeated requests.

use member_domain::{Fen, UnixMillis, wire::LedgerEntry};
use page_core::{
    RefreshRules,
    live::{Circumstances, Effect as E, Event},
};

/// An online page with an open code sheet and all data.
const OPEN: Circumstances = Circumstances {
    is_member_known: true,
    is_open: true,
    has_shown_code: false,
    is_member_stale: false,
    are_events_stale: false,
    has_time: true,
    is_stream_closed: false,
};
const SHUT: Circumstances = Circumstances { is_open: false, ..OPEN };
const SIGNED_OUT: Circumstances = Circumstances { is_member_known: false, ..OPEN };

/// A page with a connected stream.
fn connected() -> RefreshRules {
    let mut live = RefreshRules::default();
    assert_eq!(live.update(Event::MemberKnown(true), OPEN), [E::OpenStream]);
    assert_eq!(live.update(Event::Connected, OPEN), []);
    live
}

/// A page with a broken stream.
fn disconnected() -> RefreshRules {
    let mut live = connected();
    assert_eq!(live.update(Event::Disconnected, OPEN), [E::RequestMember], "the network may be gone");
    live
}

#[test]
fn a_member_has_one_stream() {
    let mut live = connected();
    assert_eq!(live.update(Event::MemberKnown(true), OPEN), []);
    assert_eq!(live.update(Event::MemberKnown(false), SIGNED_OUT), [E::CloseStream]);
    assert_eq!(live.update(Event::Poll, OPEN), [E::RequestResult], "and without it the page asks");
    assert_eq!(live.update(Event::MemberKnown(true), OPEN), [E::OpenStream], "the next member's");
}

#[test]
fn a_result_is_asked_for_where_nobody_tells() {
    for (what, mut live, at, effects) in [
        ("no stream yet", RefreshRules::default(), OPEN, vec![E::RequestResult]),
        ("broken off", disconnected(), OPEN, vec![E::RequestResult]),
        ("the stream tells", connected(), OPEN, vec![]),
        ("no code on screen", disconnected(), SHUT, vec![]),
        ("nobody signed in", disconnected(), SIGNED_OUT, vec![]),
    ] {
        assert_eq!(live.update(Event::Poll, at), effects, "{what}");
    }
}

#[test]
fn a_check_asks_for_what_is_missing() {
    let stale = Circumstances { is_member_stale: true, ..SHUT };
    let events = Circumstances { are_events_stale: true, ..SHUT };
    let timeless = Circumstances { has_time: false, ..OPEN };
    let given_up = Circumstances { is_stream_closed: true, ..SHUT };
    let (look, shops) = (E::CheckCodes, E::RetryShops);
    for (what, at, effects) in [
        ("nothing", SHUT, vec![look.clone(), shops.clone()]),
        ("a dead stream shows in no other way", OPEN, vec![E::RequestResult, look.clone(), shops.clone()]),
        ("nobody signed in", SIGNED_OUT, vec![look.clone(), shops.clone()]),
        ("the member's state", stale, vec![look.clone(), E::RequestMember, shops.clone()]),
        ("the events", events, vec![look.clone(), shops.clone(), E::RequestEvents]),
        ("the time", timeless, vec![E::RequestResult, look.clone(), E::RequestMember, shops.clone()]),
        ("the time, unused", Circumstances { is_open: false, ..timeless }, vec![look.clone(), shops.clone()]),
        ("the stream", given_up, vec![E::OpenStream, look.clone(), E::RequestMember, shops.clone(), E::RequestEvents]),
        ("the stream of nobody", Circumstances { is_member_known: false, ..given_up }, vec![look, shops]),
    ] {
        assert_eq!(connected().update(Event::Check, at), effects, "{what}");
    }
}

#[test]
fn what_the_stream_tells_is_taken_in_or_asked_for() {
    let entry = LedgerEntry {
        id: "r-1".to_owned(),
        shop_id: "tea".to_owned(),
        shop_name: String::new(),
        bill_fen: Fen(8_400),
        saved_fen: Fen(840),
        payable_fen: Fen(7_560),
        redeemed_at: UnixMillis(1_795_348_800_000),
        cancelled_at: None,
    };
    let stale = Circumstances { is_member_stale: true, ..OPEN };
    for (event, at, effects) in [
        (Event::Redeemed(entry.clone()), OPEN, vec![E::HandleRedemption(entry)]),
        (Event::MemberEvent, OPEN, vec![E::RequestEvents]),
        (Event::Changed, OPEN, vec![E::RequestMember, E::RequestEvents]),
        (Event::Connected, OPEN, vec![]),
        (Event::Connected, Circumstances { has_shown_code: true, ..SHUT }, vec![E::RequestResult]),
        (Event::Connected, Circumstances { has_shown_code: true, ..SIGNED_OUT }, vec![]),
        (Event::Connected, stale, vec![E::RequestMember]),
        (Event::Disconnected, OPEN, vec![E::RequestMember]),
    ] {
        assert_eq!(connected().update(event.clone(), at), effects, "{event:?}");
    }
    assert_eq!(disconnected().update(Event::Disconnected, OPEN), [], "said once");
}

#[test]
fn a_page_that_comes_back_asks_for_everything() {
    let all = [E::CheckClock, E::CheckCodes, E::RetryShop, E::RequestMember, E::RequestShops, E::RequestEvents];
    assert_eq!(connected().update(Event::PageResumed, OPEN), all);
    assert_eq!(connected().update(Event::Offline, OPEN), [E::RequestMember, E::RequestShops]);
    assert_eq!(connected().update(Event::TimeLost, OPEN), [E::RequestMember]);
    assert_eq!(connected().update(Event::TimeLost, SIGNED_OUT), []);
}
