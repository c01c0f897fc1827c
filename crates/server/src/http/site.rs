//! Serves the built page and the module for host apps: the files of `dist/` with caching, compression and
//! policy.

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

/// A service worker that replaces the page's service worker and unregisters itself.
const RETIRED_SERVICE_WORKER: &str = include_str!("../../../../src/retired_service_worker.js");

/// The settings for serving a built page.
pub(crate) struct Site<'a> {
    /// The directory of the built page.
    pub(crate) directory: &'a Path,
    /// The sources of the policy's directive `frame-ancestors`.
    pub(crate) frame_ancestors: &'a str,
    /// The origin at which members reach the server.
    pub(crate) public_origin: &'a str,
    /// Whether devices must delete the page files that they cache.
    pub(crate) retire_service_worker: bool,
}

/// Adds the site to a router as its fallback.
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

/// The headers of the page in its current file. Another build may replace the file while the server runs, and
/// the policy allows the page's scripts and styles by hash.
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

    /// Returns the values for the current file. If the file is missing or unreadable, returns the previous
    /// values.
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

/// Returns a comment that changes with the page's headers. Devices cache the page together with its headers.
/// They load it again only with a new version of the service worker, and browsers recognise a new version by
/// its bytes.
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

/// Returns the current build's service worker, with the comment of [`said_of_page`] at its end.
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

/// Lets pages of all sites load the module for host apps.
async fn sharing(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (is_module, is_types) = (path.starts_with("/module/"), path.ends_with(".d.ts"));
    let mut response = next.run(request).await;
    if is_module {
        response.headers_mut().extend(policy::FOR_ALL_SITES);
        // By its extension alone, a `.ts` file would be a video.
        if is_types && response.status().is_success() {
            let types = HeaderValue::from_static("application/typescript; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, types);
        }
    }
    response
}

/// Sets the caching headers. A file with a hash in its name never changes, so it may be cached for a year.
/// Browsers revalidate everything else.
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

/// Whether a file's name contains a hash of its content: `name-0123456789abcdef.css`,
/// `name-0123456789abcdef_bg.wasm`.
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
