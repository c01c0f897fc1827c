//! `GET /v1/refund`

use axum::{Json, extract::State};
use member_domain::wire::{ProblemKind, Refund};

use crate::{
    problem::{ApiError, ApiResult},
    serve::AppState,
    session::SignedInMember,
};

pub(super) async fn show(State(state): State<AppState>, member: SignedInMember) -> ApiResult<Json<Refund>> {
    let refund = state.database.member_refund(member.id).await?;
    let refund = refund.ok_or_else(|| ApiError::new(ProblemKind::NotFound, "no refund is decided for your card"))?;
    Ok(Json(refund))
}
