//! Requests that other sites' pages send with a member's cookie (CSRF).

use crate::support::{Call, Caller, Setup, TestApp, counter::NOODLES};
use member_domain::wire::{CredentialStatus, ProblemKind};
use reqwest::Method;
use serde_json::json;

/// Every call that changes something for a signed-in member.
const CHANGES: [(&str, &str); 5] = [
    ("post", "/v1/credentials"),
    ("put", "/v1/favourites"),
    ("post", "/v1/shops/{id}/redemptions"),
    ("put", "/v1/member-events/{id}/sign-up"),
    ("delete", "/v1/member-events/{id}/sign-up"),
];

/// Calls that change something and use no cookie: from tills, payment providers, and browsers that send
/// reports.
const WITHOUT_COOKIE: [(&str, &str); 4] = [
    ("post", "/v1/redemptions"),
    ("post", "/v1/redemptions/{id}/cancellation"),
    ("post", "/v1/refund-events"),
    ("post", "/v1/security-reports"),
];

fn changes(app: &TestApp) -> Vec<Call> {
    let body = json!({ "pin": "000000", "billFen": 4_200 });
    let call = |(method, path): (&str, &str)| {
        let id = if path.starts_with("/v1/shops/") { NOODLES } else { "sh-handdrip-class" };
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        app.call(method, &path.replace("{id}", id)).header("idempotency-key", "k").json(&body)
    };
    CHANGES.into_iter().map(call).collect()
}

#[test]
fn no_call_that_changes_something_is_left_out() {
    let routes = member_server::api_routes();
    for call in routes.iter().filter(|(method, _)| *method != "get") {
        assert!(CHANGES.contains(call) != WITHOUT_COOKIE.contains(call), "{call:?}: is it known by the cookie?");
    }
    for call in CHANGES.into_iter().chain(WITHOUT_COOKIE) {
        assert!(routes.contains(&call), "{call:?} is no call of the API");
    }
}

/// Even with the member's cookie and from this site, these calls do not act for the member.
#[tokio::test]
async fn what_is_said_to_know_no_cookie_takes_none() {
    let app = app().await;
    let member = app.sign_in("active").await;
    for (method, path) in WITHOUT_COOKIE.into_iter().filter(|(_, path)| *path != "/v1/security-reports") {
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let call = app.call(method, path).by(&member).header("sec-fetch-site", "same-origin");
        // Without a secret to verify them, the server takes no refund events.
        let kind = if path == "/v1/refund-events" { ProblemKind::NotFound } else { ProblemKind::Unauthorized };
        call.answer().await.problem(kind);
    }
}

/// The headers that browsers add to a request from another site's page, from new to old browsers.
const OTHER_SITES: [&[(&str, &str)]; 8] = [
    &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
    &[("sec-fetch-site", "same-site"), ("origin", "https://shop.card.example")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "")],
    &[("origin", "https://evil.example")],
    &[("origin", "https://evil.example"), ("host", "evil.example")],
    &[("origin", "http://card.example"), ("host", "card.example")],
    &[("origin", "null")],
];

async fn app() -> TestApp {
    let public_origin = Some("https://card.example".to_owned());
    TestApp::start(Setup { demo: true, public_origin, ..Setup::default() }).await
}

fn with(call: Call, headers: &[(&str, &str)]) -> Call {
    headers.iter().fold(call, |call, (name, value)| call.header(name, value))
}

#[tokio::test]
async fn what_another_site_sends_with_the_members_cookie_changes_nothing() {
    let app = app().await;
    let member = app.sign_in("active").await;
    for headers in OTHER_SITES {
        for call in changes(&app) {
            with(call.by(&member), headers).answer().await.problem(ProblemKind::Forbidden);
        }
    }
    assert_eq!(app.me(&member).await.credential, CredentialStatus::None);
    let events = app.get("/v1/member-events").by(&member).answer().await.expect(200);
    assert!(!events.text().contains("\"seat\""), "{}", events.text());
}

#[tokio::test]
async fn the_pages_own_requests_pass_in_browsers_new_and_old() {
    let app = app().await;
    let member = app.sign_in("active").await;
    for headers in [
        &[("sec-fetch-site", "same-origin"), ("origin", "https://card.example")][..],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://card.example")],
        &[("origin", "https://card.example"), ("host", "card.example")],
        // No browser omits both headers. This is a program that was given the cookie.
        &[],
    ] {
        with(app.post("/v1/credentials").by(&member), headers).answer().await.expect(201);
    }
}

#[tokio::test]
async fn without_a_public_url_pages_are_of_the_host_they_call_and_unencrypted() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    let own = format!("http://{}", app.address);
    app.post("/v1/credentials").by(&member).header("origin", &own).answer().await.expect(201);
    for other in [format!("https://{}", app.address), "http://card.example".to_owned()] {
        let answer = app.post("/v1/credentials").by(&member).header("origin", &other).answer().await;
        answer.problem(ProblemKind::Forbidden);
    }
}

#[tokio::test]
async fn a_bearer_token_is_never_judged_by_where_it_comes_from_nor_by_a_cookie_beside_it() {
    let app = app().await;
    let Caller::Cookie(cookie) = app.sign_in("none").await else { unreachable!("demo sign-in sets a cookie") };
    let token = Caller::Bearer(app.operator(&["session", "add", "demo-active"]));
    for headers in OTHER_SITES {
        let call = app.post("/v1/credentials").by(&token).header("cookie", &cookie);
        with(call, headers).answer().await.expect(201);
    }
}

#[tokio::test]
async fn a_wrong_token_is_not_excused_by_a_right_cookie() {
    let app = app().await;
    let member = app.sign_in("active").await;
    let wrong =
        ["Bearer wrong", "bearer wrong", "Bearer", "Bearer ", "Bearer\twrong", "Bearer wrong, Bearer wrong", "\u{fc}"];
    for address in ["/v1/events", "/v1/me", "/v1/refund", "/v1/redemptions", "/v1/redemptions/attempts/key"] {
        for wrong in wrong {
            let answer = app.get(address).by(&member).header("authorization", wrong).answer().await;
            assert_eq!(answer.status, 401, "{address} {wrong:?}");
        }
    }
    // A proxy in front may ask for a password of its own.
    let answer = app.get("/v1/me").by(&member).header("authorization", "Basic eDp5").answer().await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn an_authorization_that_is_no_token_does_not_excuse_the_cookie() {
    let app = app().await;
    let member = app.sign_in("active").await;
    let call = app.post("/v1/credentials").by(&member).header("authorization", "Basic eDp5");
    call.header("sec-fetch-site", "cross-site").answer().await.problem(ProblemKind::Forbidden);
}

#[tokio::test]
async fn reading_is_left_to_the_browsers_own_rules() {
    let app = app().await;
    let member = app.sign_in("active").await;
    // A link from another site opens the page. The page's first request may then be marked as cross-site.
    let answer = app.get("/v1/me").by(&member).header("sec-fetch-site", "cross-site").answer().await.expect(200);
    assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "no other page gets to read it");
    assert_eq!(answer.header("access-control-allow-origin"), "");
}
