//! `POST /v1/security-reports`, and the operator's view of the reports.

use crate::support::{Answer, DAY, SECOND, TestApp};
use member_domain::wire::ProblemKind;
use serde_json::{Value, json};

const PATH: &str = "/v1/security-reports";

async fn send(app: &TestApp, content_type: &str, body: impl Into<reqwest::Body>) -> Answer {
    app.post(PATH).body(content_type, body).answer().await
}

fn old(directive: &str) -> String {
    json!({ "csp-report": { "effective-directive": directive, "blocked-uri": "inline" } }).to_string()
}

fn new(directives: &[&str]) -> String {
    let report = |directive: &&str| {
        json!({ "type": "csp-violation", "age": 1, "url": "https://card.example/", "user_agent": "x",
            "body": { "effectiveDirective": directive, "blockedURL": "trusted-types-sink", "disposition": "enforce" } })
    };
    Value::from(directives.iter().map(report).collect::<Vec<_>>()).to_string()
}

#[tokio::test]
async fn reports_of_both_forms_are_counted_by_day_and_directive() {
    let app = TestApp::empty().await;
    for _ in 0..2 {
        let answer = send(&app, "application/csp-report", old("img-src")).await.expect(204);
        assert!(answer.body.is_empty());
    }
    let several = new(&["img-src", "require-trusted-types-for", "made-up-src"]);
    send(&app, "application/reports+json", several).await.expect(204);
    app.clock.advance_millis(DAY);
    send(&app, "application/csp-report", old("script-src-elem")).await.expect(204);
    let all = "day,directive,reports\n2026-11-20,img-src,3\n2026-11-20,other,1\n\
               2026-11-20,require-trusted-types-for,1\n2026-11-21,script-src-elem,1";
    assert_eq!(app.operator(&["security-reports"]), all);
    let since = app.operator(&["security-reports", "--since", "2026-11-21"]);
    assert_eq!(since, "day,directive,reports\n2026-11-21,script-src-elem,1");
}

#[tokio::test]
async fn nonsense_is_answered_as_calmly_as_a_report() {
    let app = TestApp::empty().await;
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let bodies: [(&str, Vec<u8>); 7] = [
        ("application/csp-report", b"{".to_vec()),
        ("application/csp-report", vec![0xff; 100]),
        ("application/reports+json", deep.into_bytes()),
        ("application/reports+json", b"{}".to_vec()),
        ("text/plain", old("img-src").into_bytes()),
        ("", old("img-src").into_bytes()),
        ("application/csp-report", vec![b' '; 65 * 1024]),
    ];
    let count = bodies.len();
    for (content_type, body) in bodies {
        send(&app, content_type, body).await.expect(204);
    }
    send(&app, "application/csp-report", "").await.invalid("body");
    app.post(PATH).answer().await.invalid("body");
    assert_eq!(app.operator(&["security-reports"]), format!("day,directive,reports\n2026-11-20,unreadable,{count}"));
}

#[tokio::test]
async fn a_flood_is_counted_and_not_read() {
    let app = TestApp::empty().await;
    for _ in 0..100 {
        send(&app, "application/csp-report", old("img-src")).await.expect(204);
    }
    assert_eq!(app.operator(&["security-reports"]), "day,directive,reports\n2026-11-20,img-src,60");
    app.clock.advance_millis(60 * SECOND);
    send(&app, "application/csp-report", old("img-src")).await.expect(204);
    let counted = "day,directive,reports\n2026-11-20,img-src,61\n2026-11-20,unread,40";
    assert_eq!(app.operator(&["security-reports"]), counted);
}

#[tokio::test]
async fn visitors_of_another_site_use_up_nothing() {
    let app = TestApp::empty().await;
    let from = |site| app.post(PATH).body("application/csp-report", old("img-src")).header("sec-fetch-site", site);
    for _ in 0..100 {
        from("cross-site").answer().await.problem(ProblemKind::Forbidden);
    }
    from("same-origin").answer().await.expect(204);
    send(&app, "application/csp-report", old("img-src")).await.expect(204);
    app.clock.advance_millis(60 * SECOND);
    from("same-origin").answer().await.expect(204);
    assert_eq!(app.operator(&["security-reports"]), "day,directive,reports\n2026-11-20,img-src,3");
}

#[tokio::test]
async fn a_request_of_many_reports_is_read_in_part() {
    let app = TestApp::empty().await;
    send(&app, "application/reports+json", new(&["img-src"; 100])).await.expect(204);
    assert_eq!(app.operator(&["security-reports"]), "day,directive,reports\n2026-11-20,img-src,32");
}
