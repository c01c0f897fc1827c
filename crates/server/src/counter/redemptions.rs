//! `POST /v1/redemptions` and `POST /v1/redemptions/{id}/cancellation` for terminals, `POST
//! /v1/shops/{id}/redemptions` for members.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use member_domain::{
    Proof,
    wire::{PinRedemptionRequest, ProblemKind, Receipt, RedemptionRequest},
};

use crate::{
    counter::{
        Counter,
        desk::{self, Desk, Done, RedeemRequest, checked_bill},
        pin::Pin,
    },
    http::{
        problem::{ApiError, ApiResult},
        request::{JsonBody, PathPart},
        session::{SignedInMember, Terminal},
    },
};

pub(crate) async fn redeem(
    State(state): State<Counter>,
    terminal: Terminal,
    headers: HeaderMap,
    body: Result<JsonBody<RedemptionRequest>, ApiError>,
) -> ApiResult<Response> {
    let desk = Desk::from(terminal);
    desk::admit(&state, &desk)?;
    let read = body.and_then(|JsonBody(body)| {
        let idempotency_key = idempotency_key(&headers)?;
        let code = body.code.parse().map_err(|error| ApiError::field("code", error))?;
        let proof = Proof::Code { code, presented_at: None };
        Ok(RedeemRequest { idempotency_key, proof, bill: checked_bill(body.bill_fen)? })
    });
    let request = or_record(&state, &desk, read).await?;
    Ok(told(desk::redeem(&state, desk, request).await?))
}

pub(crate) async fn redeem_by_pin(
    State(state): State<Counter>,
    member: SignedInMember,
    PathPart(shop_id): PathPart,
    headers: HeaderMap,
    body: Result<JsonBody<PinRedemptionRequest>, ApiError>,
) -> ApiResult<Response> {
    let desk = Desk::of_member(&member.id, shop_id);
    // An attempt can only be recorded for an existing shop.
    if state.database.shop(desk.shop_id.clone()).await?.is_none() {
        return Err(ApiError::new(ProblemKind::NotFound, "there is no such shop"));
    }
    desk::admit(&state, &desk)?;
    let read = body.and_then(|JsonBody(body)| {
        let idempotency_key = idempotency_key(&headers)?;
        let pin = Pin::parse(&body.pin).map_err(|error| ApiError::field("pin", error))?;
        let proof = Proof::Card { member_id: member.id };
        Ok((pin, RedeemRequest { idempotency_key, proof, bill: checked_bill(body.bill_fen)? }))
    });
    let (pin, request) = or_record(&state, &desk, read).await?;
    Ok(told(desk::redeem_by_pin(&state, desk, request, pin).await?))
}

/// Returns 201 with the receipt, or 200 for a test code, so that no till prints a receipt for it.
fn told(done: Done) -> Response {
    match done {
        Done::Redeemed(receipt) => (StatusCode::CREATED, Json(receipt)).into_response(),
        Done::Tested(test) => Json(test).into_response(),
    }
}

/// Returns `read`. If it is an error, records a malformed request first.
async fn or_record<T>(state: &Counter, desk: &Desk, read: ApiResult<T>) -> ApiResult<T> {
    if read.is_err() {
        desk::record_malformed(state, desk).await?;
    }
    read
}

pub(crate) async fn cancel(
    State(state): State<Counter>,
    terminal: Terminal,
    PathPart(redemption_id): PathPart,
) -> ApiResult<Json<Receipt>> {
    let desk = Desk::from(terminal);
    desk::admit(&state, &desk)?;
    Ok(Json(desk::cancel(&state, &desk, redemption_id).await?))
}

fn idempotency_key(headers: &HeaderMap) -> ApiResult<String> {
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::trim);
    let key = key.filter(|key| (1..=200).contains(&key.len()));
    key.map(str::to_owned).ok_or_else(|| {
        ApiError::field("Idempotency-Key", "send a header of 1 to 200 ASCII characters, new for every redemption")
    })
}
