//! The HTTP API: one table of routes with their handlers.

use axum::{
    Router,
    http::{HeaderValue, header},
    routing::{MethodRouter, delete, get, post, put},
};
use tower_http::{compression::CompressionLayer, set_header::SetResponseHeaderLayer};

use crate::{
    counter::{attempts, redemptions, staff},
    events,
    http::{security_reports, system},
    live::stream,
    members::{credentials, ledger, me},
    refunds::{current as refund, events as refund_events},
    shops::list as shops,
    state::AppState,
};

/// A call of the API: its method in small letters and its path, as `docs/openapi.yaml` has them, and its handler.
type Route = (&'static str, &'static str, MethodRouter<AppState>);

fn table() -> [Route; 18] {
    [
        ("get", "/v1/me", get(me::show)),
        ("post", "/v1/credentials", post(credentials::enrol)),
        // Compressed: a page of shops shrinks to a fifth. Answers about a member are not, as their sizes would tell about them.
        ("get", "/v1/shops", get(shops::list).layer(CompressionLayer::new())),
        ("get", "/v1/shops/{id}", get(shops::show)),
        ("post", "/v1/shops/{id}/redemptions", post(redemptions::redeem_by_pin)),
        ("get", "/v1/redemptions", get(ledger::list)),
        ("get", "/v1/redemptions.csv", get(ledger::file)),
        ("post", "/v1/redemptions", post(redemptions::redeem)),
        ("get", "/v1/redemptions/attempts/{key}", get(attempts::show)),
        ("post", "/v1/redemptions/{id}/cancellation", post(redemptions::cancel)),
        ("get", "/v1/refund", get(refund::show)),
        ("post", "/v1/refund-events", post(refund_events::take)),
        ("get", "/v1/events", get(stream::stream)),
        ("get", "/v1/member-events", get(events::list)),
        ("put", "/v1/member-events/{id}/sign-up", put(events::sign_up)),
        ("delete", "/v1/member-events/{id}/sign-up", delete(events::cancel)),
        ("post", "/v1/security-reports", post(security_reports::take)),
        ("get", "/healthz", get(system::health)),
    ]
}

/// The method and the path of every call of the API, as `docs/openapi.yaml` lists them.
pub fn api_routes() -> Vec<(&'static str, &'static str)> {
    table().into_iter().map(|(method, path, _)| (method, path)).collect()
}

/// The router of the API and of the staff's pages; without the site and without demo calls.
pub(crate) fn api(public_origin: &str) -> Router<AppState> {
    let calls = table().into_iter().fold(Router::new(), |router, (_, path, handler)| router.route(path, handler));
    // Answers are about one member, or change from minute to minute: no cache may keep them.
    let no_store = SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    calls.layer(no_store).route("/v1/openapi.yaml", get(system::openapi)).merge(staff::routes(public_origin))
}
