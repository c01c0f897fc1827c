//! The built page: files of `dist/` with the right caching, compression and Content-Security-Policy.

use std::path::{Path, PathBuf};

use anyhow::Context;
use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

use crate::{problem::ApiError, serve::AppState};

/// Adds the site at `directory` to a router as whatever no other route answers.
pub(crate) fn with_site(router: Router<AppState>, directory: &Path) -> anyhow::Result<Router<AppState>> {
    let index = directory.join("index.html");
    let html = std::fs::read_to_string(&index).with_context(|| {
        format!(
            "cannot read {}: build the page first ('make build') or name its directory with --site",
            index.display()
        )
    })?;
    let policy = HeaderValue::from_str(&content_security_policy(&html)).context("the policy is a header value")?;
    let missing = tower::service_fn(|_: Request| async {
        let not_found = ApiError::new(member_domain::wire::ProblemKind::NotFound, "there is nothing at this address");
        Ok::<_, std::convert::Infallible>(not_found.into_response())
    });
    let files = ServeDir::new(PathBuf::from(directory)).precompressed_br().precompressed_gzip().fallback(missing);
    let files = Router::new()
        .fallback_service(files)
        .layer(middleware::from_fn(caching))
        .layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy));
    Ok(router.fallback_service(files))
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

/// Everything from this origin only. The inline script that starts the page is allowed by its hash, computed from the
/// page as built; wasm needs `'wasm-unsafe-eval'`, which allows no script.
fn content_security_policy(html: &str) -> String {
    let hashes: String = inline_scripts(html)
        // Browsers hash what their parser gives, in which every line end is LF.
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.replace("\r\n", "\n")))))
        .collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'self'"
    )
}

fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (body, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=") && !body.is_empty()).then_some(body)
    })
}

/// Headers every answer carries.
pub(crate) fn security_headers() -> [(HeaderName, HeaderValue); 4] {
    [
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static(
                "camera=(), microphone=(), payment=(), geolocation=(self), screen-wake-lock=(self)",
            ),
        ),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    ]
}

#[cfg(test)]
mod tests {
    use super::{content_security_policy, is_hashed};

    #[test]
    fn only_names_with_a_content_hash_are_kept_for_long() {
        assert!(is_hashed("/member-page-00aa11bb22cc33dd.js"));
        assert!(is_hashed("/member-page-00aa11bb22cc33dd_bg.wasm"));
        assert!(!is_hashed("/index.html"));
        assert!(!is_hashed("/"));
        assert!(!is_hashed("/icon-192.png"));
    }

    #[test]
    fn the_policy_names_each_inline_script_by_its_hash_and_no_other() {
        let html = "<script src=\"/a.js\"></script><script type=\"module\">start()</script>";
        let policy = content_security_policy(html);
        // printf 'start()' | openssl dgst -sha256 -binary | base64
        assert!(policy.contains("'sha256-DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00='"), "{policy}");
        assert_eq!(policy.matches("sha256-").count(), 1);
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }
}
