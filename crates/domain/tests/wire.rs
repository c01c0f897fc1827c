//! The JSON of the API, field by field. Backends in other languages rely on exactly this form.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fmt::Debug;

use member_domain::{
    Category, City, CodeForm, CredentialNumber, Discount, Fen, Place, ProgrammePhase, RedeemMethod, RefundRule,
    RefundState, TotpPeriod, UnixMillis, ValuePattern,
    wire::{
        Announcement, Card, CardState, CredentialAnswer, CredentialStatus, Curation, Jwk, LedgerEntry, LedgerPage,
        MeAnswer, Member, OpenState, Payoff, PayoffMonth, Problem, ProblemKind, Programme, Receipt, RedemptionRequest,
        Refund, RefundStep, Shop, ShopPage, Support, TotpAlgorithm, TotpDetails, Trust,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

const NOW: UnixMillis = UnixMillis(1_795_147_210_000);

/// Checks that `value` serializes to `json` and that `json` parses to the same value.
fn assert_wire<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, json: &Value) {
    assert_eq!(&serde_json::to_value(value).unwrap(), json);
    assert_eq!(&serde_json::from_value::<T>(json.clone()).unwrap(), value);
}

fn number() -> CredentialNumber {
    CredentialNumber::from_value(123_456_789).unwrap()
}

fn refund() -> (Refund, Value) {
    let refund = Refund {
        id: "RF0123456789ABCDEF".to_owned(),
        state: RefundState::Processing,
        amount_fen: Fen(16_800),
        rule: RefundRule::ProRata,
        channel: "wechat-pay".to_owned(),
        estimate_working_days: Some(3),
        provider_reference: Some("50300".to_owned()),
        scheduled_for: Some("2026-11-23".parse().unwrap()),
        checked_at: NOW,
        of_earlier_card: false,
        timeline: vec![
            RefundStep { state: RefundState::Scheduled, at: UnixMillis(1) },
            RefundStep { state: RefundState::Processing, at: NOW },
        ],
    };
    let json = json!({
        "id": "RF0123456789ABCDEF",
        "state": "processing",
        "amountFen": 16800,
        "rule": "pro-rata",
        "channel": "wechat-pay",
        "estimateWorkingDays": 3,
        "providerReference": "50300",
        "scheduledFor": "2026-11-23",
        "checkedAt": 1_795_147_210_000_i64,
        "ofEarlierCard": false,
        "timeline": [{ "state": "scheduled", "at": 1 }, { "state": "processing", "at": 1_795_147_210_000_i64 }],
    });
    (refund, json)
}

#[test]
fn me_with_everything() {
    let (refund, refund_json) = refund();
    let answer = MeAnswer {
        server_time: NOW,
        offline_millis: 259_200_000,
        member: Member { name_masked: "林*".to_owned() },
        programme: Programme {
            id: "p".to_owned(),
            name: "精选会员卡".to_owned(),
            name_en: Some("Curated Card".to_owned()),
            price_fen: Fen(16_800),
            phase: ProgrammePhase::Ending,
            last_day: Some("2026-12-31".parse().unwrap()),
            refund_rule: RefundRule::ProRata,
            announcement: Some(Announcement {
                dated: "2026-11-20".parse().unwrap(),
                text: "各位会员".to_owned(),
                text_en: Some("Dear members".to_owned()),
            }),
            support: Some(Support {
                url: Some("https://help.example".to_owned()),
                phone: Some("021-5555 0000".to_owned()),
            }),
        },
        card: Some(Card {
            number_masked: "6601 •••• 4827".to_owned(),
            state: CardState::NotYetValid,
            valid_from: "2026-08-22".parse().unwrap(),
            valid_until: "2027-08-21".parse().unwrap(),
            cities: vec![City::Shanghai, City::Hangzhou],
            paid_fen: Fen(16_800),
        }),
        payoff: Some(Payoff {
            saved_fen: Fen(15_020),
            redemptions: 5,
            months: vec![PayoffMonth { month: "2026-11-01".parse().unwrap(), saved_fen: Fen(15_020), redemptions: 5 }],
        }),
        refund: Some(refund),
        credential: CredentialStatus::Active { number: number() },
    };
    let json = json!({
        "serverTime": 1_795_147_210_000_i64,
        "offlineMillis": 259_200_000,
        "member": { "nameMasked": "林*" },
        "programme": {
            "id": "p",
            "name": "精选会员卡",
            "nameEn": "Curated Card",
            "priceFen": 16800,
            "phase": "ending",
            "lastDay": "2026-12-31",
            "refundRule": "pro-rata",
            "announcement": { "dated": "2026-11-20", "text": "各位会员", "textEn": "Dear members" },
            "support": { "url": "https://help.example", "phone": "021-5555 0000" },
        },
        "card": {
            "numberMasked": "6601 •••• 4827",
            "state": "not-yet-valid",
            "validFrom": "2026-08-22",
            "validUntil": "2027-08-21",
            "cities": ["shanghai", "hangzhou"],
            "paidFen": 16800,
        },
        "payoff": {
            "savedFen": 15020,
            "redemptions": 5,
            "months": [{ "month": "2026-11-01", "savedFen": 15020, "redemptions": 5 }],
        },
        "refund": refund_json,
        "credential": { "status": "active", "number": "0123456789" },
    });
    assert_wire(&answer, &json);
}

#[test]
fn me_without_a_card_says_null_not_nothing() {
    let answer = MeAnswer {
        server_time: NOW,
        offline_millis: 259_200_000,
        member: Member { name_masked: "叶*".to_owned() },
        programme: Programme {
            id: "p".to_owned(),
            name: "卡".to_owned(),
            name_en: None,
            price_fen: Fen(1),
            phase: ProgrammePhase::Running,
            last_day: None,
            refund_rule: RefundRule::Full,
            announcement: None,
            support: None,
        },
        card: None,
        payoff: None,
        refund: None,
        credential: CredentialStatus::None,
    };
    let json = json!({
        "serverTime": 1_795_147_210_000_i64,
        "offlineMillis": 259_200_000,
        "member": { "nameMasked": "叶*" },
        "programme":
            { "id": "p", "name": "卡", "nameEn": null, "priceFen": 1, "phase": "running", "refundRule": "full", "lastDay": null },
        "card": null,
        "payoff": null,
        "refund": null,
        "credential": { "status": "none" },
    });
    assert_wire(&answer, &json);
    assert_eq!(serde_json::to_value(CardState::Active).unwrap(), "active");
    assert_eq!(serde_json::to_value(CardState::Ended).unwrap(), "ended");
}

#[test]
fn a_credential_status_that_says_active_names_the_credential() {
    for refused in [
        json!({}),
        json!({ "status": "active" }),
        json!({ "status": "active", "number": null }),
        json!({ "status": "active", "number": "12" }),
        json!({ "status": "ended", "number": "0123456789" }),
    ] {
        assert!(serde_json::from_value::<CredentialStatus>(refused.clone()).is_err(), "{refused}");
    }
}

#[test]
fn refunds_travel_with_their_timeline() {
    let (refund, json) = refund();
    assert_wire(&refund, &json);
}

#[test]
fn a_shop_with_everything_and_a_shop_with_nothing() {
    let mut shop = Shop {
        id: "s1".to_owned(),
        name: "梧桐里手冲".to_owned(),
        category: Category::Coffee,
        city: City::Shanghai,
        district: Some("徐汇区".to_owned()),
        address: Some("武康路 210 号".to_owned()),
        place: Place::new(31.2, 121.4, "gcj02").unwrap(),
        discount_permille: Discount::from_permille(100).unwrap(),
        price_per_person_fen: Some(Fen(4_200)),
        curation: Some(Curation::new("豆单更新快".to_owned(), "2026-10-21".parse().unwrap())),
        opening_hours: Some("Mo-Su 08:00-20:00".to_owned()),
        open: OpenState::Open { until: Some(NOW) },
        redeem_methods: vec![RedeemMethod::PhoneCamera, RedeemMethod::ShopPin],
        code_form: CodeForm::Digits,
        left_on: Some("2026-11-30".parse().unwrap()),
        phone: Some("021-5550-0137".to_owned()),
        pinyin: None,
        trust: Trust::default(),
        discount_rules: None,
        not_combined_with: None,
        notes: Vec::new(),
        week: Vec::new(),
    };
    let mut json = json!({
        "id": "s1",
        "name": "梧桐里手冲",
        "category": "coffee",
        "city": "shanghai",
        "district": "徐汇区",
        "address": "武康路 210 号",
        "place": { "coordSystem": "gcj02", "lat": 31.2, "lng": 121.4 },
        "discountPermille": 100,
        "pricePerPersonFen": 4200,
        "curation": { "reason": "豆单更新快", "on": "2026-10-21" },
        "openingHours": "Mo-Su 08:00-20:00",
        "open": { "state": "open", "until": 1_795_147_210_000_i64 },
        "redeemMethods": ["phone-camera", "shop-pin"],
        "codeForm": "digits",
        "leftOn": "2026-11-30",
        "phone": "021-5550-0137",
        "trust": {
            "lastSuccessAt": null, "redemptions": 0, "failures": 0, "staffTestedOn": null, "failsOften": false
        },
    });
    assert_wire(&shop, &json);

    (shop.phone, shop.left_on) = (None, None);
    json.as_object_mut().unwrap().retain(|name, _| name != "phone" && name != "leftOn");
    assert_wire(&shop, &json);

    (shop.district, shop.address, shop.price_per_person_fen, shop.curation) = (None, None, None, None);
    (shop.opening_hours, shop.open) = (None, OpenState::Unknown);
    for field in ["district", "address", "pricePerPersonFen", "curation", "openingHours"] {
        json[field] = Value::Null;
    }
    json["open"] = json!({ "state": "unknown" });
    assert_wire(&shop, &json);
    assert_wire(&OpenState::Closed { until: None }, &json!({ "state": "closed", "until": null }));

    for refused in
        [json!({}), json!({ "state": "maybe" }), json!({ "state": "Open" }), json!({ "state": "open", "until": "8" })]
    {
        assert!(serde_json::from_value::<OpenState>(refused.clone()).is_err(), "{refused}");
    }

    let page = ShopPage {
        shops: vec![shop],
        next_cursor: Some("s1".to_owned()),
        total: 72,
        districts: vec!["徐汇区".to_owned()],
        server_time: Some(NOW),
        ..ShopPage::default()
    };
    let json = json!({
        "shops": [json],
        "nextCursor": "s1",
        "total": 72,
        "totalIsCapped": false,
        "districts": ["徐汇区"],
        "nothingBecause": [],
        "serverTime": NOW,
    });
    assert_wire(&page, &json);
}

#[test]
fn vocabularies_have_the_same_name_everywhere() {
    for city in City::ALL {
        assert_eq!(City::from_name(city.as_str()), Ok(*city));
        assert_eq!(serde_json::to_value(city).unwrap(), city.as_str());
    }
    for category in Category::ALL {
        assert_eq!(Category::from_name(category.as_str()), Ok(*category));
        assert_eq!(serde_json::to_value(category).unwrap(), category.as_str());
    }
    for method in RedeemMethod::ALL {
        assert_eq!(RedeemMethod::from_name(method.as_str()), Ok(*method));
        assert_eq!(serde_json::to_value(method).unwrap(), method.as_str());
    }
    let error = City::from_name("beijing").unwrap_err().to_string();
    assert!(error.contains("city") && error.contains("shanghai, hangzhou, guangzhou"), "{error}");
}

#[test]
fn a_credential_carries_what_a_code_is_made_of() {
    let answer = CredentialAnswer {
        number: number(),
        value_pattern: ValuePattern::url("https://card.example", &number()),
        totp_details: TotpDetails {
            algorithm: TotpAlgorithm::Sha256,
            period_millis: TotpPeriod::DEFAULT,
            value_length: 8,
        },
        key: Jwk { kty: "oct".to_owned(), alg: "HS256".to_owned(), k: "c2VjcmV0".to_owned() },
        server_time: NOW,
        expires_at: UnixMillis(1_800_000_000_000),
    };
    let json = json!({
        "number": "0123456789",
        "valuePattern": "HTTPS://CARD.EXAMPLE/R/660123456789{totp_value_0}",
        "totpDetails": { "algorithm": "TOTP_SHA256", "periodMillis": 30000, "valueLength": 8 },
        "key": { "kty": "oct", "alg": "HS256", "k": "c2VjcmV0" },
        "serverTime": 1_795_147_210_000_i64,
        "expiresAt": 1_800_000_000_000_i64,
    });
    assert_wire(&answer, &json);
    for shown in [format!("{answer:?}"), format!("{answer:#?}"), format!("{:?}", answer.key)] {
        assert!(!shown.contains("c2VjcmV0"), "a key has no place in a log: {shown}");
    }
}

#[test]
fn a_redemption_request_has_two_fields_and_no_other() {
    let read = |json: Value| serde_json::from_value::<RedemptionRequest>(json).map_err(|error| error.to_string());
    let request = read(json!({ "code": "66", "billFen": 4200 })).ok().unwrap();
    assert_eq!((request.code.as_str(), request.bill_fen), ("66", Fen(4_200)));
    assert_eq!(serde_json::to_value(request).unwrap(), json!({ "code": "66", "billFen": 4200 }));

    for (json, named) in [
        (json!({ "code": "66", "billFen": 1, "savedFen": 1 }), "savedFen"),
        (json!({ "code": "66", "bill_fen": 1 }), "bill_fen"),
        (json!({ "billFen": 1 }), "code"),
        (json!({ "code": "66" }), "billFen"),
    ] {
        let error = read(json.clone()).err().unwrap();
        assert!(error.contains(&format!("field `{named}`")), "{json}: {error}");
    }
}

#[test]
fn receipts_and_ledgers() {
    let receipt = Receipt {
        id: "0123456789AB".to_owned(),
        shop_id: "s1".to_owned(),
        member_masked: "林*".to_owned(),
        bill_fen: Fen(4_200),
        saved_fen: Fen(420),
        payable_fen: Fen(3_780),
        redeemed_at: NOW,
        cancelled_at: Some(NOW),
    };
    let mut json = json!({
        "id": "0123456789AB",
        "shopId": "s1",
        "memberMasked": "林*",
        "billFen": 4200,
        "savedFen": 420,
        "payableFen": 3780,
        "redeemedAt": 1_795_147_210_000_i64,
        "cancelledAt": 1_795_147_210_000_i64,
    });
    assert_wire(&receipt, &json);

    let entry = LedgerEntry {
        id: receipt.id,
        shop_id: receipt.shop_id,
        shop_name: "梧桐里手冲".to_owned(),
        bill_fen: receipt.bill_fen,
        saved_fen: receipt.saved_fen,
        payable_fen: receipt.payable_fen,
        redeemed_at: receipt.redeemed_at,
        cancelled_at: None,
    };
    json.as_object_mut().unwrap().retain(|name, _| name != "memberMasked" && name != "cancelledAt");
    json["shopName"] = json!("梧桐里手冲");
    assert_wire(&entry, &json);
    let page = LedgerPage { redemptions: vec![entry], next_cursor: None };
    assert_wire(&page, &json!({ "redemptions": [json], "nextCursor": null }));
}

#[test]
fn a_problem_leaves_out_what_it_does_not_say() {
    let mut problem = Problem {
        kind: "/problems/invalid-request".to_owned(),
        title: "Invalid request".to_owned(),
        status: 422,
        detail: Some("from 1 on".to_owned()),
        field: Some("billFen".to_owned()),
        tries_left: Some(3),
        retry_after: Some(900),
    };
    let mut json = json!({
        "type": "/problems/invalid-request",
        "title": "Invalid request",
        "status": 422,
        "detail": "from 1 on",
        "field": "billFen",
        "triesLeft": 3,
        "retryAfter": 900,
    });
    assert_wire(&problem, &json);
    (problem.detail, problem.field, problem.tries_left, problem.retry_after) = (None, None, None, None);
    json.as_object_mut().unwrap().retain(|name, _| matches!(name.as_str(), "type" | "title" | "status"));
    assert_wire(&problem, &json);
    json["instance"] = json!("/somewhere");
    assert_eq!(serde_json::from_value::<Problem>(json).unwrap(), problem, "RFC 9457 §3.2: ignore unknown members");
}

#[test]
fn problem_kinds_have_a_stable_name_and_status() {
    let table = [
        (ProblemKind::CodeUnknown, "code-unknown", 404),
        (ProblemKind::CodeExpired, "code-expired", 410),
        (ProblemKind::CodeUsed, "code-used", 409),
        (ProblemKind::ProgrammeEnded, "programme-ended", 403),
        (ProblemKind::Unauthorized, "unauthorized", 401),
        (ProblemKind::Forbidden, "forbidden", 403),
        (ProblemKind::InvalidRequest, "invalid-request", 422),
        (ProblemKind::RateLimited, "rate-limited", 429),
        (ProblemKind::NotFound, "not-found", 404),
        (ProblemKind::Conflict, "conflict", 409),
        (ProblemKind::Internal, "internal", 500),
    ];
    for (kind, name, status) in table {
        assert_eq!((kind.as_str(), kind.status()), (name, status));
        assert_eq!(ProblemKind::from_type(&format!("/problems/{name}")), Some(kind));
    }
}

#[test]
fn only_the_end_of_a_problem_type_counts() {
    for uri in [
        "/problems/code-used",
        "https://x.example/p/code-used",
        "https://x.example/p#code-used",
        "urn:x:code-used",
        "code-used",
    ] {
        assert_eq!(ProblemKind::from_type(uri), Some(ProblemKind::CodeUsed), "{uri}");
    }
    for uri in [
        "",
        "about:blank",
        "/problems/",
        "/problems/code-used/",
        "/code-used/more",
        "/problems/CODE-USED",
        "not-code-used",
    ] {
        assert_eq!(ProblemKind::from_type(uri), None, "{uri}");
    }
}
