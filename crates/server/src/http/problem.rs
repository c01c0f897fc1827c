//! The errors of the API, as RFC 9457 problem documents.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use member_domain::{
    Refusal,
    wire::{Problem, ProblemKind},
};
use member_storage::StorageError;

/// How long to wait before the next request if all connections are in use, in seconds.
const NO_CONNECTION_SECONDS: u32 = 5;

/// An error of the API. Its status is [`ProblemKind::status`], unless the variant names another status.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// A kind of problem, with a sentence about this case.
    Problem(ProblemKind, String),
    /// 422: a field of the request is wrong.
    Field { field: String, detail: String },
    /// 422: a wrong PIN, with the number of tries left.
    WrongPin { tries_left: u32 },
    /// 429: too many requests, with the seconds until the next try.
    RateLimited { detail: String, seconds: u32 },
    /// 413: the body is larger than the API takes.
    TooLarge,
    /// 408: the body took too long.
    TooSlow,
    /// 503: all connections, or all that event streams may use, are in use.
    NoConnection,
    /// 400: the request is no proper HTTP.
    Malformed(&'static str),
    /// 405: the path exists, the method does not.
    MethodNotAllowed,
    /// 500: the cause is logged and not shown.
    Internal,
}

pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    pub(crate) fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self::Problem(kind, detail.into())
    }

    pub(crate) fn field(field: &str, detail: impl ToString) -> Self {
        Self::Field { field: field.to_owned(), detail: detail.to_string() }
    }

    pub(crate) fn document(self) -> Problem {
        let problem = |kind: ProblemKind, detail: Option<String>| Problem {
            kind: format!("/problems/{}", kind.as_str()),
            title: title(kind).to_owned(),
            status: kind.status(),
            detail,
            field: None,
            tries_left: None,
            retry_after: None,
        };
        match self {
            Self::Problem(kind, detail) => problem(kind, Some(detail)),
            Self::Field { field, detail } => {
                Problem { field: Some(field), ..problem(ProblemKind::InvalidRequest, Some(detail)) }
            }
            Self::WrongPin { tries_left } => Problem {
                field: Some("pin".to_owned()),
                tries_left: Some(tries_left),
                ..problem(ProblemKind::InvalidRequest, Some("this is not the shop's PIN".to_owned()))
            },
            Self::RateLimited { detail, seconds } => {
                Problem { retry_after: Some(seconds), ..problem(ProblemKind::RateLimited, Some(detail)) }
            }
            Self::TooLarge => {
                let detail = "the request body is too large".to_owned();
                let status = StatusCode::PAYLOAD_TOO_LARGE.as_u16();
                Problem { status, ..problem(ProblemKind::InvalidRequest, Some(detail)) }
            }
            Self::TooSlow => {
                let detail = "the request body took too long: send it again".to_owned();
                let status = StatusCode::REQUEST_TIMEOUT.as_u16();
                Problem { status, ..problem(ProblemKind::InvalidRequest, Some(detail)) }
            }
            Self::NoConnection => {
                let detail = "the server has no connection left for this, and has done nothing: try again".to_owned();
                let status = StatusCode::SERVICE_UNAVAILABLE.as_u16();
                let retry_after = Some(NO_CONNECTION_SECONDS);
                Problem { status, retry_after, ..problem(ProblemKind::RateLimited, Some(detail)) }
            }
            Self::Malformed(detail) => Problem {
                status: StatusCode::BAD_REQUEST.as_u16(),
                ..problem(ProblemKind::InvalidRequest, Some(detail.to_owned()))
            },
            Self::MethodNotAllowed => {
                let detail = "this address does not take this method; see Allow".to_owned();
                let status = StatusCode::METHOD_NOT_ALLOWED.as_u16();
                Problem { status, ..problem(ProblemKind::InvalidRequest, Some(detail)) }
            }
            Self::Internal => problem(ProblemKind::Internal, None),
        }
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "storage failed");
        Self::Internal
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = self.document();
        let status = StatusCode::from_u16(problem.status).expect("problems have valid statuses");
        let retry_after = problem.retry_after;
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn title(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::CodeUnknown => "Unknown code",
        ProblemKind::CodeExpired => "Code expired",
        ProblemKind::CodeUsed => "Code already used",
        ProblemKind::ProgrammeEnded => "Programme ended",
        ProblemKind::Unauthorized => "Not signed in",
        ProblemKind::Forbidden => "Not allowed",
        ProblemKind::InvalidRequest => "Invalid request",
        ProblemKind::RateLimited => "Too many requests",
        ProblemKind::NotFound => "Not found",
        ProblemKind::Conflict => "Conflict",
        ProblemKind::Internal => "Server error",
    }
}

/// Returns the error of a refused redemption.
pub(crate) fn refusal(refusal: Refusal) -> ApiError {
    let detail = match refusal {
        Refusal::CodeUnknown => "no card has this code: scan again or check the digits",
        Refusal::CodeExpired => "this code has expired: ask the member to show the current one",
        Refusal::CodeUsed => "this code was already redeemed: wait for the member's next code",
        Refusal::ProgrammeEnded => "the programme has ended, cards no longer give a discount",
        Refusal::CardNotValidHere => "the member's card does not work here today: see its dates and cities in the app",
        Refusal::NoCard => "the member has no card that gives a discount",
        Refusal::ShopLeft => "this shop has left the programme and no longer gives the discount",
    };
    ApiError::new(refusal.kind(), detail)
}
