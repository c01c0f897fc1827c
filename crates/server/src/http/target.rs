//! Requests that browsers, proxies and this server could read in different ways. They are refused before any handler sees them.

use axum::{
    extract::Request,
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};
use member_domain::wire::ProblemKind;

use super::problem::ApiError;

/// Refuses requests that name two hosts, or a path that begins with two slashes.
pub(crate) async fn refuse_ambiguous(request: Request, next: Next) -> Response {
    // RFC 9112 §3.2: a proxy in front may go by the other one.
    if request.headers().get_all(header::HOST).iter().count() > 1 {
        return ApiError::Malformed("the request has more than one Host header").into_response();
    }
    // A redirect to `//icons/` leads to the host `icons`.
    if request.uri().path().starts_with("//") {
        return ApiError::new(ProblemKind::NotFound, "there is nothing at this address").into_response();
    }
    next.run(request).await
}
