//! Examples of problem documents. Titles and statuses come from the server's own errors.

use member_domain::{
    CodeError, Refusal,
    wire::ProblemKind::{Conflict, NotFound, Unauthorized},
};
use serde_json::json;
use utoipa::openapi::{
    RefOr,
    example::{Example, ExampleBuilder},
};

use crate::http::problem::{ApiError, refusal};

/// All examples, by name.
pub(super) fn examples() -> Vec<(String, RefOr<Example>)> {
    let of_members = [
        example(
            "unauthorized",
            "A member's call without a valid session",
            ApiError::new(Unauthorized, "sign in: no valid session cookie or bearer token"),
        ),
        example("forbidden", "The card does not work here today", refusal(Refusal::CardNotValidHere)),
        example("programmeEnded", "The programme's last day has passed", refusal(Refusal::ProgrammeEnded)),
        example(
            "noRefund",
            "No refund is decided, or there is no card",
            ApiError::new(NotFound, "no refund is decided for your card"),
        ),
        example(
            "noProgramme",
            "The operator has not created a programme yet",
            ApiError::new(NotFound, "there is no programme yet"),
        ),
        example(
            "eventBegun",
            "A sign-up or its cancellation after the event has begun",
            ApiError::new(Conflict, "the event has begun: nobody can sign up or cancel any more, talk to the venue"),
        ),
    ];
    let of_shops = [
        example("noShop", "No shop has this id", ApiError::new(NotFound, "no curated shop has this id")),
        example(
            "invalidParameter",
            "A query parameter out of range",
            ApiError::field("limit", "a whole number from 1 to 100"),
        ),
    ];
    of_members.into_iter().chain(of_shops).chain(of_counter()).chain(of_server()).collect()
}

fn of_counter() -> [(String, RefOr<Example>); 11] {
    [
        example(
            "unknownTerminal",
            "A till's call with an unknown token",
            ApiError::new(Unauthorized, "this terminal token is not known: pair the terminal again"),
        ),
        example("noRedemption", "Not one of this shop's", ApiError::new(NotFound, "this shop has no such redemption")),
        example("codeUnknown", "Mistyped, or not a code of this programme", refusal(Refusal::CodeUnknown)),
        example("codeUsed", "Redeemed before", refusal(Refusal::CodeUsed)),
        example("codeExpired", "A picture of a code, for example", refusal(Refusal::CodeExpired)),
        example(
            "conflict",
            "A key used again for another redemption",
            ApiError::new(
                Conflict,
                "this Idempotency-Key was used for another request: use a new key for a new redemption",
            ),
        ),
        example(
            "tooLate",
            "Cancelled after ten minutes",
            ApiError::new(
                Conflict,
                "a redemption can be taken back for ten minutes only: settle it with the member, and tell the operator",
            ),
        ),
        example("invalidCode", "A digit is missing", ApiError::field("code", CodeError::WrongLength(19))),
        example(
            "missingIdempotencyKey",
            "No Idempotency-Key",
            ApiError::field("Idempotency-Key", "send a header of 1 to 200 ASCII characters, new for every redemption"),
        ),
        example("wrongPin", "Not the shop's PIN", ApiError::WrongPin { tries_left: 4 }),
        example(
            "pinLocked",
            "Five wrong PINs",
            ApiError::RateLimited {
                detail: "too many wrong PINs: this shop's PIN is locked for a while, use the code instead".to_owned(),
                seconds: 900,
            },
        ),
    ]
}

fn of_server() -> [(String, RefOr<Example>); 3] {
    let detail = "too many requests at once: slow down".to_owned();
    [
        example("bodyTooLarge", "More than 16 KiB", ApiError::TooLarge),
        example("rateLimited", "Too many requests", ApiError::RateLimited { detail, seconds: 1 }),
        example("internal", "The server failed", ApiError::Internal),
    ]
}

fn example(name: &str, summary: &str, error: ApiError) -> (String, RefOr<Example>) {
    (name.to_owned(), ExampleBuilder::new().summary(summary).value(Some(json!(error.document()))).into())
}
