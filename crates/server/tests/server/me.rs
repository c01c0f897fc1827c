//! `GET /v1/me`

use crate::support::{Caller, DAY, HOUR, Setup, TestApp, noon, today};
use member_domain::{
    City, Fen, ProgrammePhase, RefundState,
    wire::{CardState, CredentialStatus, ProblemKind},
};

#[tokio::test]
async fn every_persona_sees_its_own_state() {
    use RefundState::{Abnormal, Closed, Processing, Scheduled, Succeeded};
    let app = TestApp::demo().await;
    let ended = Some(CardState::Ended);
    for (persona, phase, card, refund) in [
        ("active", ProgrammePhase::Running, Some(CardState::Active), None),
        ("ending", ProgrammePhase::Ending, Some(CardState::Active), Some(Scheduled)),
        ("refund-scheduled", ProgrammePhase::Ended, ended, Some(Scheduled)),
        ("refund-processing", ProgrammePhase::Ended, ended, Some(Processing)),
        ("refund-succeeded", ProgrammePhase::Ended, ended, Some(Succeeded)),
        ("refund-abnormal", ProgrammePhase::Ended, ended, Some(Abnormal)),
        ("refund-closed", ProgrammePhase::Ended, ended, Some(Closed)),
        ("none", ProgrammePhase::Running, None, None),
    ] {
        let me = app.me(&app.sign_in(persona).await).await;
        assert_eq!(me.programme.phase, phase, "{persona}");
        assert_eq!(me.card.as_ref().map(|card| card.state), card, "{persona}");
        assert_eq!(me.refund.map(|refund| refund.state), refund, "{persona}");
        assert_eq!(me.payoff.is_some(), card.is_some(), "{persona}");
        assert_eq!(me.credential, CredentialStatus::None, "{persona}");
        assert_eq!(me.server_time, noon(), "{persona}");
    }
}

#[tokio::test]
async fn a_card_is_shown_masked_with_its_dates_and_payoff() {
    let app = TestApp::demo().await;
    let answer = app.get("/v1/me").by(&app.sign_in("active").await).answer().await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    for secret in ["林晓棠", "660123454827", "demo-active"] {
        assert!(!answer.text().contains(secret), "{secret} leaves the server");
    }
    let me: member_domain::wire::MeAnswer = answer.json();
    assert_eq!(me.member.name_masked, "林*");
    assert_eq!(me.programme.price_fen, Fen(16_800));
    assert_eq!(me.programme.last_day, None);
    let card = me.card.unwrap();
    assert_eq!(card.number_masked, "6601 •••• 4827");
    assert_eq!((card.valid_from, card.valid_until), (today().plus_days(-90), today().plus_days(-90 + 364)));
    assert_eq!(card.cities, City::ALL);
    assert_eq!(card.paid_fen, Fen(16_800));
    // A tenth of 84, 70 and 46 yuan, 15 % of 356 and 512 yuan.
    let payoff = me.payoff.unwrap();
    assert_eq!((payoff.saved_fen, payoff.redemptions), (Fen(840 + 700 + 460 + 5_340 + 7_680), 5));
}

#[tokio::test]
async fn the_phase_changes_at_midnight_after_the_last_day() {
    let app = TestApp::demo().await;
    let last_day = app.me(&app.sign_in("ending").await).await.programme.last_day.unwrap();
    assert!(last_day > today());
    let to_midnight = last_day.plus_days(1).start_in_shanghai().millis_since(app.now());
    app.clock.advance_millis(to_midnight - 1);
    let member = app.sign_in("ending").await;
    let me = app.me(&member).await;
    assert_eq!((me.programme.phase, me.card.unwrap().state), (ProgrammePhase::Ending, CardState::Active));
    app.clock.advance_millis(1);
    let me = app.me(&member).await;
    assert_eq!((me.programme.phase, me.card.unwrap().state), (ProgrammePhase::Ended, CardState::Ended));
}

#[tokio::test]
async fn enrolling_and_redeeming_show() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    let before = app.me(&member).await.payoff.unwrap();
    let device = app.enrol(&member).await;
    assert_eq!(app.me(&member).await.credential, CredentialStatus::Active { number: device.answer.number.clone() });
    let receipt = app.redeem_now(&app.terminal("sh-wutongli-coffee").await, "1", &device, 4_200).await;
    let after = app.me(&member).await.payoff.unwrap();
    assert_eq!(after.saved_fen, before.saved_fen + receipt.saved_fen);
    assert_eq!(after.redemptions, before.redemptions + 1);
}

#[tokio::test]
async fn the_cookie_is_found_among_others() {
    let app = TestApp::demo().await;
    let Caller::Cookie(session) = app.sign_in("active").await else { panic!("demo signs in with a cookie") };
    app.get("/v1/me").header("cookie", &format!("theme=dark; {session}; x=y=z")).answer().await.expect(200);
    let (_, token) = session.split_once('=').unwrap();
    for cookie in ["", "member_session", "member_session=", &format!("xmember_session={token}")] {
        app.get("/v1/me").header("cookie", cookie).answer().await.problem(ProblemKind::Unauthorized);
    }
}

#[tokio::test]
async fn a_host_app_hands_over_a_bearer_token() {
    let app = TestApp::demo().await;
    let token = app.operator(&["session", "add", "demo-active"]);
    let me = app.me(&Caller::Bearer(token.clone())).await;
    assert_eq!(me.member.name_masked, "林*");
    // RFC 9110 §11.1: the scheme's case does not matter.
    app.get("/v1/me").header("authorization", &format!("bearer {token}")).answer().await.expect(200);
    for wrong in
        [format!("Bearer {token}x"), format!("Basic {token}"), token, "Bearer".to_owned(), "Bearer ".to_owned()]
    {
        app.get("/v1/me").header("authorization", &wrong).answer().await.problem(ProblemKind::Unauthorized);
    }
}

#[tokio::test]
async fn a_terminal_is_no_member() {
    let app = TestApp::demo().await;
    let terminal = app.terminal("sh-wutongli-coffee").await;
    app.get("/v1/me").by(&terminal).answer().await.problem(ProblemKind::Unauthorized);
}

#[tokio::test]
async fn without_a_session_nobody_is_shown() {
    let app = TestApp::demo().await;
    app.get("/v1/me").answer().await.problem(ProblemKind::Unauthorized);
}

#[tokio::test]
async fn a_session_lasts_thirty_days() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    app.clock.advance_millis(30 * DAY - 1);
    app.me(&member).await;
    app.clock.advance_millis(1);
    app.get("/v1/me").by(&member).answer().await.problem(ProblemKind::Unauthorized);
}

#[tokio::test]
async fn before_there_is_a_programme_the_answer_says_so() {
    let app = TestApp::empty().await;
    member_server::import_members(&app.database, "id,name\nm1,张三\n".as_bytes(), noon()).await.unwrap();
    let member = Caller::Bearer(app.operator(&["session", "add", "m1"]));
    app.get("/v1/me").by(&member).answer().await.problem(ProblemKind::NotFound);
    app.operator(&["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "16800"]);
    let me = app.me(&member).await;
    assert_eq!((me.programme.id.as_str(), me.card, me.payoff), ("p", None, None));
}

#[tokio::test]
async fn the_answer_says_how_long_codes_may_be_shown_without_the_server() {
    for hours in [1, 72] {
        let setup = Setup { demo: true, offline_millis: hours * HOUR, ..Setup::default() };
        let app = TestApp::start(setup).await;
        assert_eq!(app.me(&app.sign_in("active").await).await.offline_millis, hours * HOUR);
    }
}
