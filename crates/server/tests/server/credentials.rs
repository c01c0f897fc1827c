//! `POST /v1/credentials`

use crate::support::{Caller, Setup, TestApp, noon, today};
use member_domain::{
    TotpPeriod,
    wire::{CredentialStatus, ProblemKind, TotpAlgorithm},
};

#[tokio::test]
async fn enrolling_hands_over_what_a_code_is_made_of() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    let answer = app.post("/v1/credentials").by(&member).answer().await.expect(201);
    assert_eq!(answer.header("cache-control"), "no-store", "no cache may keep a key");
    let device = crate::support::Device::new(answer.json());
    assert_eq!(device.key().len(), 32);
    let credential = &device.answer;
    assert_eq!((credential.key.kty.as_str(), credential.key.alg.as_str()), ("oct", "HS256"));
    assert_eq!(credential.totp_details.algorithm, TotpAlgorithm::Sha256);
    assert_eq!(credential.totp_details.period_millis, TotpPeriod::DEFAULT);
    assert_eq!(credential.totp_details.value_length, 8);
    assert_eq!(credential.server_time, noon());
    // The card is valid from its first day, 90 days ago, for 364 more days. The credential ends at midnight
    // after them.
    assert_eq!(credential.expires_at, today().plus_days(-90 + 364 + 1).start_in_shanghai());
    let expected = format!("HTTP://{}/R/66{}{{totp_value_0}}", app.address, credential.number.as_str());
    assert_eq!(credential.value_pattern.as_str(), expected);
}

#[tokio::test]
async fn the_qr_names_the_public_address_if_there_is_one() {
    let public_origin = Some("https://card.example".to_owned());
    let app = TestApp::start(Setup { demo: true, public_origin, ..Setup::default() }).await;
    let device = app.enrol(&app.sign_in("active").await).await;
    let qr = device.qr_at(app.now());
    assert_eq!(qr, format!("HTTPS://CARD.EXAMPLE/R/{}", device.code_at(app.now())));
}

#[tokio::test]
async fn every_enrolment_has_its_own_number_and_key_and_ends_the_one_before() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    let (first, second) = (app.enrol(&member).await, app.enrol(&member).await);
    assert_ne!(first.answer.number, second.answer.number);
    assert_ne!(first.key(), second.key());
    let status = app.me(&member).await.credential;
    assert_eq!(status, CredentialStatus::Active { number: second.answer.number.clone() });
    let terminal = app.terminal("sh-wutongli-coffee").await;
    let refused = app.redeem(&terminal, "first", &first.code_at(app.now()), 4_200).await;
    refused.problem(ProblemKind::CodeExpired);
    app.redeem_now(&terminal, "second", &second, 4_200).await;
}

#[tokio::test]
async fn only_a_card_that_works_today_gets_codes() {
    let app = TestApp::demo().await;
    for (persona, kind) in [
        ("none", ProblemKind::Forbidden),
        ("refund-scheduled", ProblemKind::ProgrammeEnded),
        ("refund-succeeded", ProblemKind::ProgrammeEnded),
        ("refund-closed", ProblemKind::ProgrammeEnded),
    ] {
        let member = app.sign_in(persona).await;
        app.post("/v1/credentials").by(&member).answer().await.problem(kind);
        assert_eq!(app.me(&member).await.credential, CredentialStatus::None, "{persona}");
    }
    app.post("/v1/credentials").answer().await.problem(ProblemKind::Unauthorized);
}

#[tokio::test]
async fn a_card_gets_codes_from_its_first_to_its_last_day() {
    let app = TestApp::empty().await;
    app.operator(&["programme", "put", "--id", "p", "--name", "卡", "--price-fen", "16800"]);
    let (tomorrow, yesterday) = (today().plus_days(1), today().plus_days(-1));
    let csv = format!(
        "id,name,card_number,programme,valid_from,valid_until\n\
         early,张三,000000000001,p,{tomorrow},{tomorrow}\n\
         today,李四,000000000002,p,{0},{0}\n\
         late,王五,000000000003,p,{yesterday},{yesterday}\n",
        today()
    );
    member_server::import_members(&app.database, csv.as_bytes(), noon()).await.unwrap();
    for (member, allowed) in [("early", false), ("today", true), ("late", false)] {
        let caller = Caller::Bearer(app.operator(&["session", "add", member]));
        let answer = app.post("/v1/credentials").by(&caller).answer().await;
        if allowed {
            answer.expect(201);
        } else {
            answer.problem(ProblemKind::Forbidden);
        }
    }
}

#[tokio::test]
async fn another_site_cannot_enrol_in_the_members_name() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    let from = |site: &str| app.post("/v1/credentials").header("sec-fetch-site", site);
    for site in ["cross-site", "same-site"] {
        from(site).by(&member).answer().await.problem(ProblemKind::Forbidden);
    }
    assert_eq!(app.me(&member).await.credential, CredentialStatus::None);
    for site in ["same-origin", "none"] {
        from(site).by(&member).answer().await.expect(201);
    }
    // The browser does not send a bearer token by itself, so a page of another site cannot use it.
    let host_app = Caller::Bearer(app.operator(&["session", "add", "demo-active"]));
    from("cross-site").by(&host_app).answer().await.expect(201);
}
