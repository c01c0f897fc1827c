//! Liveness and the API's own description.

use axum::{extract::State, http::header, response::IntoResponse};

use crate::{problem::ApiResult, serve::AppState};

/// `GET /healthz`: 200 while the database answers.
pub(super) async fn health(State(state): State<AppState>) -> ApiResult<&'static str> {
    state.database.ping().await?;
    Ok("ok")
}

/// `GET /v1/openapi.yaml`
pub(super) async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/yaml")], include_str!("../../../../docs/openapi.yaml"))
}
