//! Addresses in the host's options.

use leptos::prelude::window;
use web_sys::Url;

/// Parses a base address of requests and removes the trailing slash. It must use https; http is allowed for
/// the local device and for the host's own origin.
pub(super) fn base_of(text: &str) -> Option<String> {
    Some(page_of(text)?.trim_end_matches('/').to_owned())
}

/// Parses an address that members may share.
pub(super) fn page_of(text: &str) -> Option<String> {
    let url = url_of(text)?;
    Some(url.origin() + &url.pathname())
}

/// Parses an address that has only an origin and a path.
fn url_of(text: &str) -> Option<Url> {
    // Without its scheme, a host name would become a path on the host app's own origin, and the token would
    // go there.
    let is_absolute = text.starts_with("https://") || text.starts_with("http://");
    if !is_absolute && (!text.starts_with('/') || text.starts_with("//")) {
        return None;
    }
    let here = window().location().href().ok()?;
    let url = Url::new_with_base(text, &here).ok()?;
    let is_plain = url.search().is_empty() && url.hash().is_empty() && url.username().is_empty();
    let is_local = ["127.0.0.1", "localhost", "[::1]"].contains(&url.hostname().as_str());
    // A host served without TLS has made that decision itself.
    let is_own = window().location().origin().is_ok_and(|origin| origin == url.origin());
    let is_safe = url.protocol() == "https:" || (url.protocol() == "http:" && (is_local || is_own));
    (is_plain && is_safe).then_some(url)
}
