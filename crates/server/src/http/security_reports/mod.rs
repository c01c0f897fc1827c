//! `POST /v1/security-reports`: reports of browsers about content that a page's security policy blocked.
//! Browsers send them automatically and do not read the answer. So the answer is 204 for any body, unless
//! another site's page sent it.

mod reading;

use std::sync::{Arc, Mutex};

use axum::{
    body::{HttpBody as _, to_bytes},
    extract::{Request, State},
    http::{StatusCode, header},
};
use member_domain::{UnixMillis, wire::ProblemKind};
use member_storage::Database;
use reading::{UNREAD, UNREADABLE, read};

use super::{
    Base,
    problem::ApiError,
    rate::{Paced, locked},
};
use crate::{
    clock::Clock,
    openapi::responses::{Forbidden, InvalidRequest},
};

/// The maximum length of a body, in bytes. A browser sends the reports of a minute together.
const LONGEST: usize = 64 * 1024;

/// The maximum number of report requests a minute, from all browsers together. It is enough to see what is
/// wrong.
const REPORTS_A_MINUTE: u32 = 120;
/// The maximum number of log entries a minute. A faulty page must not flood the log.
const LOGGED_A_MINUTE: u32 = 20;

/// The state of the handler.
#[derive(Clone)]
pub(crate) struct Reports {
    database: Database,
    clock: Clock,
    public_origin: Arc<str>,
    limits: Arc<ReportLimits>,
}

impl Reports {
    pub(crate) fn new(base: &Base) -> Self {
        Self {
            database: base.database.clone(),
            clock: base.clock.clone(),
            public_origin: Arc::clone(&base.public_origin),
            limits: Arc::default(),
        }
    }
}

/// The rate limits of report requests and of their log entries.
#[derive(Default)]
struct ReportLimits {
    reports: Mutex<Paced>,
    logged: Mutex<Paced>,
}

impl ReportLimits {
    /// Counts a report request. Returns `None` if it is too early, otherwise the number of requests that were
    /// too early since the last accepted one.
    fn report(&self, now: UnixMillis) -> Option<u32> {
        locked(&self.reports).admit(REPORTS_A_MINUTE, now)
    }

    /// Counts a log entry. Returns `None` if it is too early, otherwise the number of entries that were left
    /// out since the last one.
    fn log(&self, now: UnixMillis) -> Option<u32> {
        locked(&self.logged).admit(LOGGED_A_MINUTE, now)
    }
}

/// Take what browsers report of the page's Content-Security-Policy
///
/// For browsers, which send it by themselves when a policy with `report-uri` or `report-to` blocked something
/// (Content Security Policy Level 3 §5). Reports are counted by day and directive. Of each request one line
/// is logged, with the first report's directive, kind and own file. With `Sec-Fetch-Site: cross-site` the
/// answer is 403 and nothing is counted. Without a body it is 422. Otherwise it is 204 for any body. A request that is too long (over
/// 64 KiB), unreadable or too much (more than 120 requests a minute, 60 of them at once; 32 reports in one
/// request) is counted and not read. A backend whose policies are reported elsewhere leaves this call out.
#[utoipa::path(
    post,
    path = "/v1/security-reports",
    operation_id = "reportSecurityPolicy",
    tag = "system",
    security(),
    request_body(content(
        (Value = "application/csp-report", example = json!({
            "csp-report": {
                "document-uri": "https://card.example/",
                "effective-directive": "script-src-elem",
                "blocked-uri": "inline",
            },
        })),
        (Value = "application/reports+json", example = json!([{
            "type": "csp-violation",
            "age": 12,
            "url": "https://card.example/",
            "body": { "effectiveDirective": "require-trusted-types-for", "blockedURL": "trusted-types-sink" },
        }])),
    )),
    responses((status = 204, description = "The request has arrived."), Forbidden, InvalidRequest),
)]
pub(crate) async fn take(State(state): State<Reports>, request: Request) -> Result<StatusCode, ApiError> {
    let now = state.clock.now();
    // Not counted either. Otherwise, visitors of another site could use up the limit for this site's pages.
    if request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return Err(ApiError::new(ProblemKind::Forbidden, "reports come from this site's own pages only"));
    }
    if request.body().is_end_stream() {
        return Err(ApiError::field("body", "send the report as the body"));
    }
    // Checked before the body is read, so that a flood costs little.
    let Some(unread) = state.limits.report(now) else { return Ok(StatusCode::NO_CONTENT) };
    let (parts, body) = request.into_parts();
    let content_type =
        parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let body = to_bytes(body, LONGEST).await.ok();
    let reports = body.and_then(|body| read(content_type, &body, &state.public_origin));
    let mut counts = vec![(UNREAD, unread)];
    match reports {
        Some(reports) => {
            if let Some(first) = reports.first()
                && let Some(unlogged) = state.limits.log(now)
            {
                tracing::warn!(
                    directive = first.directive,
                    blocked = first.blocked,
                    source = first.source,
                    reports = reports.len(),
                    unlogged,
                    "a browser reports a violation of the security policy"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_logged_at_a_pace_of_their_own_and_the_silence_is_counted() {
        let limits = ReportLimits::default();
        let at = |second: i64| UnixMillis(1_795_147_200_000).plus_millis(second * 1_000);
        assert_eq!((0..60).filter(|_| limits.log(at(0)) == Some(0)).count(), 10);
        assert_eq!(limits.log(at(2)), None);
        assert_eq!(limits.log(at(3)), Some(51));
        assert_eq!(limits.log(at(6)), Some(0));
        assert_eq!((0..100).filter(|_| limits.report(at(6)) == Some(0)).count(), 60, "counted as ever");
    }
}
