//! `POST /v1/refund-events`: a payment provider's reports about refunds. The signature identifies the
//! provider, so no session is needed.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request, State},
    http::StatusCode,
};
use member_domain::{
    Fen, RefundState, UnixMillis,
    wire::{ProblemKind, RefundEvent, RefundEventAnswer, RefundEventOutcome},
};
use member_storage::{NewReport, ReportSource, Reported};
use sha2::{Digest, Sha256};

use crate::{
    http::{
        problem::{ApiError, ApiResult},
        request::parse_json,
    },
    openapi::{
        responses::{BodyTooLarge, Conflict, Internal, InvalidRequest, NotFound, RateLimited, Unauthorized},
        samples,
    },
    refunds::{
        RefundEvents,
        webhook::{Delivery, TOLERANCE_MILLIS, WebhookFault},
    },
};

/// The maximum length of a `webhook-id`.
const LONGEST_ID: usize = 128;
/// The maximum length of a provider's reference, in characters.
const LONGEST_REFERENCE: usize = 64;
/// The largest amount: a thousand million yuan.
const MOST: Fen = Fen(100_000_000_000);

/// Take a payment provider's report about a refund
///
/// For the payment provider, or for a service between it and this backend. A backend that hears of refunds in
/// another way leaves this call out. A server without a secret answers 404.
///
/// **Signature**, by the Standard Webhooks specification. Both sides share a secret, written `whsec_` and the
/// base64 of 24 to 64 bytes. The sender joins `webhook-id`, `webhook-timestamp` and the raw body with full
/// stops and signs the result with HMAC-SHA-256 under the secret's bytes. `webhook-signature` is `v1,` and
/// the base64 of the signature. While a secret is replaced there may be several signatures, separated by
/// spaces: one that fits is enough. A request that is not signed, wrongly signed, or signed more than five
/// minutes ago or ahead is `unauthorized`, before anything of the body is read.
///
/// With the secret `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw` of the specification's own test suite, the
/// example's headers sign this body, byte for byte:
///
/// ```json
/// {"refundId":"RF7Q0J4M9ZK2XW8H1C","state":"processing","amountFen":16800,"currency":"CNY","providerReference":"50300000382026111900000000002","occurredAt":1795343400000}
/// ```
///
/// **Order.** Events may come late, twice and in any order. A refund's state follows from all of them, in the
/// order of their `occurredAt`: the same set of events gives the same state, whatever the order of arrival.
///
/// **Again.** The same body under the same `webhook-id` is a `duplicate` and changes nothing. Another body
/// under it is `conflict`. So after a timeout, or 5xx, the sender sends the same body with the same id,
/// signed again.
///
/// Status 200 means that the event is stored. `outcome` tells its effect. An event that is `held` or
/// `refused` is for the operator to check. It does not help to send it again.
#[utoipa::path(
    post,
    path = "/v1/refund-events",
    operation_id = "reportRefund",
    tag = "refund",
    security(("webhookSignature" = [])),
    params(
        (
            "webhook-id" = String,
            Header,
            description = "The event's own id, the same whenever it is sent again.",
            min_length = 1,
            max_length = 128,
            pattern = r"^[!-\-/-~]+$",
            example = "evt-20261122-0001",
        ),
        (
            "webhook-timestamp" = String,
            Header,
            description = "The time when this request was signed, in whole seconds since 1970-01-01T00:00:00Z.",
            pattern = "^[0-9]+$",
            example = "1795343412",
        ),
    ),
    request_body(
        content = RefundEvent,
        description = "The event. At most 16 KiB.",
        examples(
            ("processing" = (
                summary = "The provider has accepted the refund",
                value = json!(samples::refunds::event())
            )),
        ),
    ),
    responses(
        (
            status = 200,
            description = "The event is stored, now or when it first arrived.",
            body = RefundEventAnswer,
            examples(
                ("applied" = (summary = "It counts", value = json!({ "outcome": "applied", "state": "processing" }))),
                ("held" = (
                    summary = "Its amount is not the refund's",
                    value = json!({ "outcome": "held", "state": "processing" })
                )),
            ),
        ),
        Unauthorized,
        NotFound,
        Conflict,
        BodyTooLarge,
        InvalidRequest,
        RateLimited,
        Internal,
    ),
)]
pub(crate) async fn take(State(state): State<RefundEvents>, request: Request) -> ApiResult<Json<RefundEventAnswer>> {
    if state.refund_event_secrets.is_empty() {
        let detail = "this server takes no refund events: it was started without --refund-events-secret";
        return Err(ApiError::new(ProblemKind::NotFound, detail));
    }
    let now = state.clock.now();
    let delivery = Delivery::of(request.headers())?;
    let body = Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge,
        _ => ApiError::field("body", "the body did not arrive in full: send it again"),
    })?;
    // The body is not parsed before its signature is verified.
    state.refund_event_secrets.verify(&delivery, &body, now)?;
    check_id(&delivery.id)?;
    let event: RefundEvent = parse_json(&body)?;
    check(&event, now)?;

    let unknown = || ApiError::new(ProblemKind::NotFound, "there is no refund with this refundId");
    let scheduled_at = state.database.refund_scheduled_at(event.refund_id.clone()).await?.ok_or_else(unknown)?;
    if event.occurred_at.millis_since(scheduled_at) < -TOLERANCE_MILLIS {
        let detail = format!("this is before the refund was scheduled, which was at {}", scheduled_at.0);
        return Err(ApiError::field("occurredAt", detail));
    }
    let report = NewReport {
        // The prefix separates a provider's ids from those of other sources.
        id: format!("event:{}", delivery.id),
        content_hash: Sha256::digest(&body).to_vec(),
        refund_id: event.refund_id.clone(),
        source: ReportSource::Provider,
        state: event.state,
        amount: event.amount_fen,
        currency: event.currency,
        provider_reference: event.provider_reference,
        occurred_at: event.occurred_at,
        received_at: now,
    };
    let (reported, refund_state) = state.database.report_refund(report).await?.ok_or_else(unknown)?;
    let outcome = match reported {
        Reported::Applied => RefundEventOutcome::Applied,
        Reported::Duplicate => RefundEventOutcome::Duplicate,
        Reported::Refused(_) => RefundEventOutcome::Refused,
        Reported::Held(reason) => {
            tracing::warn!(refund = event.refund_id, reason, "a refund event is held for review");
            RefundEventOutcome::Held
        }
        Reported::IdReused => {
            let detail = "another event has arrived under this webhook-id: give every event an id of its own";
            return Err(ApiError::new(ProblemKind::Conflict, detail));
        }
    };
    Ok(Json(RefundEventAnswer { outcome, state: refund_state }))
}

impl From<WebhookFault> for ApiError {
    fn from(fault: WebhookFault) -> Self {
        tracing::warn!(%fault, "a webhook request is refused");
        Self::new(ProblemKind::Unauthorized, fault.to_string())
    }
}

/// Checks a `webhook-id`. It must not have a full stop, which separates the id from the time in the signed
/// text.
fn check_id(id: &str) -> ApiResult<()> {
    let good = |byte: u8| byte.is_ascii_graphic() && byte != b'.';
    if id.is_empty() || id.len() > LONGEST_ID || !id.bytes().all(good) {
        let detail = "write 1 to 128 visible ASCII characters without a full stop";
        return Err(ApiError::field("webhook-id", detail));
    }
    Ok(())
}

/// Checks the properties of an event that do not depend on its refund.
fn check(event: &RefundEvent, now: UnixMillis) -> ApiResult<()> {
    if event.state == RefundState::Scheduled {
        return Err(ApiError::field("state", "a provider reports processing, succeeded, abnormal or closed"));
    }
    if event.amount_fen.0 <= 0 || event.amount_fen.0 > MOST.0 {
        return Err(ApiError::field("amountFen", format!("write a whole number of fen from 1 to {}", MOST.0)));
    }
    if event.currency.len() != 3 || !event.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(ApiError::field("currency", "write an ISO 4217 code of three capital letters, such as CNY"));
    }
    if let Some(reference) = &event.provider_reference {
        let length = reference.chars().count();
        if reference.trim().is_empty() || length > LONGEST_REFERENCE || reference.chars().any(char::is_control) {
            let detail = "write 1 to 64 characters without control characters, or leave it out";
            return Err(ApiError::field("providerReference", detail));
        }
    }
    if event.occurred_at.millis_since(now) > TOLERANCE_MILLIS {
        return Err(ApiError::field("occurredAt", format!("this is in the future: it is {} now", now.0)));
    }
    Ok(())
}
