//! Events for members only: the list, signing up, the waiting list, and notifications.

use std::sync::Arc;

use crate::support::{Answer, Caller, DAY, Events, HOUR, SECOND, TestApp, counter::COFFEE, staff::sql};
use futures_util::future::join_all;
use member_domain::wire::{MemberEvent, MemberEventList, ProblemKind, SignUp, SignUpState};
use reqwest::Method;
use serde_json::json;

const HEADER: &str = "id,title,city,venue,starts_at,seats";
/// The number of members in a race.
const RIVALS: usize = 64;

const SEAT: SignUp = SignUp { state: SignUpState::Seat, position: None };
const NONE: SignUp = SignUp { state: SignUpState::None, position: None };

const fn waiting(position: u32) -> SignUp {
    SignUp { state: SignUpState::Waiting, position: Some(position) }
}

/// Imports events; they begin tomorrow at 19:30 unless the row has another time.
async fn put(app: &TestApp, rows: &[&str]) {
    let csv = format!("{HEADER}\n{}\n", rows.join("\n"));
    member_server::import_events(&app.database, csv.as_bytes(), app.now(), false).await.unwrap();
}

async fn put_event(app: &TestApp, id: &str, seats: u32) {
    put(app, &[&format!("{id},小聚,shanghai,店里,2026-11-21 19:30,{seats}")]).await;
}

async fn send(app: &TestApp, method: Method, member: &Caller, event: &str) -> Answer {
    app.call(method, &format!("/v1/member-events/{event}/sign-up")).by(member).answer().await
}

async fn sign_up(app: &TestApp, member: &Caller, event: &str) -> MemberEvent {
    send(app, Method::PUT, member, event).await.expect(200).json()
}

async fn cancel(app: &TestApp, member: &Caller, event: &str) -> MemberEvent {
    send(app, Method::DELETE, member, event).await.expect(200).json()
}

async fn list(app: &TestApp, member: &Caller, query: &str) -> Vec<MemberEvent> {
    let answer = app.get(&format!("/v1/member-events{query}")).by(member).answer().await.expect(200);
    let list: MemberEventList = answer.json();
    assert_eq!(list.server_time, app.now());
    list.events
}

async fn seen(app: &TestApp, member: &Caller, event: &str) -> MemberEvent {
    list(app, member, "").await.into_iter().find(|seen| seen.id == event).unwrap()
}

/// So many signed-in members with cards: `m0`, `m1` and so on.
async fn members(app: &TestApp, count: usize) -> Vec<Caller> {
    app.operator(&["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "16800"]);
    let row = |index: usize| format!("m{index},张{index},{index:012},p,2026-01-01,2026-12-31\n");
    let rows: String = (0..count).map(row).collect();
    let csv = format!("id,name,card_number,programme,valid_from,valid_until\n{rows}");
    member_server::import_members(&app.database, csv.as_bytes(), app.now()).await.unwrap();
    // Sessions are inserted as the command would, since 64 commands take long.
    let callers = (0..count).map(|index| {
        let token = format!("token-of-m{index}");
        let hash: String = <sha2::Sha256 as sha2::Digest>::digest(&token).iter().map(|b| format!("{b:02x}")).collect();
        sql(app, &format!("INSERT INTO sessions VALUES (x'{hash}', 'm{index}', {})", i64::MAX));
        Caller::Bearer(token)
    });
    callers.collect()
}

#[tokio::test]
async fn the_list_has_what_is_to_come_the_soonest_first() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    put(
        &app,
        &[
            "gone,过去,shanghai,店里,2026-11-20 12:00,5",
            "now,就要开始,shanghai,店里,2026-11-20 12:01,5",
            "z,同时,shanghai,店里,2026-11-21 10:00,5",
            "a,同时,hangzhou,店里,2026-11-21 10:00,5",
        ],
    )
    .await;
    let ids = |events: Vec<MemberEvent>| events.into_iter().map(|event| event.id).collect::<Vec<_>>();
    let all = ids(list(&app, &member, "").await);
    assert_eq!(all[..3], ["now", "a", "z"]);
    assert_eq!(all.len(), 10);
    assert_eq!(ids(list(&app, &member, "?city=hangzhou").await), ["a", "hz-tea-hill", "hz-canal-reading"]);
    app.get("/v1/member-events?city=beijing").by(&member).answer().await.invalid("city");
    app.get("/v1/member-events").answer().await.problem(ProblemKind::Unauthorized);
    app.get("/v1/member-events").by(&app.terminal(COFFEE).await).answer().await.problem(ProblemKind::Unauthorized);
}

#[tokio::test]
async fn the_demo_has_a_full_event_and_one_with_two_seats_left() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    let events = list(&app, &member, "").await;
    let named = |id: &str| events.iter().find(|event| event.id == id).unwrap();
    assert!((6..=8).contains(&events.len()));
    let full = named("sh-shengbo-night");
    assert_eq!((full.seats, full.seats_left, full.waiting, full.sign_up), (6, 0, 3, NONE));
    assert_eq!((named("sh-handdrip-class").seats_left, named("sh-handdrip-class").waiting), (2, 0));
    assert_eq!(full.shop_id.as_deref(), Some("sh-shengbo-theatre"));
    assert!(full.place.is_some() && full.ends_at.is_some() && full.about.is_some());
    app.clock.advance_millis(21 * DAY);
    assert_eq!(list(&app, &member, "").await.len(), 0);
}

#[tokio::test]
async fn signing_up_and_cancelling_twice_is_as_good_as_once() {
    let app = TestApp::demo().await;
    put_event(&app, "e", 1).await;
    let members = members(&app, 2).await;
    for _ in 0..2 {
        let event = sign_up(&app, &members[0], "e").await;
        assert_eq!((event.sign_up, event.seats_left), (SEAT, 0));
        let event = sign_up(&app, &members[1], "e").await;
        assert_eq!((event.sign_up, event.seats_left, event.waiting), (waiting(1), 0, 1));
    }
    assert_eq!(seen(&app, &members[1], "e").await.sign_up, waiting(1));
    for _ in 0..2 {
        let event = cancel(&app, &members[1], "e").await;
        assert_eq!((event.sign_up, event.seats_left, event.waiting), (NONE, 0, 0));
    }
    for _ in 0..2 {
        let event = cancel(&app, &members[0], "e").await;
        assert_eq!((event.sign_up, event.seats_left, event.waiting), (NONE, 1, 0));
    }
}

#[tokio::test]
async fn a_seat_that_becomes_free_goes_to_whoever_waits_longest() {
    let app = TestApp::demo().await;
    put_event(&app, "e", 1).await;
    let members = members(&app, 4).await;
    for (member, expected) in members.iter().zip([SEAT, waiting(1), waiting(2), waiting(3)]) {
        assert_eq!(sign_up(&app, member, "e").await.sign_up, expected);
    }
    cancel(&app, &members[1], "e").await;
    assert_eq!(sign_up(&app, &members[1], "e").await.sign_up, waiting(3), "who comes back stands at the end");
    cancel(&app, &members[0], "e").await;
    for (member, expected) in members.iter().zip([NONE, waiting(2), SEAT, waiting(1)]) {
        let event = seen(&app, member, "e").await;
        assert_eq!((event.sign_up, event.seats_left, event.waiting), (expected, 0, 2));
    }
    let door = app.operator(&["events", "sign-ups", "e"]);
    let lines: Vec<&str> = door.lines().map(|line| line.rsplit_once(',').unwrap().0).collect();
    let expected = ["state,position,member,name", "seat,1,m2,张2", "waiting,1,m3,张3", "waiting,2,m1,张1"];
    assert_eq!(lines, expected, "{door}");
    assert!(door.lines().nth(1).unwrap().ends_with(",2026-11-20 12:00"));
    assert!(app.operator(&["events", "list"]).contains("e,小聚,shanghai,2026-11-21 19:30,1,1,2"));
}

#[tokio::test]
async fn whoever_moves_up_is_told_and_so_is_everybodys_own_other_tab() {
    let app = TestApp::demo().await;
    put_event(&app, "e", 1).await;
    let members = members(&app, 3).await;
    let mut streams = Vec::new();
    for member in &members {
        streams.push(Events::open(&app, member, None).await);
    }
    for member in &members {
        sign_up(&app, member, "e").await;
        sign_up(&app, member, "e").await;
    }
    cancel(&app, &members[0], "e").await;
    app.operator(&["programme", "put", "--id", "q", "--name", "卡", "--price-fen", "1"]);
    for (stream, times) in streams.iter_mut().zip([2, 2, 1]) {
        for _ in 0..times {
            let event = stream.next().await;
            assert_eq!((event.name.as_str(), event.data), ("member-event", json!({ "id": "e" })));
        }
        assert_eq!(stream.next().await.name, "programme", "nothing more than that");
    }
}

#[tokio::test]
async fn it_needs_a_card_that_is_valid_there_and_then() {
    let app = TestApp::demo().await;
    put(
        &app,
        &[
            "hz,小聚,hangzhou,店里,2026-12-31 23:59,5",
            "late,小聚,shanghai,店里,2027-01-01 00:00,5",
            "sh,小聚,shanghai,店里,2026-12-31 23:59,5",
        ],
    )
    .await;
    let member = &members(&app, 1).await[0];
    let refused = async |event: &str, kind: ProblemKind, why: &str| {
        let detail = send(&app, Method::PUT, member, event).await.problem(kind).detail.unwrap();
        assert!(detail.contains(why), "{detail}");
        assert_eq!(seen(&app, member, event).await.seats_left, 5);
    };
    sql(&app, "UPDATE cards SET cities = 'shanghai;guangzhou'");
    refused("hz", ProblemKind::Forbidden, "city").await;
    refused("late", ProblemKind::Forbidden, "day").await;
    sql(&app, "UPDATE programmes SET last_day = '2026-12-30'");
    refused("sh", ProblemKind::ProgrammeEnded, "ended by").await;
    sql(&app, "UPDATE programmes SET last_day = '2026-12-31'");
    assert_eq!(sign_up(&app, member, "sh").await.sign_up, SEAT);
    // A member with a seat keeps it, and can cancel, whatever happens to the card.
    sql(&app, "UPDATE programmes SET last_day = '2026-11-01'");
    assert_eq!(sign_up(&app, member, "sh").await.sign_up, SEAT);
    assert_eq!(cancel(&app, member, "sh").await.sign_up, NONE);
    let none = app.sign_in("none").await;
    let detail = send(&app, Method::PUT, &none, "sh").await.problem(ProblemKind::Forbidden).detail.unwrap();
    assert!(detail.contains("none"), "{detail}");
}

#[tokio::test]
async fn once_it_has_begun_nothing_changes_any_more() {
    let app = TestApp::demo().await;
    put_event(&app, "e", 1).await;
    let members = members(&app, 2).await;
    sign_up(&app, &members[0], "e").await;
    app.clock.advance_millis(DAY + 7 * HOUR + 30 * 60_000 - 10 * SECOND - 1);
    assert_eq!(sign_up(&app, &members[1], "e").await.sign_up, waiting(1));
    app.clock.advance_millis(1);
    for (member, method) in members.iter().flat_map(|member| [(member, Method::PUT), (member, Method::DELETE)]) {
        send(&app, method, member, "e").await.problem(ProblemKind::Conflict);
    }
    for method in [Method::PUT, Method::DELETE] {
        send(&app, method, &members[0], "no-such").await.problem(ProblemKind::NotFound);
    }
}

#[tokio::test]
async fn no_other_site_signs_a_member_up() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    for (method, site) in [(Method::PUT, "cross-site"), (Method::DELETE, "same-site")] {
        let call = app.call(method, "/v1/member-events/sh-handdrip-class/sign-up").by(&member);
        call.header("sec-fetch-site", site).answer().await.problem(ProblemKind::Forbidden);
    }
    assert_eq!(seen(&app, &member, "sh-handdrip-class").await.sign_up, NONE);
}

#[tokio::test]
async fn a_file_takes_no_seat_away_and_gives_new_ones_to_those_who_wait() {
    let app = TestApp::demo().await;
    put_event(&app, "e", 2).await;
    let members = members(&app, 4).await;
    for member in &members {
        sign_up(&app, member, "e").await;
    }
    put_event(&app, "e", 1).await;
    let event = seen(&app, &members[1], "e").await;
    assert_eq!((event.seats, event.seats_left, event.sign_up), (1, 0, SEAT));
    // There is one member more than seats, so a cancelled seat is not given to anybody.
    assert_eq!(cancel(&app, &members[0], "e").await.waiting, 2);
    assert_eq!(seen(&app, &members[2], "e").await.sign_up, waiting(1));
    let mut stream = Events::open(&app, &members[3], None).await;
    put_event(&app, "e", 4).await;
    assert_eq!(stream.next().await.name, "member-event");
    let event = seen(&app, &members[3], "e").await;
    assert_eq!((event.seats_left, event.waiting, event.sign_up), (1, 0, SEAT));
}

/// 64 members sign up at once for an event's last seat, at one server or alternating between two on one file.
async fn race_for_the_last_seat(servers: usize) {
    let first = TestApp::demo().await;
    let callers = members(&first, RIVALS + 1).await;
    put_event(&first, "e", 2).await;
    sign_up(&first, &callers[RIVALS], "e").await;
    let mut all = vec![Arc::new(first)];
    while all.len() < servers {
        all.push(Arc::new(all[0].beside().await));
    }
    let tries = callers[..RIVALS].iter().cloned().zip(all.iter().cycle()).map(|(caller, server)| {
        let server = Arc::clone(server);
        tokio::spawn(async move { sign_up(&server, &caller, "e").await })
    });
    // Collected first, so that all tries run before the first is awaited.
    let tries: Vec<_> = tries.collect();
    let answers: Vec<MemberEvent> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|event| event.sign_up == SEAT).count(), 1);
    assert!(answers.iter().all(|event| event.seats_left == 0));
    let mut positions: Vec<u32> = answers.iter().filter_map(|event| event.sign_up.position).collect();
    positions.sort_unstable();
    let expected: Vec<u32> = (1..u32::try_from(RIVALS).unwrap()).collect();
    assert_eq!(positions, expected, "each waits at a place of its own");
    // Later every server confirms these positions.
    for (index, answer) in answers.iter().enumerate() {
        let server = &all[index % servers];
        assert_eq!(seen(server, &callers[index], "e").await.sign_up, answer.sign_up);
    }
    // Free seats go to the waiting members in that order.
    let second = answers.iter().position(|event| event.sign_up.position == Some(1)).unwrap();
    cancel(&all[0], &callers[RIVALS], "e").await;
    assert_eq!(seen(&all[0], &callers[second], "e").await.sign_up, SEAT);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_members_at_once_one_gets_the_last_seat() {
    race_for_the_last_seat(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_members_at_two_servers_on_one_file_one_gets_the_last_seat() {
    race_for_the_last_seat(2).await;
}
