//! `GET /v1/refund`

use axum::{Json, extract::State};
use member_domain::wire::{ProblemKind, Refund};

use crate::{
    http::{
        Base,
        problem::{ApiError, ApiResult},
        session::SignedInMember,
    },
    openapi::{
        responses::{Internal, NotFound, RateLimited, Unauthorized},
        samples,
    },
};

/// The refund and its timeline
///
/// The refund of the card that `GET /v1/me` shows, the same object as `refund` there. If that is `null`, this
/// is 404 `not-found`.
#[utoipa::path(
    get,
    path = "/v1/refund",
    operation_id = "getRefund",
    tag = "refund",
    security(("memberSession" = []), ("memberBearer" = [])),
    responses(
        (status = 200, description = "The refund.", body = Refund, examples(
            ("scheduled" = (
                summary = "Decided, not yet handed to the payment provider",
                value = json!(samples::refunds::scheduled())
            )),
            ("abnormal" = (
                summary = "The provider could not pay out; the member has to act",
                value = json!(samples::refunds::abnormal())
            )),
        )),
        Unauthorized,
        NotFound,
        RateLimited,
        Internal,
    ),
)]
pub(crate) async fn show(State(state): State<Base>, member: SignedInMember) -> ApiResult<Json<Refund>> {
    let refund = state.database.member_refund(member.id).await?;
    let refund = refund.ok_or_else(|| ApiError::new(ProblemKind::NotFound, "no refund is decided for your card"))?;
    Ok(Json(refund))
}
