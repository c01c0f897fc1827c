//! Origins and frame ancestors: parsed from the operator's options into the form that browsers use.

use std::{fmt, str::FromStr};

use anyhow::bail;
use url::{ParseError, Url};

/// An origin as browsers write it in the header `Origin`: scheme, host, and the port if it is not the
/// scheme's default. Examples: `https://app.example`, `http://localhost:5173`. `FromStr` allows `http` for
/// this machine only, where host apps are developed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses the origin at which members reach this server. It allows `http` for any host, since a private
    /// network may have no certificates.
    pub(crate) fn of_this_server(text: &str) -> Result<Self, OriginError> {
        Ok(Self::read(text)?.0)
    }

    /// Parses an origin. The second value is `true` if it is unencrypted and not on this machine.
    fn read(text: &str) -> Result<(Self, bool), OriginError> {
        if text.contains('*') {
            return Err(OriginError::Wildcard);
        }
        let text = text.to_ascii_lowercase();
        let authority = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let authority = authority.ok_or(OriginError::Scheme)?;
        if authority.contains(['/', '?', '#', '@', '\\']) {
            return Err(OriginError::Path);
        }
        let url = Url::parse(&text).map_err(|error| match error {
            ParseError::InvalidPort => OriginError::Port,
            _ => OriginError::Host,
        })?;
        let host = url.host_str().unwrap_or_default();
        // Rejects hosts that the parser rewrites, such as `127.1`, and bytes with another meaning in a header
        // or a policy.
        let is_written = authority.strip_prefix(host).is_some_and(|port| port.is_empty() || port.starts_with(':'));
        if !is_written || !(host.starts_with('[') || is_name(host)) {
            return Err(OriginError::Host);
        }
        // Rejects leading zeros, and ports that browsers leave out.
        if url.port() == Some(0) || url.origin().ascii_serialization() != text {
            return Err(OriginError::Port);
        }
        let is_unencrypted = url.scheme() == "http" && !["localhost", "127.0.0.1", "[::1]"].contains(&host);
        Ok((Self(text), is_unencrypted))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The error in an origin. Its message says how to write the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// The text contains `*`.
    #[error("name each site: '*' would let in every one")]
    Wildcard,
    /// The scheme is missing, or is neither `https` nor `http`.
    #[error("start with https://, as in https://app.example")]
    Scheme,
    /// The scheme is `http`, and the host is not this machine.
    #[error("http:// works for localhost, 127.0.0.1 and [::1] only: write https://")]
    Unencrypted,
    /// The text has a user name, path, query or fragment.
    #[error("write scheme, host and port only, without a path, not even a last '/'")]
    Path,
    /// The host is invalid.
    #[error("this host is not one: use ASCII letters, digits, '-' and '.', and punycode for other scripts")]
    Host,
    /// The port is invalid, or is the scheme's default, which browsers leave out.
    #[error("write a port from 1 to 65535, and leave out 443 for https and 80 for http, as browsers do")]
    Port,
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        match Self::read(text)? {
            (_, true) => Err(OriginError::Unencrypted),
            (origin, false) => Ok(origin),
        }
    }
}

/// Whether the host has only labels of letters, digits and inner hyphens, separated by dots (RFC 1123 §2.1).
/// URLs allow more characters in a host, such as `;` and `'`.
fn is_name(host: &str) -> bool {
    let is_label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    host.split('.').all(is_label)
}

/// Who may show the page in a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameAncestor {
    /// Pages of this server.
    Own,
    /// Nobody.
    Nobody,
    /// Pages of this origin.
    Site(Origin),
}

impl FromStr for FrameAncestor {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        match text.trim_matches('\'') {
            "self" => Ok(Self::Own),
            "none" => Ok(Self::Nobody),
            _ => text.parse().map(Self::Site),
        }
    }
}

/// Returns the sources of the directive `frame-ancestors`. The default is `'self'`.
pub(crate) fn frame_ancestors(ancestors: &[FrameAncestor]) -> anyhow::Result<String> {
    if ancestors.len() > 1 && ancestors.contains(&FrameAncestor::Nobody) {
        bail!("--frame-ancestor none stands alone: leave it out, or leave out the others");
    }
    let sources: Vec<&str> = ancestors
        .iter()
        .map(|ancestor| match ancestor {
            FrameAncestor::Own => "'self'",
            FrameAncestor::Nobody => "'none'",
            FrameAncestor::Site(origin) => origin.as_str(),
        })
        .collect();
    Ok(if sources.is_empty() { "'self'".to_owned() } else { sources.join(" ") })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn an_origin_is_read_as_browsers_write_it() {
        for good in [
            "https://app.example",
            "https://app.example:8443",
            "http://localhost",
            "http://localhost:5173",
            "https://localhost",
            "http://127.0.0.1:8081",
            "http://[::1]:8081",
            "https://xn--fiqs8s.example",
        ] {
            assert_eq!(good.parse::<Origin>().unwrap().as_str(), good);
        }
        assert_eq!("HTTPS://App.Example".parse::<Origin>().unwrap().as_str(), "https://app.example");
    }

    #[test]
    fn what_is_no_origin_is_refused_with_what_to_write() {
        use OriginError::{Host, Path, Port, Scheme, Unencrypted, Wildcard};
        for (bad, error) in [
            ("*", Wildcard),
            ("https://*.example", Wildcard),
            ("", Scheme),
            ("null", Scheme),
            ("app.example", Scheme),
            ("file://", Scheme),
            ("ftp://app.example", Scheme),
            ("capacitor://localhost", Scheme),
            ("http://app.example", Unencrypted),
            ("http://localhost.example", Unencrypted),
            ("http://127.0.0.2", Unencrypted),
            ("https://app.example/", Path),
            ("https://app.example/page", Path),
            ("https://app.example?x", Path),
            ("https://app.example#x", Path),
            ("https://user@app.example", Path),
            ("https://", Host),
            ("https://app_1.example", Host),
            ("https://app.example.", Host),
            ("https://-app.example", Host),
            ("https://中国.example", Host),
            ("https://app.example, https://b.example", Path),
            ("https://app.example;script-src", Host),
            ("https://app.example 'unsafe-inline'", Host),
            ("https://[::1", Host),
            ("https://[0:0:0:0:0:0:0:1]", Host),
            ("https://127.1", Host),
            ("https://0x7f000001", Host),
            ("https://app's.example", Host),
            ("https://app.\texample", Host),
            ("https://app.example:84\t43", Port),
            ("https://app.example:443", Port),
            ("http://localhost:80", Port),
            ("https://app.example:", Port),
            ("https://app.example:0", Port),
            ("https://app.example:08443", Port),
            ("https://app.example:+8443", Port),
            ("https://app.example:65536", Port),
        ] {
            assert_eq!(bad.parse::<Origin>(), Err(error), "{bad}");
        }
    }

    #[test]
    fn this_servers_own_may_be_unencrypted_and_is_judged_as_strictly_otherwise() {
        use OriginError::{Host, Path, Port, Scheme, Wildcard};
        let read = |text| Origin::of_this_server(text).map(|origin| origin.to_string());
        for good in
            ["https://card.example", "http://card.example", "http://192.0.2.7:8080", "http://[2001:db8::7]:8080"]
        {
            assert_eq!(read(good).unwrap(), good);
        }
        assert_eq!(read("HTTPS://Card.Example").unwrap(), "https://card.example");
        for (bad, error) in [
            ("card.example", Scheme),
            ("http://*.example", Wildcard),
            ("http://card.example/page", Path),
            ("https://card.example; script-src *", Wildcard),
            ("https://card.example;script-src", Host),
            ("http://card.example\n", Host),
            ("http://card.example:80", Port),
            ("https://card.example:443", Port),
        ] {
            assert_eq!(read(bad), Err(error), "{bad}");
        }
    }

    #[test]
    fn frames_are_for_the_pages_own_site_unless_others_are_named() {
        let read = |texts: &[&str]| {
            let ancestors: Vec<FrameAncestor> = texts.iter().map(|text| text.parse().unwrap()).collect();
            frame_ancestors(&ancestors)
        };
        assert_eq!(read(&[]).unwrap(), "'self'");
        assert_eq!(read(&["none"]).unwrap(), "'none'");
        assert_eq!(read(&["self", "https://app.example"]).unwrap(), "'self' https://app.example");
        assert_eq!(read(&["https://app.example"]).unwrap(), "https://app.example");
        assert!(read(&["none", "https://app.example"]).unwrap_err().to_string().contains("stands alone"));
        assert_eq!("*".parse::<FrameAncestor>(), Err(OriginError::Wildcard));
    }
}
