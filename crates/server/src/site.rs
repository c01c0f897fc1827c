//! The built page, and the module for host apps: files of `dist/` with the right caching, compression and policy.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

use crate::{policy, problem::ApiError, serve::AppState};

/// A service worker that ends itself, in place of the page's.
const RETIRED_SERVICE_WORKER: &str = include_str!("../../../src/retired_service_worker.js");

/// How to serve a built page.
pub(crate) struct Site<'a> {
    /// The directory it is in.
    pub(crate) directory: &'a Path,
    /// Who may show it in a frame: the sources of the policy's directive.
    pub(crate) frame_ancestors: &'a str,
    /// Where members reach the server.
    pub(crate) public_origin: &'a str,
    /// Whether devices are to forget the files they keep of it.
    pub(crate) retire_service_worker: bool,
}

/// Adds the site to a router as whatever no other route answers.
pub(crate) fn with_site(router: Router<AppState>, site: &Site<'_>) -> anyhow::Result<Router<AppState>> {
    let directory = site.directory;
    let index = directory.join("index.html");
    let html = std::fs::read_to_string(&index).with_context(|| {
        format!(
            "cannot read {}: build the page first ('make build') or name its directory with --site",
            index.display()
        )
    })?;
    let policy = policy::of_page(&html, site.frame_ancestors, site.public_origin);
    let comment: Arc<str> = said_of_page(&policy, site.public_origin).into();
    let policy = HeaderValue::from_str(&policy).context("the policy is a header value")?;
    let missing =
        tower::service_fn(|_: Request| async { Ok::<_, std::convert::Infallible>(nothing_here().into_response()) });
    let files = ServeDir::new(PathBuf::from(directory)).precompressed_br().precompressed_gzip().fallback(missing);
    let mut files = Router::new().fallback_service(files);
    if site.retire_service_worker {
        files = files.route("/service-worker.js", get(async || javascript(RETIRED_SERVICE_WORKER)));
    } else {
        let file = directory.join("service-worker.js");
        files = files.route("/service-worker.js", get(move || service_worker(file.clone(), Arc::clone(&comment))));
    }
    let (endpoints, reports) = policy::REPORTING_ENDPOINTS;
    let (referrer_policy, own) = policy::OWN_REFERRER;
    let files = files
        .layer(middleware::from_fn(sharing))
        .layer(middleware::from_fn(caching))
        .layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy))
        .layer(SetResponseHeaderLayer::if_not_present(referrer_policy, own))
        .layer(SetResponseHeaderLayer::if_not_present(endpoints, reports));
    Ok(router.fallback_service(files))
}

/// A comment that changes with what the server says of the page. Devices keep the page together with the headers that it came
/// with, and fetch it anew only with a new version of the service worker, which browsers tell by its bytes.
fn said_of_page(policy: &str, public_origin: &str) -> String {
    let mut said = Sha256::new_with_prefix(format!("{policy}\n{public_origin}\n"));
    for (name, value) in policy::security_headers(public_origin).into_iter().chain([policy::OWN_REFERRER]) {
        said.update(name.as_str());
        said.update([b'\n']);
        said.update(value.as_bytes());
        said.update([b'\n']);
    }
    format!("\n// The page is served with: {}\n", URL_SAFE_NO_PAD.encode(said.finalize()))
}

/// The page's service worker as it is built now, with that comment at its end.
async fn service_worker(file: PathBuf, comment: Arc<str>) -> Result<impl IntoResponse, ApiError> {
    let built = tokio::task::spawn_blocking(move || std::fs::read_to_string(file)).await;
    match built.unwrap_or_else(|error| Err(error.into())) {
        Ok(built) => Ok(javascript(format!("{}{comment}", built.trim_end()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(nothing_here()),
        Err(error) => {
            tracing::error!(%error, "cannot read the service worker");
            Err(ApiError::Internal)
        }
    }
}

fn nothing_here() -> ApiError {
    ApiError::new(member_domain::wire::ProblemKind::NotFound, "there is nothing at this address")
}

fn javascript(script: impl IntoResponse) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript")], script)
}

/// What is built for host apps is loaded by their pages, wherever those are.
async fn sharing(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (is_module, is_types) = (path.starts_with("/module/"), path.ends_with(".d.ts"));
    let mut response = next.run(request).await;
    if is_module {
        response.headers_mut().extend(policy::FOR_ALL_SITES);
        // By its ending alone it would be a film.
        if is_types && response.status().is_success() {
            let types = HeaderValue::from_static("application/typescript; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, types);
        }
    }
    response
}

/// Hashed names never change their content, so they may be kept for a year; everything else is asked for again.
async fn caching(request: Request, next: Next) -> Response {
    let hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = ApiError::MethodNotAllowed.into_response();
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    if !response.headers().contains_key(header::CACHE_CONTROL) {
        let value = if hashed && (response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED) {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    }
    response
}

/// Whether a file's name carries a hash of its content: `name-0123456789abcdef.css`, `name-0123456789abcdef_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '.', '_'])
        .any(|part| part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)))
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn only_names_with_a_content_hash_are_kept_for_long() {
        assert!(is_hashed("/member-page-00aa11bb22cc33dd.js"));
        assert!(is_hashed("/member-page-00aa11bb22cc33dd_bg.wasm"));
        assert!(!is_hashed("/index.html"));
        assert!(!is_hashed("/"));
        assert!(!is_hashed("/icon-192.png"));
    }
}
