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
