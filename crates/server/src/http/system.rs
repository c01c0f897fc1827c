//! The health check, and the API's own description.

use axum::{extract::State, http::header, response::IntoResponse};

use crate::http::{Base, problem::ApiResult};

/// `GET /healthz`: 200 while the database answers.
pub(crate) async fn health(State(state): State<Base>) -> ApiResult<&'static str> {
    state.database.ping().await?;
    Ok("ok")
}

/// `GET /v1/openapi.yaml`
pub(crate) async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/yaml")], include_str!("../../../../docs/openapi.yaml"))
}
