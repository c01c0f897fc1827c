//! The ways in which callers identify themselves.

use utoipa::openapi::{
    RefOr,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// All security schemes, by name.
pub(super) fn schemes() -> [(String, RefOr<SecurityScheme>); 4] {
    [
        (
            "memberSession",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
                "member_session",
                "A member's session in a browser. Over HTTPS the cookie's name is `__Host-member_session`. The cookie \
                 is `HttpOnly` and `SameSite`, so the page never sees its value. A session lasts 30 days on the \
                 reference backend.",
            ))),
        ),
        (
            "memberBearer",
            bearer(
                "A member's session in a host app (RFC 6750 §2.1). The host app gets the token from the backend and \
                 hands it to the page. The token is opaque to both.",
            ),
        ),
        (
            "terminalBearer",
            bearer(
                "A shop's till, or a phone paired as one (RFC 6750 §2.1). The token stands for one terminal of one \
                 shop, which is the shop that redeems.",
            ),
        ),
        (
            "webhookSignature",
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
                "webhook-signature",
                "The signatures of a request, for example `v1,odTfEVqSlUOZDehe/aIORZtEHBE6dSvSGNHMdHZhQEk=` \
                 (`POST /v1/refund-events`).",
            ))),
        ),
    ]
    .map(|(name, scheme)| (name.to_owned(), scheme.into()))
}

fn bearer(description: &str) -> SecurityScheme {
    SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(description)).build())
}
