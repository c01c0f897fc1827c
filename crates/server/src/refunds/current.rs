//! `GET /v1/refund`

use axum::{Json, extract::State};
use member_domain::wire::{ProblemKind, Refund};

use crate::http::{
    Base,
    problem::{ApiError, ApiResult},
    session::SignedInMember,
};

pub(crate) async fn show(State(state): State<Base>, member: SignedInMember) -> ApiResult<Json<Refund>> {
    let refund = state.database.member_refund(member.id).await?;
    let refund = refund.ok_or_else(|| ApiError::new(ProblemKind::NotFound, "no refund is decided for your card"))?;
    Ok(Json(refund))
}
