//! Pages of other origins that call the API: an allow-list, bearer tokens, and no cookies.

use crate::support::{
    Answer, Call, Caller, Events, Setup, TestApp,
    counter::{COFFEE, NOODLES, PIN},
};
use member_domain::wire::ProblemKind;
use reqwest::{Method, header::HeaderMap};
use serde_json::json;

const HOST: &str = "https://app.example";

async fn app() -> TestApp {
    let allowed_origins = vec![HOST.parse().unwrap(), "http://localhost:5173".parse().unwrap()];
    TestApp::start(Setup { demo: true, allowed_origins, ..Setup::default() }).await
}

/// Sends the preflight of a browser for `method` with an `Authorization` header.
async fn preflight(app: &TestApp, origin: &str, method: &str, path: &str) -> Answer {
    let call = app.call(Method::OPTIONS, path).header("origin", origin);
    let call = call.header("access-control-request-method", method);
    call.header("access-control-request-headers", "authorization").answer().await
}

/// The CORS headers of an answer, without `Vary`.
fn shared(headers: &HeaderMap) -> Vec<&str> {
    headers.keys().map(reqwest::header::HeaderName::as_str).filter(|name| name.starts_with("access-control-")).collect()
}

fn varies(answer: &Answer) -> bool {
    answer.headers.get_all("vary").iter().any(|vary| vary.to_str().unwrap().split(", ").any(|name| name == "Origin"))
}

/// Every API call of a member's page.
const CALLS: [(&str, &str); 15] = [
    ("GET", "/v1/me"),
    ("POST", "/v1/credentials"),
    ("GET", "/v1/shops?limit=2"),
    ("GET", "/v1/shops/sh-wutongli-coffee"),
    ("POST", "/v1/shops/sh-wutongli-coffee/redemptions"),
    ("GET", "/v1/redemptions"),
    ("GET", "/v1/redemptions.csv"),
    ("GET", "/v1/redemptions/attempts/k"),
    ("GET", "/v1/favourites"),
    ("PUT", "/v1/favourites"),
    ("GET", "/v1/refund"),
    ("GET", "/v1/events"),
    ("GET", "/v1/member-events"),
    ("PUT", "/v1/member-events/sh-handdrip-class/sign-up"),
    ("DELETE", "/v1/member-events/sh-handdrip-class/sign-up"),
];

#[tokio::test]
async fn a_page_of_an_allowed_origin_is_told_what_it_may_send() {
    let app = app().await;
    for (method, path) in CALLS {
        for origin in [HOST, "http://localhost:5173"] {
            let answer = preflight(&app, origin, method, path).await.expect(204);
            assert_eq!(answer.header("access-control-allow-origin"), origin, "{path}");
            let methods: Vec<&str> = answer.header("access-control-allow-methods").split(", ").collect();
            assert!(methods.contains(&method), "{path}: {methods:?}");
            let headers = answer.header("access-control-allow-headers");
            assert_eq!(headers, "Authorization, Content-Type, Idempotency-Key, Last-Event-ID");
            assert_eq!(answer.header("access-control-max-age"), "600");
            assert_eq!(answer.header("access-control-allow-credentials"), "", "cookies play no part");
            assert!(varies(&answer), "{path}");
        }
    }
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_reads_answers_and_refusals() {
    let app = app().await;
    let member = Caller::Bearer(app.operator(&["session", "add", "demo-active"]));
    for (method, path) in CALLS {
        let call = || app.call(method.parse().unwrap(), path).header("origin", HOST);
        for call in [call(), call().by(&member).header("sec-fetch-site", "cross-site")] {
            let response = call.send().await;
            let (status, headers) = (response.status(), response.headers());
            assert_eq!(headers["access-control-allow-origin"], HOST, "{method} {path} {status}");
            assert_eq!(headers["access-control-expose-headers"], "Retry-After", "{method} {path}");
            assert_eq!(shared(headers).len(), 2, "{method} {path}: {:?}", shared(headers));
            assert!(headers.get_all("vary").iter().any(|vary| vary == "Origin"), "{method} {path}");
        }
    }
}

/// Origins that are not on the list. Some differ only slightly from those that are.
const OTHERS: [&str; 8] = [
    "https://evil.example",
    "http://app.example",
    "https://app.example:8443",
    "https://app.example.evil.example",
    "https://sub.app.example",
    "https://APP.example",
    "null",
    "",
];

#[tokio::test]
async fn an_origin_that_is_not_on_the_list_hears_nothing_about_it() {
    let app = app().await;
    for origin in OTHERS {
        for (method, path) in CALLS {
            let answer = preflight(&app, origin, method, path).await;
            answer.any_problem(405);
            assert_eq!(shared(&answer.headers), [""; 0], "{origin} {method} {path}");
            assert!(varies(&answer), "a cache must not hand this to an origin on the list");
        }
        let answer = app.get("/v1/shops?limit=2").header("origin", origin).answer().await.expect(200);
        assert_eq!(shared(&answer.headers), [""; 0], "{origin}");
        assert!(varies(&answer));
    }
}

#[tokio::test]
async fn tills_providers_operators_and_staff_pages_are_no_pages_of_members() {
    let app = app().await;
    for (method, path) in [
        ("POST", "/v1/redemptions"),
        ("POST", "/v1/redemptions/x/cancellation"),
        ("POST", "/v1/refund-events"),
        ("POST", "/v1/security-reports"),
        ("GET", "/healthz"),
        ("GET", "/v1/openapi.yaml"),
        ("GET", "/R"),
        ("POST", "/R/pair"),
        ("GET", "/demo/active"),
        ("GET", "/nothing"),
    ] {
        let asked = preflight(&app, HOST, method, path).await;
        assert_eq!(shared(&asked.headers), [""; 0], "{method} {path}");
        let answer = app.call(method.parse().unwrap(), path).header("origin", HOST).answer().await;
        assert_eq!(shared(&answer.headers), [""; 0], "{method} {path}");
    }
    // Members and tills share this path, but the till's method is not for members' pages.
    let asked = preflight(&app, HOST, "GET", "/v1/redemptions").await.expect(204);
    assert_eq!(asked.header("access-control-allow-methods"), "GET");
}

#[tokio::test]
async fn without_a_list_there_is_no_word_about_origins() {
    let app = TestApp::demo().await;
    let answer = app.get("/v1/shops?limit=2").header("origin", HOST).answer().await.expect(200);
    assert_eq!(shared(&answer.headers), [""; 0]);
    assert!(!varies(&answer));
    preflight(&app, HOST, "GET", "/v1/me").await.any_problem(405);
}

/// The list allows origins to read. Cookies still work for this server's own pages only.
#[tokio::test]
async fn an_allowed_origin_cannot_use_the_members_cookie() {
    let app = app().await;
    let cookie = app.sign_in("active").await;
    let call = app.post("/v1/credentials").by(&cookie).header("origin", HOST).header("sec-fetch-site", "cross-site");
    call.answer().await.problem(ProblemKind::Forbidden);
    let call = app.post("/v1/credentials").by(&cookie).header("origin", HOST);
    call.answer().await.problem(ProblemKind::Forbidden);
    // Without cookie and token the answer is 401, so that the page requests another token from its host.
    let call = app.post("/v1/credentials").header("origin", HOST).header("sec-fetch-site", "cross-site");
    call.answer().await.problem(ProblemKind::Unauthorized);
}

#[tokio::test]
async fn a_bearer_token_from_another_site_does_all_that_a_member_does() {
    let app = app().await;
    let member = Caller::Bearer(app.operator(&["session", "add", "demo-active"]));
    let from_host = |call: Call| call.by(&member).header("origin", HOST).header("sec-fetch-site", "cross-site");
    for path in ["/v1/me", "/v1/redemptions", "/v1/redemptions.csv", "/v1/member-events"] {
        from_host(app.get(path)).answer().await.expect(200);
    }
    from_host(app.post("/v1/credentials")).answer().await.expect(201);
    from_host(app.get("/v1/redemptions/attempts/k")).answer().await.expect(200);
    let sign_up = "/v1/member-events/sh-handdrip-class/sign-up";
    from_host(app.call(Method::PUT, sign_up)).answer().await.expect(200);
    from_host(app.call(Method::DELETE, sign_up)).answer().await.expect(200);
    let redeem = app.post(&format!("/v1/shops/{NOODLES}/redemptions")).header("idempotency-key", "k");
    from_host(redeem).json(&json!({ "pin": PIN, "billFen": 3_600 })).answer().await.expect(201);
}

#[tokio::test]
async fn a_stream_read_with_a_token_goes_on_where_it_broke_off() {
    let app = app().await;
    let member = Caller::Bearer(app.operator(&["session", "add", "demo-active"]));
    let stands_at = Events::open(&app, &member, None).await.stands_at;
    let device = app.enrol(&member).await;
    let till = app.terminal(COFFEE).await;
    app.redeem_now(&till, "k", &device, 4_200).await;
    let mut events = Events::open(&app, &member, Some(stands_at)).await;
    assert_eq!(events.next().await.name, "credential");
    assert_eq!(events.next().await.name, "redemption");
}
