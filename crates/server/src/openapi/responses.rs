//! The problem answers that calls share. A handler lists them by type: `responses((status = 200, ...), Unauthorized)`.

use std::collections::BTreeMap;

use member_domain::{openapi::description, wire::Problem};
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder},
};

use super::headers;

/// Declares problem answers: the description, the name of the type and of the component, the status, the
/// names of the examples, and headers in addition to `Cache-Control`.
macro_rules! problems {
    ($($(#[doc = $doc:literal])+ $name:ident = $status:literal, [$($example:literal),+] $(, $header:literal)?;)+) => {
        $(
            $(#[doc = $doc])+
            pub(crate) struct $name;

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Response>> {
                    let reference = Ref::from_response_name(stringify!($name));
                    BTreeMap::from([(stringify!($status).to_owned(), reference.into())])
                }
            }
        )+

        /// All shared answers, by name.
        pub(super) fn all() -> Vec<(String, RefOr<Response>)> {
            vec![$((
                stringify!($name).to_owned(),
                problem(&description(&[$($doc),+]), &[$($example),+], &["Cache-Control", $($header)?]).into(),
            )),+]
        }
    };
}

problems! {
    /// `unauthorized`: no cookie, token or signature, or one that is unknown or has expired. It is checked
    /// before all else.
    Unauthorized = 401, ["unauthorized", "unknownTerminal"], "WWW-Authenticate";
    /// `forbidden`: another site's page sent it.
    Forbidden = 403, ["forbidden"];
    /// `forbidden`: the caller is known but may not do this, for example because the card does not work today
    /// or in this city. `programme-ended`: the programme's last day has passed.
    ForbiddenOrProgrammeEnded = 403, ["forbidden", "programmeEnded"];
    /// `not-found`: there is no such shop, no such event, no such redemption of this shop, no such refund, or
    /// no programme to have a card of; or no refund events are taken here.
    NotFound = 404, ["noShop", "noRedemption", "noRefund", "noProgramme"];
    /// `code-unknown`: no credential makes this code.
    CodeUnknown = 404, ["codeUnknown"];
    /// `code-used`: this code, or a later one of the same credential, was redeemed before. `conflict`: the
    /// `Idempotency-Key` was used for another code or bill.
    CodeUsedOrConflict = 409, ["codeUsed", "conflict"];
    /// `conflict`: the `Idempotency-Key` or `webhook-id` was used for another request, it is too late to
    /// cancel the redemption, or the event has begun.
    Conflict = 409, ["conflict", "tooLate", "eventBegun"];
    /// `code-expired`: the code's time is over, or its credential has expired or was replaced.
    CodeExpired = 410, ["codeExpired"];
    /// `invalid-request` with status 413: the body is larger than 16 KiB.
    BodyTooLarge = 413, ["bodyTooLarge"];
    /// `invalid-request`: a parameter, a header or a member of the body is missing or wrong. `field` names
    /// it; `body` or `query` stands for the whole if no single one can be named.
    InvalidRequest = 422, ["invalidCode", "invalidParameter", "missingIdempotencyKey", "wrongPin"];
    /// `rate-limited`: too many requests. Clients handle it on every call; the limits are up to the backend.
    RateLimited = 429, ["rateLimited", "pinLocked"], "Retry-After";
    /// `internal`: the server failed. It gives no details. A redemption is repeated with the same
    /// `Idempotency-Key`, which is safe whether or not it has happened.
    Internal = 500, ["internal"];
}

fn problem(description: &str, examples: &[&str], headers: &[&str]) -> Response {
    let examples = examples.iter().map(|name| {
        let reference = Ref::new(format!("#/components/examples/{name}"));
        (*name, RefOr::Ref(reference))
    });
    let content =
        ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).examples_from_iter(examples).build();
    let response = ResponseBuilder::new().description(description).content("application/problem+json", content);
    let mut response = response.build();
    let headers = headers.iter().filter_map(|name| Some(((*name).to_owned(), headers::reference(name)?)));
    response.headers.extend(headers);
    response
}
