//! Addresses among the host's options.

use leptos::prelude::window;
use web_sys::Url;

/// An address that requests may go to, without the slash at its end: https, or the device itself while developing.
pub(super) fn base_of(text: &str) -> Option<String> {
    Some(page_of(text)?.trim_end_matches('/').to_owned())
}

/// An address that members may pass on.
pub(super) fn page_of(text: &str) -> Option<String> {
    let url = url_of(text)?;
    Some(url.origin() + &url.pathname())
}

/// An address of origin and path alone.
fn url_of(text: &str) -> Option<Url> {
    // Written without its scheme, a host's name would be taken for a path on the host app's own origin, tokens and all.
    let is_absolute = text.starts_with("https://") || text.starts_with("http://");
    if !is_absolute && (!text.starts_with('/') || text.starts_with("//")) {
        return None;
    }
    let here = window().location().href().ok()?;
    let url = Url::new_with_base(text, &here).ok()?;
    let is_plain = url.search().is_empty() && url.hash().is_empty() && url.username().is_empty();
    let is_local = ["127.0.0.1", "localhost", "[::1]"].contains(&url.hostname().as_str());
    // A host that is itself served without TLS has decided so.
    let is_own = window().location().origin().is_ok_and(|origin| origin == url.origin());
    let is_safe = url.protocol() == "https:" || (url.protocol() == "http:" && (is_local || is_own));
    (is_plain && is_safe).then_some(url)
}
