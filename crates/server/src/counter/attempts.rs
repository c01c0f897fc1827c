//! `GET /v1/redemptions/attempts/{key}`: the outcome of a request whose answer was lost.

use axum::{
    Json,
    extract::{FromRef, FromRequestParts, State},
    http::request::Parts,
};
use member_domain::{
    CallerId,
    wire::{AttemptAnswer, AttemptState, ProblemKind},
};
use member_storage::Settled;

use crate::{
    counter::{Counter, rules::caller_of_member},
    http::{
        Base,
        problem::{ApiError, ApiResult},
        request::PathPart,
        session::{SignedInMember, Terminal},
    },
    openapi::{
        responses::{Internal, RateLimited, Unauthorized},
        samples::counter,
    },
};

/// The caller: a terminal or a signed-in member. Both may send requests to redeem.
pub(crate) struct Asker(CallerId);

impl<S: Send + Sync> FromRequestParts<S> for Asker
where
    Base: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Terminal::from_request_parts(parts, state).await {
            Ok(terminal) => Ok(Self(terminal.token.into())),
            Err(ApiError::Problem(ProblemKind::Unauthorized, _)) => {
                let member = SignedInMember::from_request_parts(parts, state).await?;
                Ok(Self(caller_of_member(&member.id)))
            }
            Err(error) => Err(error),
        }
    }
}

/// The outcome of a request to redeem
///
/// For a terminal or a member whose answer was lost: it queries the outcome by the `Idempotency-Key`, without
/// another try. Only requests of the same terminal, or of the same member, are found. `unknown` means that no
/// request has arrived so far. It can still arrive, so a new try needs the same key.
#[utoipa::path(
    get,
    path = "/v1/redemptions/attempts/{key}",
    operation_id = "getAttempt",
    tag = "redemption",
    security(("terminalBearer" = []), ("memberSession" = []), ("memberBearer" = [])),
    params((
        "key" = String,
        Path,
        description = "The `Idempotency-Key`, percent-encoded.",
        min_length = 1,
        example = "6f1c2f0e-8a58-4c7e-9a43-3f2b1f0f6a11",
    )),
    responses(
        (status = 200, description = "The outcome.", body = AttemptAnswer, examples(
            ("done" = (summary = "It redeemed", value = json!({ "state": "done", "receipt": counter::receipt() }))),
            ("refused" = (summary = "It was refused", value = json!({ "state": "refused", "problem": "code-used" }))),
            ("tested" = (
                summary = "It was a good test code",
                value = json!({ "state": "done", "test": counter::test_receipt() })
            )),
            ("unknown" = (summary = "It has not arrived", value = json!({ "state": "unknown" }))),
        )),
        Unauthorized,
        RateLimited,
        Internal,
    ),
)]
pub(crate) async fn show(
    State(state): State<Counter>,
    Asker(caller): Asker,
    PathPart(key): PathPart,
) -> ApiResult<Json<AttemptAnswer>> {
    let too_fast = "too many requests at once: slow down";
    state.paces.admit(caller, state.clock.now()).map_err(|wait| wait.problem(too_fast))?;
    let nothing = AttemptAnswer { state: AttemptState::Unknown, receipt: None, problem: None, test: None };
    let answer = match state.database.outcome_of(caller, key.trim().to_owned()).await? {
        Some(Settled::Redeemed(receipt)) => {
            AttemptAnswer { state: AttemptState::Done, receipt: Some(receipt), ..nothing }
        }
        Some(Settled::Tested(test)) => AttemptAnswer { state: AttemptState::Done, test: Some(test), ..nothing },
        Some(Settled::Refused(refusal)) => {
            let problem = Some(refusal.kind().as_str().to_owned());
            AttemptAnswer { state: AttemptState::Refused, problem, ..nothing }
        }
        None => nothing,
    };
    Ok(Json(answer))
}
