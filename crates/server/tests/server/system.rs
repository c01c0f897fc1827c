//! `GET /healthz`, `GET /v1/openapi.yaml`, `GET /R/{digits}`, and the properties that all addresses share.

use std::time::Duration;

use crate::support::{Setup, TestApp, process::Process};
use member_domain::wire::ProblemKind;
use reqwest::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test]
async fn the_server_says_it_is_alive() {
    let app = TestApp::empty().await;
    let answer = app.get("/healthz").answer().await.expect(200);
    assert_eq!(answer.text(), "ok");
}

#[tokio::test]
async fn the_api_describes_itself() {
    let app = TestApp::empty().await;
    let answer = app.get("/v1/openapi.yaml").answer().await.expect(200);
    assert_eq!(answer.header("content-type"), "application/yaml");
    assert_eq!(answer.text(), include_str!("../../../../docs/openapi.yaml"));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::empty().await;
    for path in ["/healthz", "/v1/me", "/v1/shops", "/nothing", "/R/1"] {
        let answer = app.get(path).answer().await;
        // With 'no-referrer', forms carry 'Origin: null', so the server could not recognise its own forms.
        let referrer = if path == "/R/1" { "same-origin" } else { "no-referrer" };
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", referrer),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", ""),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        let permissions = answer.header("permissions-policy");
        assert!(permissions.contains("geolocation=(self), screen-wake-lock=(self)"), "{path}: {permissions}");
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
    }
}

#[tokio::test]
async fn where_members_come_by_https_nothing_else_is_spoken() {
    let public_origin = Some("https://card.example".to_owned());
    let app = TestApp::start(Setup { public_origin, ..Setup::default() }).await;
    for path in ["/healthz", "/v1/me", "/nothing", "/R"] {
        let answer = app.get(path).answer().await;
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000", "{path}");
    }
}

/// Most answers belong to one member, and shops open and close, so no cache may keep any answer.
#[tokio::test]
async fn no_answer_of_the_api_is_kept() {
    let app = TestApp::demo().await;
    let member = app.sign_in("refund-processing").await;
    for path in ["/v1/me", "/v1/redemptions", "/v1/refund", "/v1/shops", "/v1/shops/sh-wutongli-coffee", "/healthz"] {
        let answer = app.get(path).by(&member).answer().await.expect(200);
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn addresses_and_methods_the_api_does_not_know_are_problems() {
    let app = TestApp::empty().await;
    for path in ["/", "/nothing", "/v1", "/v1/nothing", "/v1/me/x", "/v1/shops/a/b", "/v2/me", "/demo/active"] {
        app.get(path).answer().await.problem(ProblemKind::NotFound);
    }
    for (method, path, allowed) in [
        (Method::POST, "/v1/me", "GET"),
        (Method::GET, "/v1/credentials", "POST"),
        (Method::DELETE, "/v1/redemptions", "POST"),
        (Method::PUT, "/v1/shops", "GET"),
        (Method::PATCH, "/healthz", "GET"),
    ] {
        let answer = app.call(method.clone(), path).answer().await;
        let problem = answer.any_problem(405);
        assert_eq!(ProblemKind::from_type(&problem.kind), Some(ProblemKind::InvalidRequest));
        assert!(answer.header("allow").contains(allowed), "{method} {path}: Allow is '{}'", answer.header("allow"));
    }
}

#[tokio::test]
async fn a_path_that_is_not_utf_8_is_a_problem_too() {
    let app = TestApp::empty().await;
    let answer = app.get("/v1/shops/%FF").answer().await;
    assert!((400..500).contains(&answer.status), "{}", answer.status);
    answer.any_problem(answer.status);
}

#[tokio::test]
async fn a_phone_that_scans_a_code_learns_what_it_is() {
    let app = TestApp::empty().await;
    for path in ["/R/66012345678987654321", "/r/66012345678987654321", "/R/6601-2345-6789-8765-4321"] {
        let answer = app.get(path).answer().await.expect(200);
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert!(answer.text().contains("6601 2345 6789 8765 4321"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
    }
}

#[tokio::test]
async fn what_is_no_code_is_not_repeated_on_the_staff_page() {
    let app = TestApp::empty().await;
    for input in ["1", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "12012345678987654321"] {
        let answer = app.get(&format!("/R/{input}")).answer().await.expect(404);
        assert!(answer.header("content-type").starts_with("text/html"), "{input}");
        assert!(!answer.text().contains("<script"), "{input}");
    }
}

/// Sends these lines as they are; answers the status line.
async fn raw(app: &TestApp, lines: &str) -> String {
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(format!("{lines}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_request_names_one_host() {
    let app = TestApp::demo().await;
    for path in ["/healthz", "/v1/shops", "/R", "/nothing"] {
        let two = format!("GET {path} HTTP/1.1\r\nHost: card.example\r\nHost: evil.example");
        assert_eq!(raw(&app, &two).await, "HTTP/1.1 400 Bad Request", "{path}");
    }
    assert_eq!(raw(&app, "GET /healthz HTTP/1.1\r\nHost: card.example").await, "HTTP/1.1 200 OK");
}

#[tokio::test]
async fn health_fails_while_nothing_can_be_written_and_recovers() {
    let server = Process::start(&[]);
    let status = async |path: &str| server.call(Method::GET, path).answer().await.status;
    assert_eq!(status("/healthz").await, 200);
    server.limit_file_size("0");
    until(async || status("/healthz").await == 500).await;
    assert_eq!(status("/v1/shops").await, 200, "reading goes on");
    server.limit_file_size("unlimited");
    until(async || status("/healthz").await == 200).await;
}

/// Waits for a condition, for half a minute at most.
async fn until(mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..300 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("half a minute has passed");
}
