//! `docs/openapi.yaml` against the server: the same calls, and answers of the documented form.

use std::collections::BTreeSet;

use crate::support::{
    Answer, Events, TestApp,
    counter::{COFFEE, Counter, NOODLES, PIN},
    provider,
};
use member_domain::wire::{ProblemKind, Receipt};
use reqwest::Method;
use serde_json::{Value, json};

const PIN_PATH: &str = "/v1/shops/{id}/redemptions";

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The document, and a way to resolve its references.
struct Document(Value);

impl Document {
    fn read() -> Self {
        Self(serde_norway::from_str(include_str!("../../../../docs/openapi.yaml")).unwrap())
    }

    /// `node`, or the target of its `$ref`.
    fn resolved<'a>(&'a self, node: &'a Value) -> &'a Value {
        match node.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let pointer = reference.strip_prefix('#').expect("references stay inside the document");
                self.resolved(self.0.pointer(pointer).unwrap_or_else(|| panic!("{reference} points nowhere")))
            }
            None => node,
        }
    }

    fn calls(&self) -> BTreeSet<(String, String)> {
        let paths = self.0["paths"].as_object().unwrap();
        let calls = paths.iter().flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys().filter(|key| METHODS.contains(&key.as_str()));
            methods.map(|method| (method.clone(), path.clone()))
        });
        calls.collect()
    }

    fn response(&self, method: &str, path: &str, status: u16) -> &Value {
        let responses = &self.0["paths"][path][method]["responses"];
        let response = responses.get(status.to_string()).or_else(|| responses.get("default"));
        self.resolved(response.unwrap_or_else(|| panic!("{method} {path} does not document {status}")))
    }

    /// Fails unless `value` has the form of `schema`.
    fn assert_valid(&self, schema: &Value, value: &Value, what: &str) {
        let schema = json!({ "allOf": [schema], "components": self.0["components"] });
        let validator = jsonschema::draft202012::new(&schema).unwrap_or_else(|error| panic!("{what}: {error}"));
        let faults: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(faults.is_empty(), "{what}: {faults:#?}\n{value:#}");
    }

    /// Fails unless this answer to this call is documented: its status, its required headers, its type, its form.
    fn assert_documents(&self, method: &str, path: &str, answer: &Answer) {
        let what = format!("{method} {path} {}", answer.status);
        let response = self.response(method, path, answer.status);
        for (name, header) in response["headers"].as_object().into_iter().flatten() {
            let header = self.resolved(header);
            if header["required"] == json!(true) {
                let sent = answer.header(name);
                let is_number = self.resolved(&header["schema"])["type"] == json!("integer");
                let value = if is_number { json!(sent.parse::<i64>().unwrap()) } else { json!(sent) };
                self.assert_valid(&header["schema"], &value, &format!("{what}: {name}"));
            }
        }
        let media_type = answer.header("content-type").split(';').next().unwrap();
        let content = response["content"].get(media_type);
        let schema = &content.unwrap_or_else(|| panic!("{what} does not document {media_type}"))["schema"];
        let body = if media_type == "text/plain" { json!(answer.text()) } else { answer.json() };
        self.assert_valid(schema, &body, &what);
    }
}

#[test]
fn the_document_lists_exactly_the_calls_the_server_answers() {
    let served = member_server::api_routes().into_iter().map(|(method, path)| (method.to_owned(), path.to_owned()));
    assert_eq!(Document::read().calls(), served.collect());
}

#[tokio::test]
async fn every_success_is_documented() {
    let document = Document::read();
    let app = TestApp::demo().await;
    for persona in ["active", "ending", "refund-scheduled", "refund-processing", "refund-abnormal", "none"] {
        let member = app.sign_in(persona).await;
        for path in ["/v1/me", "/v1/redemptions", "/v1/refund"] {
            document.assert_documents("get", path, &app.get(path).by(&member).answer().await);
        }
    }
    let member = app.sign_in("active").await;
    let enrolled = app.post("/v1/credentials").by(&member).answer().await.expect(201);
    document.assert_documents("post", "/v1/credentials", &enrolled);
    document.assert_documents("get", "/v1/me", &app.get("/v1/me").by(&member).answer().await.expect(200));
    let device = crate::support::Device::new(enrolled.json());
    let till = app.terminal("sh-wutongli-coffee").await;
    let redeemed = app.redeem(&till, "1", &device.code_at(app.now()), 4_200).await.expect(201);
    document.assert_documents("post", "/v1/redemptions", &redeemed);
    let receipt: Receipt = redeemed.json();
    let cancellation = "/v1/redemptions/{id}/cancellation";
    let cancelled = app.post(&cancellation.replace("{id}", &receipt.id)).by(&till).answer().await.expect(200);
    document.assert_documents("post", cancellation, &cancelled);
    document.assert_documents(
        "get",
        "/v1/redemptions",
        &app.get("/v1/redemptions").by(&member).answer().await.expect(200),
    );
    app.redeem(&till, "2", &device.code_at(app.now()), 4_200).await.expect(409);
    let attempts = "/v1/redemptions/attempts/{key}";
    for key in ["1", "2", "3"] {
        let answer = app.get(&attempts.replace("{key}", key)).by(&till).answer().await.expect(200);
        document.assert_documents("get", attempts, &answer);
    }
    let by_pin = app.post(&PIN_PATH.replace("{id}", NOODLES)).by(&member).header("idempotency-key", "1");
    let by_pin = by_pin.json(&json!({ "pin": PIN, "billFen": 3_600 })).answer().await.expect(201);
    document.assert_documents("post", PIN_PATH, &by_pin);
    app.operator(&["shops", "leave", COFFEE, "--on", "2026-12-31"]);
    for query in ["", "?limit=100", "?lat=31.2&lng=121.4&openNow=true"] {
        let page = app.get(&format!("/v1/shops{query}")).answer().await.expect(200);
        document.assert_documents("get", "/v1/shops", &page);
    }
    for id in ["sh-wutongli-coffee", "sh-jiuwu-echo"] {
        let shop = app.get(&format!("/v1/shops/{id}")).answer().await.expect(200);
        document.assert_documents("get", "/v1/shops/{id}", &shop);
    }
    document.assert_documents("get", "/healthz", &app.get("/healthz").answer().await.expect(200));
}

#[tokio::test]
async fn every_answer_about_members_events_is_documented() {
    let document = Document::read();
    let app = TestApp::demo().await;
    let (member, none) = (app.sign_in("active").await, app.sign_in("none").await);
    let list = app.get("/v1/member-events").by(&member).answer().await.expect(200);
    document.assert_documents("get", "/v1/member-events", &list);
    let wrong = app.get("/v1/member-events?city=x").by(&member).answer().await.expect(422);
    document.assert_documents("get", "/v1/member-events", &wrong);
    let mut events = Events::open(&app, &member, None).await;
    for (method, caller, event, status) in [
        ("put", &member, "sh-shengbo-night", 200),
        ("delete", &member, "sh-shengbo-night", 200),
        ("put", &member, "sh-handdrip-class", 200),
        ("put", &none, "sh-handdrip-class", 403),
        ("put", &app.sign_in("refund-closed").await, "sh-handdrip-class", 403),
        ("put", &member, "no-such", 404),
        ("delete", &member, "no-such", 404),
    ] {
        let answer = sign_up(&app, method, caller, event).await.expect(status);
        document.assert_documents(method, SIGN_UP, &answer);
    }
    let told = events.next().await;
    document.assert_valid(&json!({ "$ref": "#/components/schemas/MemberEventChange" }), &told.data, &told.name);
    app.clock.advance_millis(10 * crate::support::DAY);
    for method in ["put", "delete"] {
        document.assert_documents(
            method,
            SIGN_UP,
            &sign_up(&app, method, &member, "sh-handdrip-class").await.expect(409),
        );
    }
}

const SIGN_UP: &str = "/v1/member-events/{id}/sign-up";

async fn sign_up(app: &TestApp, method: &str, member: &crate::support::Caller, event: &str) -> Answer {
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    app.call(method, &SIGN_UP.replace("{id}", event)).by(member).answer().await
}

#[tokio::test]
async fn what_a_test_code_is_answered_is_documented() {
    let document = Document::read();
    let counter = Counter::open().await;
    let code = counter.app.operator(&["shops", "test", COFFEE]);
    let far = counter.app.now().plus_millis(crate::support::DAY).0;
    crate::support::staff::sql(&counter.app, &format!("UPDATE shop_tests SET expires_at = {far}"));
    let answer = counter.app.redeem(&counter.till, "test", &code, 4_200).await.expect(200);
    document.assert_documents("post", "/v1/redemptions", &answer);
    let asked = counter.ask(&counter.till, "test").await.expect(200);
    document.assert_documents("get", "/v1/redemptions/attempts/{key}", &asked);
    let shop = counter.app.get(&format!("/v1/shops/{COFFEE}")).answer().await.expect(200);
    assert!(shop.json::<Value>()["trust"]["staffTestedOn"].is_string());
    document.assert_documents("get", "/v1/shops/{id}", &shop);
}

#[tokio::test]
async fn every_problem_is_documented() {
    let document = Document::read();
    let app = provider::demo().await;
    for (method, path) in member_server::api_routes() {
        let open_to_everybody = (method == "get" && (path.starts_with("/v1/shops") || path == "/healthz"))
            || path == "/v1/security-reports";
        if !open_to_everybody {
            let answer = app.call(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), path).answer().await;
            answer.problem(ProblemKind::Unauthorized);
            document.assert_documents(method, path, &answer);
        }
    }
    let (active, none) = (app.sign_in("active").await, app.sign_in("none").await);
    let ended = app.sign_in("refund-closed").await;
    for (member, kind) in [(&none, ProblemKind::Forbidden), (&ended, ProblemKind::ProgrammeEnded)] {
        let answer = app.post("/v1/credentials").by(member).answer().await;
        answer.problem(kind);
        document.assert_documents("post", "/v1/credentials", &answer);
    }
    document.assert_documents("get", "/v1/shops", &app.get("/v1/shops?limit=0").answer().await);
    document.assert_documents("get", "/v1/shops/{id}", &app.get("/v1/shops/x").answer().await);
    document.assert_documents(
        "get",
        "/v1/redemptions",
        &app.get("/v1/redemptions?cursor=x").by(&active).answer().await,
    );

    let device = app.enrol(&active).await;
    let till = app.terminal("sh-wutongli-coffee").await;
    let step = device.step(app.now());
    let large = "9".repeat(17_000);
    app.redeem(&till, "1", &device.code(step), 4_200).await.expect(201);
    for (key, code, bill, status) in [
        ("1", device.code(step), 1, 409),
        ("2", device.code(step), 4_200, 409),
        ("3", device.code(step.plus(-2)), 4_200, 410),
        ("4", "66000000000000000000".to_owned(), 4_200, 404),
        ("5", device.code(step), 0, 422),
        ("6", large, 1, 413),
    ] {
        let answer = app.redeem(&till, key, &code, bill).await.expect(status);
        document.assert_documents("post", "/v1/redemptions", &answer);
    }
}

#[tokio::test]
async fn the_refusal_of_other_sites_is_documented_for_every_call_that_changes_something() {
    let document = Document::read();
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    let mut refused = Vec::new();
    for (method, path) in member_server::api_routes().into_iter().filter(|(method, _)| *method != "get") {
        let call = app.call(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), path).by(&member);
        let answer = call.header("sec-fetch-site", "cross-site").answer().await;
        if answer.status == 403 {
            answer.problem(ProblemKind::Forbidden);
            document.assert_documents(method, path, &answer);
            refused.push((method, path));
        }
    }
    let reports = ("post", "/v1/security-reports");
    let favourites = ("put", "/v1/favourites");
    let pages =
        [("post", "/v1/credentials"), ("post", PIN_PATH), favourites, ("put", SIGN_UP), ("delete", SIGN_UP), reports];
    assert_eq!(refused, pages, "the others are known by a token or a signature, never by the cookie");
}

#[tokio::test]
async fn what_browsers_are_answered_about_security_reports_is_documented() {
    let document = Document::read();
    let app = TestApp::empty().await;
    let answer = app.post("/v1/security-reports").body("application/csp-report", "{}").answer().await.expect(204);
    let response = document.response("post", "/v1/security-reports", 204);
    assert!(response["content"].is_null() && answer.body.is_empty());
}

#[tokio::test]
async fn every_problem_at_the_counter_is_documented() {
    let document = Document::read();
    let counter = Counter::open().await;
    let receipt = counter.app.redeem_now(&counter.till, "1", &counter.device, 4_200).await;
    counter.app.clock.advance_millis(600_001);
    let cancellation = "/v1/redemptions/{id}/cancellation";
    for (id, status) in [(receipt.id.as_str(), 409), ("unknown", 404)] {
        document.assert_documents("post", cancellation, &counter.cancel(&counter.till, id).await.expect(status));
    }
    counter.enter_pin(NOODLES, "used", PIN, 4_200).await.expect(201);
    for (shop, key, pin, status) in [
        (NOODLES, "used", PIN, 409),
        (NOODLES, "1", "12", 422),
        (NOODLES, "1", "135790", 422),
        (COFFEE, "1", PIN, 403),
        ("unknown", "1", PIN, 404),
        (NOODLES, "1", &"1".repeat(17_000), 413),
        (NOODLES, "1", "135790", 422),
        (NOODLES, "1", "135790", 422),
        (NOODLES, "1", "135790", 422),
        (NOODLES, "1", "135790", 429),
    ] {
        let answer = counter.enter_pin(shop, key, pin, 100).await.expect(status);
        document.assert_documents("post", PIN_PATH, &answer);
    }
    for index in 0..21 {
        let answer = counter.app.redeem(&counter.till, &format!("guess {index}"), &counter.guess(index), 4_200).await;
        document.assert_documents("post", "/v1/redemptions", &answer.expect(if index < 20 { 404 } else { 429 }));
    }
}

#[tokio::test]
async fn the_credential_event_has_the_documented_data() {
    let document = Document::read();
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    let mut events = Events::open(&app, &member, None).await;
    app.enrol(&member).await;
    let event = events.next().await;
    let schema = json!({ "$ref": "#/components/schemas/CredentialChange" });
    document.assert_valid(&schema, &event.data, &event.name);
}

#[tokio::test]
async fn the_redemption_event_is_a_documented_ledger_entry() {
    let document = Document::read();
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    let device = app.enrol(&member).await;
    let mut events = Events::open(&app, &member, None).await;
    app.redeem_now(&app.terminal("sh-wutongli-coffee").await, "1", &device, 4_200).await;
    let event = events.next().await;
    document.assert_valid(&json!({ "$ref": "#/components/schemas/LedgerEntry" }), &event.data, "redemption event");
}

#[tokio::test]
async fn every_answer_to_a_refund_event_is_documented() {
    let document = Document::read();
    let app = provider::demo().await;
    let member = app.sign_in("refund-scheduled").await;
    let event = provider::event(&app, &provider::refund(&app, &member).await, "succeeded");
    let with = |field: &str, value: Value| {
        let mut changed = event.clone();
        changed[field] = value;
        changed
    };
    for (id, event, status) in [
        ("1", event.clone(), 200),
        ("1", event.clone(), 200),
        ("1", with("amountFen", json!(1)), 409),
        ("2", with("amountFen", json!(1)), 200),
        ("3", with("state", json!("closed")), 200),
        ("4", with("refundId", json!("RF")), 404),
        ("5", with("amountFen", json!(0)), 422),
        ("6", json!("9".repeat(17_000)), 413),
    ] {
        let answer = provider::send(&app, id, &event).await.expect(status);
        document.assert_documents("post", "/v1/refund-events", &answer);
    }
    let unsigned = app.post("/v1/refund-events").json(&event).answer().await.expect(401);
    document.assert_documents("post", "/v1/refund-events", &unsigned);
}

/// Authors of a sender recompute the example.
#[test]
fn the_example_of_a_refund_event_is_signed_as_the_document_says() {
    let document = Document::read();
    let call = &document.0["paths"]["/v1/refund-events"]["post"];
    let description = call["description"].as_str().unwrap();
    let body = description.lines().map(str::trim).find(|line| line.starts_with('{')).unwrap();
    let example = &call["requestBody"]["content"]["application/json"]["examples"]["processing"]["value"];
    assert_eq!(&serde_json::from_str::<Value>(body).unwrap(), example);
    let parameter = |index: usize| call["parameters"][index]["example"].as_str().unwrap();
    let secret = description.split('`').find_map(|text| text.strip_prefix("whsec_").filter(|rest| !rest.is_empty()));
    let signed = provider::signature(
        &provider::secret_bytes(secret.unwrap()),
        parameter(0),
        parameter(1).parse().unwrap(),
        body,
    );
    let shown = document.0["components"]["securitySchemes"]["webhookSignature"]["description"].as_str().unwrap();
    assert!(shown.contains(&format!("`{signed}`")), "{signed}");
}

/// Authors of another backend copy the examples.
#[test]
fn the_documents_examples_have_the_form_it_documents() {
    let document = Document::read();
    let mut checked = 0;
    let mut nodes = vec![("#".to_owned(), &document.0)];
    while let Some((at, node)) = nodes.pop() {
        if let (Some(schema), true) = (node.get("schema"), !at.contains("/examples")) {
            let named = node["examples"].as_object().into_iter().flatten();
            let named = named.map(|(_, example)| &document.resolved(example)["value"]);
            for example in node.get("example").into_iter().chain(named) {
                document.assert_valid(schema, example, &at);
                checked += 1;
            }
        }
        match node {
            Value::Object(members) => nodes.extend(members.iter().map(|(name, child)| (format!("{at}/{name}"), child))),
            Value::Array(items) => {
                nodes.extend(items.iter().enumerate().map(|(index, child)| (format!("{at}/{index}"), child)));
            }
            _ => {}
        }
    }
    assert!(checked > 20, "{checked} examples");
}
