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
