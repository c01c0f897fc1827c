//! Forms of these pages. A form that another site sends is refused before it is read.

use axum::{
    Form,
    extract::{FromRef, FromRequest, Request},
    http::{HeaderMap, header},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::StaffError;
use crate::serve::AppState;

/// A form sent from one of these pages. Every handler of a POST takes one.
pub(super) struct OwnForm<T>(pub(super) T);

/// A form without fields.
#[derive(Deserialize)]
pub(super) struct NoFields {}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for OwnForm<T>
where
    AppState: FromRef<S>,
{
    type Rejection = StaffError;

    async fn from_request(request: Request, state: &S) -> Result<Self, StaffError> {
        if !is_own(request.headers(), &AppState::from_ref(state).public_origin) {
            return Err(StaffError::OtherSite);
        }
        let form = Form::<T>::from_request(request, state).await;
        form.map(|Form(fields)| Self(fields)).map_err(|rejection| StaffError::BadForm(rejection.status()))
    }
}

/// Whether the browser says that the request comes from this server's own pages: by `Sec-Fetch-Site`, or by `Origin`
/// where it is too old for that. What says neither is no browser that shows these pages.
fn is_own(headers: &HeaderMap, public_origin: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else { return false };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    // Behind a reverse proxy `Host` may name the inner server.
    let at_host = authority.zip(text(header::HOST)).is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host));
    at_host || origin.eq_ignore_ascii_case(public_origin)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::is_own;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let pairs = pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_own(&pairs.collect::<HeaderMap>(), "https://card.example")
    }

    #[test]
    fn only_forms_of_this_server_pass() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("origin", "https://card.example"), ("host", "127.0.0.1:8080")]));
        assert!(own(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        for others in [
            &[][..],
            &[("host", "card.example")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://card.example")],
            &[("origin", "https://evil.example"), ("host", "card.example")],
            &[("origin", "https://card.example.evil.example"), ("host", "card.example")],
            &[("origin", "null"), ("host", "card.example")],
        ] {
            assert!(!own(others), "{others:?}");
        }
    }
}
