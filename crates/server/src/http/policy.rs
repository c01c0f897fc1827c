//! The security headers of answers: content security policy, framing, referrers, permissions, isolation.

use axum::http::{HeaderName, HeaderValue, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use crate::http::session::is_https;

/// The report directives of a policy. Older browsers know `report-uri` only.
const REPORTED: &str = "report-uri /v1/security-reports; report-to security";
/// The report directive of a policy without HTTPS. Without HTTPS, browsers ignore [`REPORTING_ENDPOINTS`].
/// With `report-to`, browsers that know it would also ignore `report-uri` and send no reports.
const REPORTED_UNENCRYPTED: &str = "report-uri /v1/security-reports";

/// The header with the endpoint of `report-to`.
pub(crate) const REPORTING_ENDPOINTS: (HeaderName, HeaderValue) =
    (HeaderName::from_static("reporting-endpoints"), HeaderValue::from_static("security=\"/v1/security-reports\""));

/// The headers of a file that any page may load. All other answers are for this server's pages only.
pub(crate) const FOR_ALL_SITES: [(HeaderName, HeaderValue); 2] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    (RESOURCE_POLICY, HeaderValue::from_static("cross-origin")),
];

/// The header of a page that sends forms or calls. Under `no-referrer`, browsers send `Origin: null` with
/// these requests. Browsers without `Sec-Fetch-Site` (Safari before 16.4) send nothing else that
/// distinguishes the requests from those of another site.
pub(crate) const OWN_REFERRER: (HeaderName, HeaderValue) =
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Returns the content security policy of the built page. The page loads everything from this origin. Its
/// inline scripts and styles are allowed by hash, computed from the built page. Wasm needs
/// `'wasm-unsafe-eval'`, which allows no script. No text can become HTML or the address of a script, except
/// with the one trusted-types policy that registers the page's service worker.
pub(crate) fn of_page(html: &str, frame_ancestors: &str, public_origin: &str) -> String {
    let reported = reported(public_origin);
    let (scripts, styles) = (inline_hashes(html, "script"), inline_hashes(html, "style"));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'{styles}; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors {frame_ancestors}; require-trusted-types-for 'script'; \
         trusted-types member-page; {reported}"
    )
}

/// Returns the content security policy of a staff page. It allows the stylesheet and the page's script by
/// hash, and forms that go to this server. A page without script may run none.
pub(crate) fn of_staff(style: &str, script: Option<&str>, public_origin: &str) -> HeaderValue {
    let reported = reported(public_origin);
    let script = script.map(|script| format!("script-src 'sha256-{}'; ", hash(script))).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; {script}style-src 'sha256-{}'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'; {reported}",
        hash(style)
    );
    HeaderValue::try_from(policy).expect("base64 and ASCII make a header value")
}

fn reported(public_origin: &str) -> &'static str {
    if is_https(public_origin) { REPORTED } else { REPORTED_UNENCRYPTED }
}

fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}

/// Returns the hash sources for the inline elements of this name, each after a space.
fn inline_hashes(html: &str, element: &str) -> String {
    let (opened, closed) = (format!("<{element}"), format!("</{element}>"));
    html.split(&opened)
        .skip(1)
        .filter_map(|rest| {
            let (attributes, rest) = rest.split_once('>')?;
            let (body, _) = rest.split_once(&closed)?;
            (!attributes.contains("src=") && !body.is_empty()).then_some(body)
        })
        // Browsers hash the parsed text, in which every line end is LF.
        .map(|body| format!(" 'sha256-{}'", hash(&body.replace("\r\n", "\n"))))
        .collect()
}

/// Returns the default headers of all answers.
pub(crate) fn security_headers(public_origin: &str) -> Vec<(HeaderName, HeaderValue)> {
    let permissions = "camera=(), microphone=(), payment=(), geolocation=(self), screen-wake-lock=(self)";
    let mut headers = vec![
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        // Data is not a page. If it is opened as a page, it loads nothing and cannot be framed.
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
        ),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("permissions-policy"), HeaderValue::from_static(permissions)),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
        (RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
    ];
    if is_https(public_origin) {
        // For this host only. This server does not decide for other hosts in the domain.
        headers.push((header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::{of_page, security_headers};

    #[test]
    fn the_policy_names_each_inline_script_and_style_by_its_hash_and_no_other() {
        let html = "<script src=\"/a.js\"></script><style>a{}</style><script type=\"module\">start()</script>";
        let policy = of_page(html, "'self'", "https://card.example");
        let sources = |directive: &str| {
            let found = policy.split("; ").find_map(|part| part.strip_prefix(directive));
            found.unwrap_or_else(|| panic!("no {directive} in {policy}")).to_owned()
        };
        // printf 'start()' | openssl dgst -sha256 -binary | base64
        let script = " 'self' 'wasm-unsafe-eval' 'sha256-DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00='";
        assert_eq!(sources("script-src"), script);
        // printf 'a{}' | openssl dgst -sha256 -binary | base64
        assert_eq!(sources("style-src"), " 'self' 'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }

    #[test]
    fn https_is_demanded_where_it_is_spoken() {
        let demanded = |origin| security_headers(origin).iter().any(|(name, _)| name == "strict-transport-security");
        assert!(demanded("https://card.example"));
        assert!(!demanded("http://127.0.0.1:8080"));
    }
}
