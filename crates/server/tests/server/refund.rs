//! `GET /v1/refund`

use crate::support::{DAY, TestApp, noon, today};
use member_domain::{
    Fen,
    RefundState::{self, Abnormal, Closed, Processing, Scheduled, Succeeded},
    wire::{ProblemKind, Refund},
};
use member_storage::cells;

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

/// A new card does not hide the refund of an earlier one.
#[tokio::test]
async fn the_refund_of_an_earlier_card_is_told_until_the_newest_has_its_own() {
    let app = TestApp::demo().await;
    let member = app.sign_in("refund-abnormal").await;
    let earlier: Refund = app.get("/v1/refund").by(&member).answer().await.expect(200).json();
    assert!(!earlier.of_earlier_card);
    let rows = app.rows();
    let sql = "INSERT INTO cards (number, member_id, programme_id, valid_from, valid_until, cities, paid_fen)
               VALUES ('660100000001', 'demo-refund-abnormal', 'demo-running', '2026-11-01', '2030-01-01', 'shanghai', 100)";
    rows.run(sql, cells![]);
    let me = app.me(&member).await;
    assert_eq!((me.programme.id.as_str(), me.card.as_ref().unwrap().paid_fen), ("demo-running", Fen(100)));
    assert_eq!(me.refund, Some(Refund { of_earlier_card: true, ..earlier.clone() }));
    assert_eq!(me.payoff_terms().unwrap().refund, None, "it does not pay for the new card");
    let asked: Refund = app.get("/v1/refund").by(&member).answer().await.expect(200).json();
    assert_eq!(Some(asked), me.refund);

    let sql = "INSERT INTO refunds (id, card_number, programme_id, state, amount_fen, rule, channel, scheduled_at, checked_at)
               VALUES ('RFNEW', '660100000001', 'demo-running', 'scheduled', 100, 'full', 'alipay', 1, 1)";
    rows.run(sql, cells![]);
    let newest = app.me(&member).await.refund.unwrap();
    assert_eq!((newest.id.as_str(), newest.of_earlier_card), ("RFNEW", false));
}
