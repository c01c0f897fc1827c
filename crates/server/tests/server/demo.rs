//! Demo sign-in and demo data.

use std::time::{Duration, Instant};

use crate::support::{DAY, SOON, Setup, TestApp, noon, today};
use member_domain::{
    CivilDate, UnixMillis, VisitKind,
    wire::{Curation, MemberEventList, OpenState, ProblemKind, Shop},
};
use member_server::{
    clock::Clock,
    http::connections::ConnectionLimits,
    open_database,
    refunds::webhook::WebhookSecrets,
    serve::{OFFLINE_MILLIS, Server, Settings, TERMINAL_LIMIT},
};
use member_storage::Database;
use serde_json::{Value, json};
use tempfile::TempDir;

fn settings(listen: &str, clock: Clock) -> Settings {
    Settings {
        listen: listen.parse().unwrap(),
        site: None,
        public_origin: None,
        offline_millis: OFFLINE_MILLIS,
        code_period: member_domain::TotpPeriod::DEFAULT,
        terminal_limit: TERMINAL_LIMIT,
        refund_event_secrets: WebhookSecrets::default(),
        allowed_origins: Vec::new(),
        frame_ancestors: Vec::new(),
        retire_service_worker: false,
        demo: true,
        connections: ConnectionLimits::default(),
        clock,
    }
}

fn database(directory: &TempDir) -> Database {
    open_database(&directory.path().join("members.sqlite")).unwrap()
}

async fn refusal(database: Database, settings: Settings) -> String {
    format!("{:#}", Server::bind(database, settings).await.err().expect("the server refuses"))
}

#[tokio::test]
async fn signing_in_sets_a_cookie_no_script_can_read_and_goes_to_the_page() {
    let app = TestApp::demo().await;
    let answer = app.get("/demo/active").answer().await.expect(303);
    assert_eq!(answer.header("location"), "/");
    let cookie = answer.header("set-cookie");
    let (pair, attributes) = cookie.split_once(';').unwrap();
    let (name, token) = pair.split_once('=').unwrap();
    assert_eq!(name, "member_session");
    assert!(token.len() >= 43, "256 random bits");
    let attributes: Vec<&str> = attributes.split(';').map(str::trim).collect();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
        assert!(attributes.contains(&attribute), "{attribute}: {cookie}");
    }
    let again = app.get("/demo/active").answer().await.expect(303);
    assert_ne!(again.header("set-cookie"), cookie, "every sign-in has a token of its own");
}

#[tokio::test]
async fn over_https_the_session_is_this_hosts_alone() {
    let public_origin = Some("https://card.example".to_owned());
    let app = TestApp::start(Setup { demo: true, public_origin, ..Setup::default() }).await;
    let answer = app.get("/demo/active").answer().await.expect(303);
    let (pair, attributes) = answer.header("set-cookie").split_once(';').unwrap();
    let token = pair.strip_prefix("__Host-member_session=").expect("the prefix of cookies that are one host's");
    for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(attributes.split(';').any(|given| given.trim() == attribute), "{attribute}: {attributes}");
    }
    assert!(!attributes.contains("Domain"), "{attributes}");
    app.get("/v1/me").header("cookie", pair).answer().await.expect(200);
    // A neighbour in the domain can set a cookie with this name.
    let tossed = format!("member_session={token}");
    app.get("/v1/me").header("cookie", &tossed).answer().await.problem(ProblemKind::Unauthorized);
}

#[tokio::test]
async fn an_unknown_persona_is_told_the_known_ones() {
    let app = TestApp::demo().await;
    for persona in ["nobody", "demo-active", "ACTIVE", "'%20OR%201=1"] {
        let problem = app.get(&format!("/demo/{persona}")).answer().await.problem(ProblemKind::NotFound);
        let detail = problem.detail.unwrap();
        assert!(detail.contains("active") && detail.contains("refund-abnormal"), "{detail}");
    }
}

#[tokio::test]
async fn a_terminals_token_is_for_one_known_shop_and_kept_by_no_cache() {
    let app = TestApp::demo().await;
    let answer = app.get("/demo/terminal/sh-wutongli-coffee").answer().await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.json::<serde_json::Value>()["token"].as_str().unwrap().len() >= 43);
    app.get("/demo/terminal/nothing").answer().await.problem(ProblemKind::NotFound);
}

#[tokio::test]
async fn without_demo_nobody_signs_in_by_address() {
    let app = TestApp::empty().await;
    for path in ["/demo/active", "/demo/terminal/sh-wutongli-coffee"] {
        app.get(path).answer().await.problem(ProblemKind::NotFound);
    }
    assert_eq!(app.shops("").await.total, 0);
}

#[tokio::test]
async fn demo_is_refused_on_an_address_others_can_reach() {
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let directory = TempDir::new().unwrap();
        let error = refusal(database(&directory), settings(listen, Clock::manual(noon()))).await;
        assert!(error.contains("loopback"), "{listen}: {error}");
    }
}

#[tokio::test]
async fn demo_is_refused_on_a_database_with_real_members() {
    let directory = TempDir::new().unwrap();
    let database = database(&directory);
    member_server::import_members(&database, "id,name\nm1,张三\n".as_bytes(), noon()).await.unwrap();
    let error = refusal(database.clone(), settings("127.0.0.1:0", Clock::manual(noon()))).await;
    assert!(error.contains("real members"), "{error}");
    // The database holds nothing of the demo: the operator finds no demo member to sign in.
    let url = format!("sqlite://{}", directory.path().join("members.sqlite").display());
    let output = crate::support::member_server(noon(), &["session", "add", "demo-active", "--database", &url]);
    assert!(!output.status.success());
}

#[tokio::test]
async fn a_demo_database_starts_again_and_moves_to_the_new_day() {
    let app = TestApp::demo().await;
    let before = app.me(&app.sign_in("ending").await).await;
    let shops = app.shops("").await.total;
    let restarted =
        Server::bind(app.database.clone(), settings("127.0.0.1:0", Clock::manual(noon().plus_millis(50 * DAY))));
    drop(restarted.await.unwrap());
    let after = app.me(&app.sign_in("ending").await).await;
    assert_eq!(after.programme.last_day, before.programme.last_day.map(|day| day.plus_days(50)));
    assert_eq!(after.payoff, before.payoff, "no redemption twice");
    assert_eq!(app.shops("").await.total, shops);
}

/// The content of a persona's page, with every date as a number of days from today.
async fn shown(app: &TestApp, persona: &str, now: UnixMillis) -> Value {
    let today = CivilDate::in_shanghai(now);
    let days = |day: CivilDate| day.days_since(today);
    let me = app.me(&app.sign_in(persona).await).await;
    let card = me.card.map(|card| json!([card.state, days(card.valid_from), days(card.valid_until)]));
    let refund = me.refund.map(|refund| {
        let steps = refund.timeline.iter().map(|step| json!([step.state, days(CivilDate::in_shanghai(step.at))]));
        json!([refund.state, refund.scheduled_for.map(days), steps.collect::<Vec<_>>()])
    });
    json!([me.programme.phase, me.programme.last_day.map(days), card, refund])
}

/// A demo that starts again on a later day, or runs until then, shows the same as on its first day.
#[tokio::test]
async fn no_persona_event_or_programme_of_the_demo_runs_out() {
    let app = TestApp::demo().await;
    let personas = ["active", "ending", "refund-scheduled", "refund-processing", "refund-succeeded", "refund-abnormal"];
    let facts = async |app: &TestApp, now: UnixMillis| {
        let mut facts = Vec::new();
        for persona in personas {
            facts.push(shown(app, persona, now).await);
        }
        let member = app.sign_in("active").await;
        let events: MemberEventList = app.get("/v1/member-events").by(&member).answer().await.expect(200).json();
        facts.push(json!(
            events
                .events
                .iter()
                .map(|event| [event.starts_at.millis_since(now), i64::from(event.seats)])
                .collect::<Vec<_>>()
        ));
        facts
    };
    let before = facts(&app, noon()).await;
    for days in [1, 8, 38, 39, 300, 366, 1_095] {
        app.clock.advance_millis(noon().plus_millis(days * DAY).millis_since(app.now()));
        drop(Server::bind(app.database.clone(), settings("127.0.0.1:0", app.clock.clone())).await.unwrap());
        assert_eq!(facts(&app, app.now()).await, before, "after {days} days");
    }
}

#[tokio::test]
async fn a_demo_that_goes_on_over_midnight_is_of_the_new_day_and_what_somebody_announced_stays() {
    let tomorrow = today().plus_days(1);
    let start = tomorrow.start_in_shanghai().plus_millis(-2_000);
    let app = TestApp::demo_by(Clock::Running { start, since: Instant::now() }).await;
    let last_day = async |persona: &str| app.me(&app.sign_in(persona).await).await.programme.last_day;
    let day = today().plus_days(60).to_string();
    let announcement = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(announcement.path(), "公告").unwrap();
    let file = announcement.path().to_str().unwrap();
    app.operator(&[
        "programme",
        "announce-end",
        "--programme",
        "demo-running",
        "--last-day",
        &day,
        "--announcement",
        file,
    ]);
    let of_the_new_day = Some(tomorrow.plus_days(38));
    let turned = async {
        while last_day("ending").await != of_the_new_day {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, turned).await.expect("the demo follows the day");
    assert_eq!(last_day("active").await, Some(day.parse().unwrap()));
}

/// The demo covers everything that the page can show: old evidence, invited visits, shops without evidence,
/// and unreadable opening hours.
#[tokio::test]
async fn the_demo_has_evidence_of_every_kind_and_it_never_ages() {
    let app = TestApp::demo().await;
    let facts = |now: UnixMillis, shops: Vec<Shop>| {
        let today = CivilDate::in_shanghai(now);
        let curations: Vec<_> = shops.iter().filter_map(|shop| shop.curation.clone()).collect();
        let count = |which: &dyn Fn(&Curation) -> bool| curations.iter().filter(|curation| which(curation)).count();
        [
            shops.len() - curations.len(),
            count(&|curation| curation.is_old(today)),
            count(&|curation| curation.visit == Some(VisitKind::Invited)),
            count(&|curation| curation.note_count.is_none()),
            shops.iter().filter(|shop| shop.opening_hours.is_some() && shop.open == OpenState::Unknown).count(),
        ]
    };
    let all = async || {
        let mut shops = Vec::new();
        for city in ["shanghai", "hangzhou", "guangzhou"] {
            let page = app.shops(&format!("city={city}&limit=50")).await;
            assert_eq!(page.total as usize, page.shops.len(), "all of {city} on one page");
            shops.extend(page.shops);
        }
        shops
    };
    let before = facts(noon(), all().await);
    assert!(before.iter().all(|count| *count > 0), "{before:?}");
    let later = noon().plus_millis(300 * DAY);
    let server = Server::bind(app.database.clone(), settings("127.0.0.1:0", Clock::manual(later)));
    drop(server.await.unwrap());
    let after = facts(later, all().await);
    assert_eq!(after, before);
}
