//! Pages of other sites that may call the API for their members: the allow-list, and what browsers are told about it.
//!
//! Such a page shows the member by a bearer token. Cookies play no part: `Access-Control-Allow-Credentials` is never sent.

use std::sync::Arc;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::http::origin::Origin;

/// What a member's page calls. Tills, payment providers and operators are no pages, so their calls are not among these.
const MEMBER_CALLS: [(&str, &str); 13] = [
    ("GET", "/v1/me"),
    ("POST", "/v1/credentials"),
    ("GET", "/v1/shops"),
    ("GET", "/v1/shops/{id}"),
    ("POST", "/v1/shops/{id}/redemptions"),
    ("GET", "/v1/redemptions"),
    ("GET", "/v1/redemptions.csv"),
    ("GET", "/v1/redemptions/attempts/{key}"),
    ("GET", "/v1/refund"),
    ("GET", "/v1/events"),
    ("GET", "/v1/member-events"),
    ("PUT", "/v1/member-events/{id}/sign-up"),
    ("DELETE", "/v1/member-events/{id}/sign-up"),
];

/// What such a request may bring beyond what every request may.
const HEADERS: HeaderValue = HeaderValue::from_static("Authorization, Content-Type, Idempotency-Key, Last-Event-ID");
/// What the page may read of an answer beyond what it always may.
const EXPOSED: HeaderValue = HeaderValue::from_static("Retry-After");
/// How long a browser need not ask again, in seconds: ten minutes, so that a site taken off the list is out soon.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");
/// What an answer to a preflight depends on.
const PREFLIGHT_VARY: HeaderValue =
    HeaderValue::from_static("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");

/// Answers preflights of allowed origins, and lets their pages read what members' calls answer. Who is not on the list gets
/// the same answers without a word about origins, which browsers keep from the page.
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

/// The request's origin if it is on the list, to be sent back as it came.
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
