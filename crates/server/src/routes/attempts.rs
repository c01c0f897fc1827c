//! `GET /v1/redemptions/attempts/{key}`: what became of a request whose answer was lost.

use axum::{
    Json,
    extract::{FromRef, FromRequestParts, State},
    http::request::Parts,
};
use member_domain::wire::{AttemptAnswer, AttemptState, ProblemKind};

use super::request::PathPart;
use crate::{
    problem::{ApiError, ApiResult},
    redeeming::CallerId,
    serve::AppState,
    session::{SignedInMember, Terminal},
    storage::Settled,
};

/// A terminal or a signed-in member: whoever may send a request to redeem.
pub(super) struct Asker(CallerId);

impl<S: Send + Sync> FromRequestParts<S> for Asker
where
    AppState: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Terminal::from_request_parts(parts, state).await {
            Ok(terminal) => Ok(Self(terminal.token.into())),
            Err(ApiError::Problem(ProblemKind::Unauthorized, _)) => {
                let member = SignedInMember::from_request_parts(parts, state).await?;
                Ok(Self(CallerId::of_member(&member.id)))
            }
            Err(error) => Err(error),
        }
    }
}

pub(super) async fn show(
    State(state): State<AppState>,
    Asker(caller): Asker,
    PathPart(key): PathPart,
) -> ApiResult<Json<AttemptAnswer>> {
    let too_fast = "too many requests at once: slow down";
    state.limits.request(caller, state.clock.now()).map_err(|wait| wait.problem(too_fast))?;
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
