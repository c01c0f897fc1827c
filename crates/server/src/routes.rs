//! The HTTP API: one table of its calls. Each handler's `#[utoipa::path]` has its method, path and description.

use std::sync::LazyLock;

use axum::{
    Router,
    http::{HeaderValue, header},
    routing::get,
};
use tower_http::{compression::CompressionLayer, set_header::SetResponseHeaderLayer};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

use crate::{
    counter::{attempts, redemptions, staff},
    events,
    http::{security_reports, system},
    live::stream,
    members::{credentials, favourites, ledger, me},
    refunds::{current as refund, events as refund_events},
    shops::list as shops,
    state::AppState,
};

/// The calls of the API, one path a line.
pub(crate) fn calls() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(me::show))
        .routes(routes!(credentials::enrol))
        // Compressed: a page of shops shrinks to a fifth. Answers about a member are not, as their sizes would tell about them.
        .routes(routes!(shops::list).layer(CompressionLayer::new()))
        .routes(routes!(shops::show))
        .routes(routes!(redemptions::redeem_by_pin))
        .routes(routes!(ledger::list, redemptions::redeem))
        .routes(routes!(ledger::file))
        .routes(routes!(favourites::list, favourites::change))
        .routes(routes!(attempts::show))
        .routes(routes!(redemptions::cancel))
        .routes(routes!(refund::show))
        .routes(routes!(refund_events::take))
        .routes(routes!(stream::stream))
        .routes(routes!(events::list))
        .routes(routes!(events::sign_up, events::cancel))
        .routes(routes!(security_reports::take))
        .routes(routes!(system::health))
}

/// The method, in small letters, and the path of every call of the API.
pub fn api_routes() -> Vec<(&'static str, &'static str)> {
    static ROUTES: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
        let paths = calls().into_openapi().paths.paths.into_iter();
        let routes = paths.flat_map(|(path, item)| {
            let methods = [("get", item.get), ("put", item.put), ("post", item.post), ("delete", item.delete)];
            methods.into_iter().filter(|(_, call)| call.is_some()).map(move |(method, _)| (method, path.clone()))
        });
        routes.collect()
    });
    ROUTES.iter().map(|(method, path)| (*method, path.as_str())).collect()
}

/// The router of the API and of the staff's pages; without the site and without demo calls.
pub(crate) fn api(public_origin: &str) -> Router<AppState> {
    let (calls, _) = calls().split_for_parts();
    // Answers are about one member, or change from minute to minute: no cache may keep them.
    let no_store = SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    calls.layer(no_store).route("/v1/openapi.yaml", get(system::openapi)).merge(staff::routes(public_origin))
}
