//! `GET /v1/me`

use member_domain::wire::MeAnswer;

use super::{ApiError, get};

/// The member's whole state.
pub async fn me() -> Result<MeAnswer, ApiError> {
    get("/v1/me").await
}
