//! The server's log, at its most detailed level.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::support::{
    Caller, Device,
    counter::{COFFEE, NOODLES, PIN},
    process::Process,
};
use member_domain::UnixMillis;
use reqwest::Method;
use serde_json::{Value, json};

/// The entries of the log: one JSON object per line, whatever was sent.
fn entries(log: &str) -> Vec<Value> {
    let entry = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    log.lines().map(entry).collect()
}

fn now() -> UnixMillis {
    UnixMillis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().try_into().unwrap())
}

#[tokio::test]
async fn no_code_token_pin_key_or_search_is_logged_at_any_level_that_operators_use() {
    let server = Process::start(&[]);
    let (get, post) = (|path: &str| server.call(Method::GET, path), |path: &str| server.call(Method::POST, path));
    let signed_in = get("/demo/active").answer().await.expect(303);
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
    let member = Caller::Cookie(cookie.clone());
    let token = get(&format!("/demo/terminal/{COFFEE}")).answer().await.expect(200).json::<Value>()["token"].clone();
    let token = token.as_str().unwrap().to_owned();
    let till = Caller::Bearer(token.clone());
    let device = Device::new(post("/v1/credentials").by(&member).answer().await.expect(201).json());

    let (code, guess) = (device.code_at(now()), "66012345678987654321".to_owned());
    let redeem = post("/v1/redemptions").by(&till).header("idempotency-key", "key-of-a-till");
    redeem.json(&json!({ "code": code, "billFen": 4_200 })).answer().await.expect(201);
    let redeem = post("/v1/redemptions").by(&till).header("idempotency-key", "key-of-a-guess");
    redeem.json(&json!({ "code": guess, "billFen": 4_200 })).answer().await.expect(404);
    get("/v1/redemptions/attempts/key-of-a-till").by(&till).answer().await.expect(200);
    get(&format!("/R/{guess}")).answer().await.expect(200);
    get(&format!("/nothing/{guess}")).answer().await.expect(404);
    for (key, pin, status) in [("key-of-a-pin", PIN, 201), ("key-of-a-wrong-pin", "135791", 422)] {
        let redeem = post(&format!("/v1/shops/{NOODLES}/redemptions")).by(&member).header("idempotency-key", key);
        redeem.json(&json!({ "pin": pin, "billFen": 4_200 })).answer().await.expect(status);
    }
    let wrong = Caller::Bearer("token-that-nobody-has".to_owned());
    get("/v1/me").by(&wrong).answer().await.expect(401);
    get("/v1/shops?city=hangzhou&q=searched-words&lat=30.25&lng=120.17&coordSystem=wgs84").answer().await.expect(200);
    get("/?q=searched-words&shop=sh-1").header("referer", "https://card.example/?q=searched-words").answer().await;
    let pair = post("/R/pair").header("sec-fetch-site", "same-origin");
    pair.body("application/x-www-form-urlencoded", "code=97531864").answer().await;

    let log = server.end();
    // Proves that the requests were logged at all.
    for route in ["/v1/redemptions", "/v1/shops/{id}/redemptions", "/v1/shops", "/v1/me", "/R/{digits}", "(site)"] {
        assert!(entries(&log).iter().any(|entry| entry["span"]["route"] == route), "{route}: {log}");
    }
    assert!(entries(&log).iter().any(|entry| entry["level"] == "DEBUG"), "{log}");
    let key = &device.answer.key.k;
    let session = cookie.split_once('=').unwrap().1;
    for secret in [&code, &guess, &token, key, session, PIN, "135791", "token-that-nobody-has", "97531864"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
    for own in ["key-of-a", "searched-words", "30.25", "120.17"] {
        assert!(!log.contains(own), "{own}: {log}");
    }
}

#[tokio::test]
async fn what_others_send_makes_no_entry_of_its_own_and_reports_of_a_request_one() {
    let server = Process::start(&[]);
    let forged = "x\n{\"level\":\"ERROR\",\"fields\":{\"message\":\"forged\"}}";
    let report = json!({ "type": "csp-violation", "body": {
        "effectiveDirective": format!("img-src {forged}"), "blockedURL": forged,
        "sourceFile": format!("{}/{forged}.js", server.origin) } });
    let reports = Value::from(vec![report; 3]).to_string();
    let call = server.call(Method::POST, "/v1/security-reports").header("user-agent", "forged");
    call.body("application/reports+json", reports).answer().await.expect(204);
    server.call(Method::GET, "/v1/shops/%0A%7B%22forged%22:1%7D?q=%0Aforged").answer().await;
    server.call(Method::from_bytes(b"FORGED").unwrap(), "/v1/me").answer().await.expect(405);

    let log = server.end();
    let entries = entries(&log);
    assert!(entries.iter().all(|entry| entry["level"] != "ERROR" && entry["timestamp"].is_string()), "{log}");
    assert!(!log.to_lowercase().contains("forged"), "{log}");
    let told: Vec<&Value> = entries.iter().filter(|entry| !entry["fields"]["directive"].is_null()).collect();
    let [told] = told[..] else { panic!("{log}") };
    let fields = &told["fields"];
    assert_eq!((&fields["directive"], &fields["reports"]), (&json!("img-src"), &json!(3)));
    assert_eq!((&fields["blocked"], &fields["source"]), (&json!("something else"), &json!("a page")));
}
