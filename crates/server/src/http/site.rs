//! The built page, and the module for host apps: files of `dist/` with the right caching, compression and policy.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use anyhow::Context;
use axum::{
    Router,
    extract::{Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{self, InvalidHeaderValue},
    },
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

use crate::http::{policy, problem::ApiError};

/// A service worker that ends itself, in place of the page's.
const RETIRED_SERVICE_WORKER: &str = include_str!("../../../../src/retired_service_worker.js");

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
pub(crate) fn with_site<S>(router: Router<S>, site: &Site<'_>) -> anyhow::Result<Router<S>>
where
    S: Clone + Send + Sync + 'static,
{
    let directory = site.directory;
    let index = directory.join("index.html");
    let html = std::fs::read_to_string(&index).with_context(|| {
        format!(
            "cannot read {}: build the page first ('make build') or name its directory with --site",
            index.display()
        )
    })?;
    let page = Page::new(index, site, &html)?;
    let missing =
        tower::service_fn(|_: Request| async { Ok::<_, std::convert::Infallible>(nothing_here().into_response()) });
    let files = ServeDir::new(PathBuf::from(directory)).precompressed_br().precompressed_gzip().fallback(missing);
    let mut files = Router::new().fallback_service(files);
    if site.retire_service_worker {
        files = files.route("/service-worker.js", get(async || javascript(RETIRED_SERVICE_WORKER)));
    } else {
        let file = directory.join("service-worker.js");
        let page = Arc::clone(&page);
        files = files.route("/service-worker.js", get(move || service_worker(file.clone(), Arc::clone(&page))));
    }
    let (endpoints, reports) = policy::REPORTING_ENDPOINTS;
    let (referrer_policy, own) = policy::OWN_REFERRER;
    let files = files
        .layer(middleware::from_fn(sharing))
        .layer(middleware::from_fn(caching))
        .layer(middleware::from_fn_with_state(page, with_policy))
        .layer(SetResponseHeaderLayer::if_not_present(referrer_policy, own))
        .layer(SetResponseHeaderLayer::if_not_present(endpoints, reports));
    Ok(router.fallback_service(files))
}

/// What is said of the page as it is in its file: another build may take its place while the server runs, and its scripts and
/// styles are allowed by their hashes.
struct Page {
    index: PathBuf,
    frame_ancestors: String,
    public_origin: String,
    said: Mutex<(Option<SystemTime>, Said)>,
}

#[derive(Clone)]
struct Said {
    policy: HeaderValue,
    comment: Arc<str>,
}

impl Page {
    fn new(index: PathBuf, site: &Site<'_>, html: &str) -> anyhow::Result<Arc<Self>> {
        let said = Said::of(html, site.frame_ancestors, site.public_origin).context("the policy is a header value")?;
        Ok(Arc::new(Self {
            index,
            frame_ancestors: site.frame_ancestors.to_owned(),
            public_origin: site.public_origin.to_owned(),
            said: Mutex::new((None, said)),
        }))
    }

    /// What is to be said now. While the file is not there, or not readable, what was said last.
    async fn said(&self) -> Said {
        let changed = tokio::fs::metadata(&self.index).await.and_then(|about| about.modified()).ok();
        let (known, last) = self.said.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if changed.is_none() || changed == known {
            return last;
        }
        let Ok(html) = tokio::fs::read_to_string(&self.index).await else { return last };
        let Ok(said) = Said::of(&html, &self.frame_ancestors, &self.public_origin) else { return last };
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = (changed, said.clone());
        said
    }
}

impl Said {
    fn of(html: &str, frame_ancestors: &str, public_origin: &str) -> Result<Self, InvalidHeaderValue> {
        let policy = policy::of_page(html, frame_ancestors, public_origin);
        let comment = said_of_page(&policy, public_origin).into();
        Ok(Self { policy: HeaderValue::from_str(&policy)?, comment })
    }
}

async fn with_policy(State(page): State<Arc<Page>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let said = page.said().await;
    response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(said.policy);
    response
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
async fn service_worker(file: PathBuf, page: Arc<Page>) -> Result<impl IntoResponse, ApiError> {
    let built = tokio::task::spawn_blocking(move || std::fs::read_to_string(file)).await;
    match built.unwrap_or_else(|error| Err(error.into())) {
        Ok(built) => Ok(javascript(format!("{}{}", built.trim_end(), page.said().await.comment))),
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
