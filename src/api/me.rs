//! `GET /v1/me`

use gloo_net::http::Method;
use member_domain::wire::MeAnswer;

use super::{Answer, Api, ApiError};

impl Api {
    /// The member's whole state.
    pub async fn me(self) -> Result<Answer<MeAnswer>, ApiError> {
        Answer::read(self.request(Method::GET, "/v1/me").await?)
    }
}
