//! `POST /v1/redemptions` for terminals, `GET /v1/redemptions` for members.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use member_domain::{
    Fen,
    wire::{LedgerPage, ProblemKind, RedemptionRequest},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::request::{JsonBody, QueryString};
use crate::{
    problem::{ApiError, ApiResult, refusal},
    secret::receipt_number,
    serve::AppState,
    session::{SignedInMember, Terminal},
    storage::{RedeemOutcome, RedemptionAttempt},
};

/// The largest bill a terminal may enter: 100,000 yuan. More is a typing error.
const MAX_BILL: Fen = Fen(10_000_000);
const PAGE: u32 = 50;

pub(super) async fn redeem(
    State(state): State<AppState>,
    terminal: Terminal,
    headers: HeaderMap,
    JsonBody(request): JsonBody<RedemptionRequest>,
) -> ApiResult<impl IntoResponse> {
    let idempotency_key = idempotency_key(&headers)?;
    let code = request.code.parse().map_err(|error| ApiError::field("code", error))?;
    if request.bill_fen < Fen(1) || request.bill_fen > MAX_BILL {
        return Err(ApiError::field("billFen", format!("a whole number of fen from 1 to {}", MAX_BILL.0)));
    }
    let code: member_domain::RedemptionCode = code;
    let mut hasher = Sha256::new();
    hasher.update(code.to_digits());
    hasher.update(request.bill_fen.0.to_be_bytes());
    let attempt = RedemptionAttempt {
        terminal: terminal.token,
        shop_id: terminal.shop_id,
        idempotency_key,
        request_hash: hasher.finalize().into(),
        code,
        bill: request.bill_fen,
        id: receipt_number(),
        now: state.clock.now(),
    };
    match state.database.redeem(attempt).await? {
        RedeemOutcome::Confirmed(receipt) => Ok((StatusCode::CREATED, Json(receipt))),
        RedeemOutcome::Refused(kind) => Err(refusal(kind)),
        RedeemOutcome::KeyReused => Err(ApiError::new(
            ProblemKind::Conflict,
            "this Idempotency-Key was used for another request: use a new key for a new redemption",
        )),
    }
}

fn idempotency_key(headers: &HeaderMap) -> ApiResult<String> {
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::trim);
    let key = key.filter(|key| (1..=200).contains(&key.len()));
    key.map(str::to_owned).ok_or_else(|| {
        ApiError::field("Idempotency-Key", "send a header of 1 to 200 ASCII characters, new for every redemption")
    })
}

#[derive(Deserialize)]
pub(super) struct LedgerQuery {
    cursor: Option<String>,
}

pub(super) async fn ledger(
    State(state): State<AppState>,
    member: SignedInMember,
    QueryString(query): QueryString<LedgerQuery>,
) -> ApiResult<Json<LedgerPage>> {
    let before = query
        .cursor
        .map(|cursor| cursor.parse().map_err(|_| ApiError::field("cursor", "this is no cursor of this list")));
    let mut entries = state.database.ledger(member.id, before.transpose()?, PAGE + 1).await?;
    let has_more = entries.len() > PAGE as usize;
    entries.truncate(PAGE as usize);
    let next_cursor = entries.last().filter(|_| has_more).map(|(place, _)| place.to_string());
    Ok(Json(LedgerPage { redemptions: entries.into_iter().map(|(_, entry)| entry).collect(), next_cursor }))
}
