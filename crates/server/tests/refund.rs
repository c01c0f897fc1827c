//! `GET /v1/refund`
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod support;

use member_domain::{
    Fen,
    RefundState::{self, Abnormal, Closed, Processing, Scheduled, Succeeded},
    wire::{ProblemKind, Refund},
};
use support::{DAY, TestApp, noon, today};

#[tokio::test]
async fn every_persona_sees_how_its_refund_got_where_it_is() {
    let app = TestApp::demo().await;
    let cases: [(&str, &[RefundState]); 6] = [
        ("ending", &[Scheduled]),
        ("refund-scheduled", &[Scheduled]),
        ("refund-processing", &[Scheduled, Processing]),
        ("refund-succeeded", &[Scheduled, Processing, Succeeded]),
        ("refund-abnormal", &[Scheduled, Processing, Abnormal]),
        ("refund-closed", &[Scheduled, Processing, Closed]),
    ];
    for (persona, path) in cases {
        let member = app.sign_in(persona).await;
        let refund: Refund = app.get("/v1/refund").by(&member).answer().await.expect(200).json();
        let states: Vec<RefundState> = refund.timeline.iter().map(|step| step.state).collect();
        assert_eq!(states, path, "{persona}");
        assert!(refund.timeline.is_sorted_by_key(|step| step.at), "{persona}: {:?}", refund.timeline);
        assert_eq!(refund.state, *path.last().unwrap(), "{persona}");
        assert_eq!(refund.amount_fen, Fen(16_800), "{persona}");
        assert_eq!(refund.checked_at, refund.timeline.last().unwrap().at, "{persona}");
        assert_eq!(refund.provider_reference.is_some(), path.len() > 1, "{persona}: known once it is processing");
        assert_eq!(app.me(&member).await.refund, Some(refund), "{persona}: the same object as in /v1/me");
    }
}

#[tokio::test]
async fn a_scheduled_refund_says_when() {
    let app = TestApp::demo().await;
    let member = app.sign_in("refund-scheduled").await;
    let refund: Refund = app.get("/v1/refund").by(&member).answer().await.expect(200).json();
    assert_eq!(refund.scheduled_for, Some(today().plus_days(3)));
    assert_eq!(refund.timeline[0].at, noon().plus_millis(-11 * DAY));
    assert_eq!(refund.channel, "wechat-pay");
}

#[tokio::test]
async fn where_no_refund_is_decided_there_is_none() {
    let app = TestApp::demo().await;
    for persona in ["active", "none"] {
        let member = app.sign_in(persona).await;
        app.get("/v1/refund").by(&member).answer().await.problem(ProblemKind::NotFound);
    }
    app.get("/v1/refund").answer().await.problem(ProblemKind::Unauthorized);
}
