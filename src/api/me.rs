//! `GET /v1/me`

use gloo_net::http::Method;
use member_domain::wire::MeAnswer;

use super::{Answer, ApiError, request};

/// The member's whole state.
pub async fn me() -> Result<Answer<MeAnswer>, ApiError> {
    Answer::read(request(Method::GET, "/v1/me").await?)
}
