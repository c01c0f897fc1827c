//! The health check, and the API's own description.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{extract::State, http::header, response::IntoResponse};
use member_storage::Database;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use crate::{
    clock::Clock,
    http::{
        Base,
        problem::{ApiError, ApiResult},
    },
    openapi::responses::Internal,
};

/// How long a successful write vouches for the next: a flood of health checks costs one write a second.
const WRITE_COUNTS: Duration = Duration::from_secs(1);
/// How long a health check waits for its write. An import holds the lock for less.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the health check needs.
#[derive(Clone)]
pub(crate) struct Health {
    database: Database,
    clock: Clock,
    /// When the last write of a health check succeeded.
    written: Arc<Mutex<Option<Instant>>>,
}

impl Health {
    pub(crate) fn new(base: &Base) -> Self {
        Self { database: base.database.clone(), clock: base.clock.clone(), written: Arc::default() }
    }
}

/// Liveness
///
/// 200 while the process runs and its database can be read and written, otherwise 500.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "getHealth",
    tag = "system",
    security(),
    responses(
        (status = 200, description = "The server works.", body = HealthAnswer, content_type = "text/plain", example = "ok"),
        Internal,
    ),
)]
pub(crate) async fn health(State(state): State<Health>) -> ApiResult<&'static str> {
    state.database.ping().await?;
    let mut written = state.written.lock().await;
    if written.is_none_or(|at| at.elapsed() >= WRITE_COUNTS) {
        *written = None;
        let write = tokio::time::timeout(PATIENCE, state.database.probe_write(state.clock.now()));
        write.await.map_err(|_| {
            tracing::error!("the database takes no write within {} s", PATIENCE.as_secs());
            ApiError::Internal
        })??;
        *written = Some(Instant::now());
    }
    Ok("ok")
}

/// The answer of the health check.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes a text")]
enum HealthAnswer {
    Ok,
}

/// `GET /v1/openapi.yaml`
pub(crate) async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/yaml")], include_str!("../../../../docs/openapi.yaml"))
}
