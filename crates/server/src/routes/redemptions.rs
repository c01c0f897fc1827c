//! `POST /v1/redemptions` for terminals, `GET /v1/redemptions` for members.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use member_domain::wire::{LedgerPage, RedemptionRequest};
use serde::Deserialize;

use super::request::{JsonBody, QueryString};
use crate::{
    counter::{self, RedeemRequest, checked_bill},
    problem::{ApiError, ApiResult},
    redeeming::Proof,
    serve::AppState,
    session::{SignedInMember, Terminal},
};

const PAGE: u32 = 50;

pub(super) async fn redeem(
    State(state): State<AppState>,
    terminal: Terminal,
    headers: HeaderMap,
    JsonBody(request): JsonBody<RedemptionRequest>,
) -> ApiResult<impl IntoResponse> {
    let idempotency_key = idempotency_key(&headers)?;
    let code = request.code.parse().map_err(|error| ApiError::field("code", error))?;
    let bill = checked_bill(request.bill_fen)?;
    let request = RedeemRequest {
        caller: terminal.token.into(),
        method: terminal.kind,
        shop_id: terminal.shop_id,
        idempotency_key,
        proof: Proof::Code { code, presented_at: None },
        bill,
    };
    Ok((StatusCode::CREATED, Json(counter::redeem(&state, request).await?)))
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
