//! `POST /v1/security-reports`: what browsers tell when a page's security policy stopped something. They send it by
//! themselves and read no answer, so the answer is 204 whatever came, unless another site's page sent it.

use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::{StatusCode, header},
};
use member_domain::wire::ProblemKind;

use crate::{
    problem::ApiError,
    security_reports::{UNREAD, UNREADABLE, read},
    serve::AppState,
};

/// The longest body that is read, in bytes. A browser sends what a page broke in a minute at once.
const LONGEST: usize = 64 * 1024;

pub(super) async fn take(State(state): State<AppState>, request: Request) -> Result<StatusCode, ApiError> {
    let now = state.clock.now();
    // Not counted either: else visitors of another site could use up what this one's pages may send.
    if request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return Err(ApiError::new(ProblemKind::Forbidden, "reports come from this site's own pages only"));
    }
    // Before anything is read: a flood costs no more than saying no.
    let Some(unread) = state.limits.security_report(now) else { return Ok(StatusCode::NO_CONTENT) };
    let (parts, body) = request.into_parts();
    let content_type =
        parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let body = to_bytes(body, LONGEST).await.ok();
    let reports = body.and_then(|body| read(content_type, &body, &state.public_origin));
    let mut counts = vec![(UNREAD, unread)];
    match reports {
        Some(reports) => {
            if let Some(first) = reports.first()
                && let Some(unlogged) = state.limits.log_security_report(now)
            {
                tracing::warn!(
                    directive = first.directive,
                    blocked = first.blocked,
                    source = first.source,
                    reports = reports.len(),
                    unlogged,
                    "a browser reports a broken security policy"
                );
            }
            counts.extend(reports.iter().map(|report| (report.directive, 1)));
        }
        None => counts.push((UNREADABLE, 1)),
    }
    if let Err(error) = state.database.count_security_reports(now, counts).await {
        tracing::error!(%error, "cannot count security reports");
    }
    Ok(StatusCode::NO_CONTENT)
}
