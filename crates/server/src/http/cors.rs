//! CORS: lets pages of allowed origins call the API for their members.
//!
//! Such a page sends a bearer token. Cookies play no part: `Access-Control-Allow-Credentials` is never sent.

use std::sync::Arc;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::http::origin::Origin;

/// The calls of a member's page. Tills, payment providers and operators do not call from pages, so their
/// calls are not listed.
const MEMBER_CALLS: [(&str, &str); 15] = [
    ("GET", "/v1/me"),
    ("POST", "/v1/credentials"),
    ("GET", "/v1/shops"),
    ("GET", "/v1/shops/{id}"),
    ("POST", "/v1/shops/{id}/redemptions"),
    ("GET", "/v1/redemptions"),
    ("GET", "/v1/redemptions.csv"),
    ("GET", "/v1/redemptions/attempts/{key}"),
    ("GET", "/v1/favourites"),
    ("PUT", "/v1/favourites"),
    ("GET", "/v1/refund"),
    ("GET", "/v1/events"),
    ("GET", "/v1/member-events"),
    ("PUT", "/v1/member-events/{id}/sign-up"),
    ("DELETE", "/v1/member-events/{id}/sign-up"),
];

/// The request headers that are allowed in addition to the safelisted ones.
const HEADERS: HeaderValue = HeaderValue::from_static("Authorization, Content-Type, Idempotency-Key, Last-Event-ID");
/// The response headers that the page may read in addition to the safelisted ones.
const EXPOSED: HeaderValue = HeaderValue::from_static("Retry-After");
/// How long a browser may cache a preflight, in seconds: ten minutes, so that the removal of an origin takes
/// effect soon.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");
/// The request headers on which the answer to a preflight depends.
const PREFLIGHT_VARY: HeaderValue =
    HeaderValue::from_static("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");

/// Answers preflights of allowed origins, and lets their pages read the answers to members' calls. Other
/// origins get the same answers without `Access-Control` headers, so browsers do not show the answers to
/// their pages.
pub(crate) async fn share(State(allowed): State<Arc<[Origin]>>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let methods: Vec<&str> =
        MEMBER_CALLS.iter().filter(|(_, call)| path.as_deref() == Some(call)).map(|(method, _)| *method).collect();
    if allowed.is_empty() || methods.is_empty() {
        return next.run(request).await;
    }
    let origin = listed(&allowed, request.headers());
    let wanted = request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD).cloned();
    if let (&Method::OPTIONS, Some(wanted)) = (request.method(), wanted) {
        let mut response = match origin.filter(|_| methods.iter().any(|method| *method == wanted)) {
            Some(origin) => preflight(origin, &methods.join(", ")),
            None => next.run(request).await,
        };
        response.headers_mut().append(header::VARY, PREFLIGHT_VARY);
        return response;
    }
    let is_shared = methods.contains(&request.method().as_str());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin.filter(|_| is_shared) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    response
}

/// Returns the request's `Origin` header unchanged, if it is on the list.
fn listed(allowed: &[Origin], headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    allowed.iter().any(|allowed| origin == allowed.as_str()).then(|| origin.clone())
}

fn preflight(origin: HeaderValue, methods: &str) -> Response {
    let methods = HeaderValue::try_from(methods).expect("names of methods are ASCII");
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, origin),
        (header::ACCESS_CONTROL_ALLOW_METHODS, methods),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

#[cfg(test)]
mod tests {
    use super::MEMBER_CALLS;

    #[test]
    fn every_call_of_members_is_one_of_the_api() {
        for (method, path) in MEMBER_CALLS {
            assert!(crate::api_routes().contains(&(method.to_lowercase().as_str(), path)), "{method} {path}");
        }
    }
}
