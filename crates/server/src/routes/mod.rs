//! The HTTP API: one table of routes, one module a resource.

mod attempts;
mod credentials;
mod events;
mod ledger;
mod me;
mod member_events;
mod redemptions;
mod refund;
mod refund_events;
mod request;
mod security_reports;
mod shops;
mod staff;
mod system;

use axum::{
    Router,
    http::{HeaderValue, header},
    routing::{MethodRouter, delete, get, post, put},
};

pub(crate) use events::follow_changes;
use tower_http::{compression::CompressionLayer, set_header::SetResponseHeaderLayer};

use crate::serve::AppState;

/// Every call of the API with its method, as `docs/openapi.yaml` lists them.
pub const API_ROUTES: [(&str, &str); 18] = [
    ("get", "/v1/me"),
    ("post", "/v1/credentials"),
    ("get", "/v1/shops"),
    ("get", "/v1/shops/{id}"),
    ("post", "/v1/shops/{id}/redemptions"),
    ("get", "/v1/redemptions"),
    ("get", "/v1/redemptions.csv"),
    ("post", "/v1/redemptions"),
    ("get", "/v1/redemptions/attempts/{key}"),
    ("post", "/v1/redemptions/{id}/cancellation"),
    ("get", "/v1/refund"),
    ("post", "/v1/refund-events"),
    ("get", "/v1/events"),
    ("get", "/v1/member-events"),
    ("put", "/v1/member-events/{id}/sign-up"),
    ("delete", "/v1/member-events/{id}/sign-up"),
    ("post", "/v1/security-reports"),
    ("get", "/healthz"),
];

fn handler(method: &str, path: &str) -> MethodRouter<AppState> {
    match (method, path) {
        ("get", "/v1/me") => get(me::show),
        ("post", "/v1/credentials") => post(credentials::enrol),
        // Compressed, since a page of shops shrinks to a fifth; answers about a member are not, as sizes tell about contents.
        ("get", "/v1/shops") => get(shops::list).layer(CompressionLayer::new()),
        ("get", "/v1/shops/{id}") => get(shops::show),
        ("post", "/v1/shops/{id}/redemptions") => post(redemptions::redeem_by_pin),
        ("get", "/v1/redemptions") => get(ledger::list),
        ("get", "/v1/redemptions.csv") => get(ledger::file),
        ("post", "/v1/redemptions") => post(redemptions::redeem),
        ("get", "/v1/redemptions/attempts/{key}") => get(attempts::show),
        ("post", "/v1/redemptions/{id}/cancellation") => post(redemptions::cancel),
        ("get", "/v1/refund") => get(refund::show),
        ("post", "/v1/refund-events") => post(refund_events::take),
        ("get", "/v1/events") => get(events::stream),
        ("get", "/v1/member-events") => get(member_events::list),
        ("put", "/v1/member-events/{id}/sign-up") => put(member_events::sign_up),
        ("delete", "/v1/member-events/{id}/sign-up") => delete(member_events::cancel),
        ("post", "/v1/security-reports") => post(security_reports::take),
        ("get", "/healthz") => get(system::health),
        _ => unreachable!("{method} {path} is in API_ROUTES without a handler"),
    }
}

/// The router of the API and of the staff's pages; without the site and without demo calls.
pub(crate) fn api(public_origin: &str) -> Router<AppState> {
    let calls =
        API_ROUTES.iter().fold(Router::new(), |router, (method, path)| router.route(path, handler(method, path)));
    // Answers are about one member, or change from minute to minute: nobody keeps them.
    let no_store = SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    calls.layer(no_store).route("/v1/openapi.yaml", get(system::openapi)).merge(staff::routes(public_origin))
}
