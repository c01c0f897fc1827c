//! Identifies the page that sent a request, by the browser's headers. Browsers also send cookies with
//! requests of other sites' pages. So a request that depends on a cookie alone is accepted only if no other
//! site's page sent it.

use axum::http::{HeaderMap, header};

/// The sender of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// A page of this server.
    OwnPage,
    /// The user, by the address bar or a bookmark.
    Person,
    /// A page of another site, or of a site that the browser does not name.
    OtherSite,
    /// Not a browser. Every browser that can show the page sends `Sec-Fetch-Site` or `Origin`.
    NoBrowser,
}

/// Returns the sender of a request. It depends on `Sec-Fetch-Site`, or on `Origin` if the browser is too old
/// for `Sec-Fetch-Site`. `Origin` must equal the origin that the operator gave. `Host` cannot replace that
/// origin: it has no scheme, and behind a reverse proxy perhaps not the name that members use. If the
/// operator gave no origin, members reach the server directly, unencrypted and by any of its names. Then
/// `Origin` must equal `http://` and the `Host`.
pub(crate) fn sender(headers: &HeaderMap, own_origin: Option<&str>) -> Sender {
    if let Some(site) = headers.get("sec-fetch-site") {
        return match site.as_bytes() {
            b"same-origin" => Sender::OwnPage,
            b"none" => Sender::Person,
            _ => Sender::OtherSite,
        };
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return Sender::NoBrowser };
    let Ok(origin) = origin.to_str() else { return Sender::OtherSite };
    let is_own = own_origin.map_or_else(
        || {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            origin.strip_prefix("http://").zip(host).is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host))
        },
        |own| origin.eq_ignore_ascii_case(own),
    );
    if is_own { Sender::OwnPage } else { Sender::OtherSite }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{Sender, sender};

    type Pairs = [(&'static str, &'static str)];

    fn at(own_origin: Option<&str>, pairs: &Pairs) -> Sender {
        let pairs = pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        sender(&pairs.collect::<HeaderMap>(), own_origin)
    }

    fn by(pairs: &Pairs) -> Sender {
        at(Some("https://card.example"), pairs)
    }

    #[test]
    fn a_browser_says_whose_page_sends_a_request() {
        assert_eq!(by(&[("sec-fetch-site", "same-origin")]), Sender::OwnPage);
        assert_eq!(by(&[("origin", "https://card.example"), ("host", "127.0.0.1:8080")]), Sender::OwnPage);
        assert_eq!(by(&[("sec-fetch-site", "none")]), Sender::Person);
        assert_eq!(by(&[]), Sender::NoBrowser);
        assert_eq!(by(&[("host", "card.example")]), Sender::NoBrowser);
    }

    #[test]
    fn other_sites_are_told_from_this_one() {
        for others in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://card.example")],
            &[("origin", "https://evil.example"), ("host", "card.example")],
            &[("origin", "https://card.example.evil.example"), ("host", "card.example")],
            &[("origin", "https://card.example:8443"), ("host", "card.example")],
            &[("origin", "null"), ("host", "card.example")],
            // The same host without encryption: an attacker in the network may have made the page.
            &[("origin", "http://card.example"), ("host", "card.example")],
            &[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")],
        ] {
            assert_eq!(by(others), Sender::OtherSite, "{others:?}");
        }
    }

    #[test]
    fn without_a_named_origin_pages_are_where_the_request_went_unencrypted() {
        let host = ("host", "127.0.0.1:8080");
        assert_eq!(at(None, &[("origin", "http://127.0.0.1:8080"), host]), Sender::OwnPage);
        for origin in ["https://127.0.0.1:8080", "http://127.0.0.1", "http://127.0.0.1:8081", "127.0.0.1:8080", "null"]
        {
            assert_eq!(at(None, &[("origin", origin), host]), Sender::OtherSite, "{origin}");
        }
        assert_eq!(at(None, &[("origin", "http://127.0.0.1:8080")]), Sender::OtherSite, "no Host");
    }
}
