//! Whose page sent a request, as the browser says. Cookies come with requests of other sites' pages too, so what a cookie
//! alone allows is done for this server's own pages only.

use axum::http::{HeaderMap, header};

/// Who sent a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// A page of this server.
    OwnPage,
    /// The person at the browser, by the address bar or a bookmark.
    Person,
    /// A page of another site, or one whose site the browser does not tell.
    OtherSite,
    /// No browser: every one that has the page says either of both headers.
    NoBrowser,
}

/// Who sent a request with these headers: by `Sec-Fetch-Site`, or by `Origin` where the browser is too old for that.
pub(crate) fn sender(headers: &HeaderMap, public_origin: &str) -> Sender {
    if let Some(site) = headers.get("sec-fetch-site") {
        return match site.as_bytes() {
            b"same-origin" => Sender::OwnPage,
            b"none" => Sender::Person,
            _ => Sender::OtherSite,
        };
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return Sender::NoBrowser };
    let Ok(origin) = origin.to_str() else { return Sender::OtherSite };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    // Behind a reverse proxy `Host` may name the inner server.
    let at_host = authority.zip(host).is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host));
    if at_host || origin.eq_ignore_ascii_case(public_origin) { Sender::OwnPage } else { Sender::OtherSite }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{Sender, sender};

    fn by(pairs: &[(&'static str, &'static str)]) -> Sender {
        let pairs = pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        sender(&pairs.collect::<HeaderMap>(), "https://card.example")
    }

    #[test]
    fn a_browser_says_whose_page_sends_a_request() {
        assert_eq!(by(&[("sec-fetch-site", "same-origin")]), Sender::OwnPage);
        assert_eq!(by(&[("origin", "https://card.example"), ("host", "127.0.0.1:8080")]), Sender::OwnPage);
        assert_eq!(by(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]), Sender::OwnPage);
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
        ] {
            assert_eq!(by(others), Sender::OtherSite, "{others:?}");
        }
    }
}
