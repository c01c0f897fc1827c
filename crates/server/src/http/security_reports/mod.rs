//! `POST /v1/security-reports`: what browsers tell when a page's security policy stopped something. They send it by
//! themselves and read no answer, so the answer is 204 whatever came, unless another site's page sent it.

mod reading;

use std::sync::{Arc, Mutex};

use axum::{
    body::to_bytes,
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
use crate::clock::Clock;

/// The longest body that is read, in bytes. A browser sends what a page broke in a minute at once.
const LONGEST: usize = 64 * 1024;

/// Requests with security reports, from all browsers together: enough to see what is broken.
const REPORTS_A_MINUTE: u32 = 120;
/// Of those, how many are logged: a broken page must not flood the log.
const LOGGED_A_MINUTE: u32 = 20;

/// What taking reports needs.
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

/// How many reports are taken, and how many of them are logged.
#[derive(Default)]
struct ReportLimits {
    reports: Mutex<Paced>,
    logged: Mutex<Paced>,
}

impl ReportLimits {
    /// Whether a request with reports is in time, and if so, how many were not since the last that was.
    fn report(&self, now: UnixMillis) -> Option<u32> {
        locked(&self.reports).admit(REPORTS_A_MINUTE, now)
    }

    /// Whether such a request is in time to be logged, and if so, how many were not since the last that was.
    fn log(&self, now: UnixMillis) -> Option<u32> {
        locked(&self.logged).admit(LOGGED_A_MINUTE, now)
    }
}

pub(crate) async fn take(State(state): State<Reports>, request: Request) -> Result<StatusCode, ApiError> {
    let now = state.clock.now();
    // Not counted either: else visitors of another site could use up what this one's pages may send.
    if request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return Err(ApiError::new(ProblemKind::Forbidden, "reports come from this site's own pages only"));
    }
    // Before anything is read: a flood costs no more than saying no.
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
