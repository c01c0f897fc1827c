//! A payment provider that signs its reports, and the refunds that it knows.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use member_domain::{
    UnixMillis,
    wire::{Refund, RefundEventAnswer},
};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{Answer, Caller, Setup, TestApp};

const SECRET: [u8; 32] = [42; 32];

/// A demo server that accepts events signed by the provider.
pub(crate) async fn demo() -> TestApp {
    let refund_event_secrets = secret(&SECRET).parse().unwrap();
    TestApp::start(Setup { demo: true, refund_event_secrets, ..Setup::default() }).await
}

/// A secret in the form of the file.
pub(crate) fn secret(bytes: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(bytes))
}

/// The bytes of a secret, from its text after `whsec_`.
pub(crate) fn secret_bytes(encoded: &str) -> Vec<u8> {
    STANDARD.decode(encoded).unwrap()
}

/// The `v1` signature of a request.
pub(crate) fn signature(secret: &[u8], id: &str, seconds: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

pub(crate) async fn refund(app: &TestApp, member: &Caller) -> Refund {
    app.get("/v1/refund").by(member).answer().await.expect(200).json()
}

/// An event about this refund that the server would apply: with the right amount, and the current time.
pub(crate) fn event(app: &TestApp, refund: &Refund, state: &str) -> Value {
    json!({
        "refundId": refund.id, "state": state, "amountFen": refund.amount_fen, "currency": "CNY",
        "providerReference": "50300000382026112000000000001", "occurredAt": app.now(),
    })
}

/// Sends an event, signed now.
pub(crate) async fn send(app: &TestApp, id: &str, event: &Value) -> Answer {
    send_text(app, id, app.now(), &event.to_string()).await
}

/// Sends any body, signed at `at`.
pub(crate) async fn send_text(app: &TestApp, id: &str, at: UnixMillis, body: &str) -> Answer {
    let seconds = at.0.div_euclid(1_000);
    let call = app.post("/v1/refund-events").header("webhook-id", id);
    let call = call.header("webhook-timestamp", &seconds.to_string());
    let call = call.header("webhook-signature", &signature(&SECRET, id, seconds, body));
    call.body("application/json", body.to_owned()).answer().await
}

/// Sends an event that the server must accept.
pub(crate) async fn report(app: &TestApp, id: &str, event: &Value) -> RefundEventAnswer {
    send(app, id, event).await.expect(200).json()
}
