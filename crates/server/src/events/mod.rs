//! `GET /v1/member-events`, and a member's sign-up for an event or its cancellation.

use axum::{Json, extract::State};
use member_domain::{
    City,
    wire::{MemberEvent, MemberEventList, ProblemKind},
};
use member_storage::SignUpRefusal;
use serde::Deserialize;

use crate::{
    counter::rules::caller_of_member,
    http::{
        Base,
        problem::{ApiError, ApiResult},
        request::{PathPart, QueryString},
        session::SignedInMember,
    },
};

/// The maximum number of events in the list.
const MOST: u32 = 100;

#[derive(Deserialize)]
pub(crate) struct EventQuery {
    city: Option<String>,
}

pub(crate) async fn list(
    State(state): State<Base>,
    member: SignedInMember,
    QueryString(query): QueryString<EventQuery>,
) -> ApiResult<Json<MemberEventList>> {
    let city = query.city.map(|name| City::from_name(&name).map_err(|error| ApiError::field("city", error)));
    let server_time = state.clock.now();
    let events = state.database.member_events(member.id, city.transpose()?, server_time, MOST).await?;
    Ok(Json(MemberEventList { events, server_time }))
}

pub(crate) async fn sign_up(
    State(state): State<Base>,
    member: SignedInMember,
    PathPart(event_id): PathPart,
) -> ApiResult<Json<MemberEvent>> {
    admit(&state, &member)?;
    let signed_up = state.database.sign_up(event_id, member.id, state.clock.now()).await?;
    signed_up.map(Json).map_err(problem)
}

pub(crate) async fn cancel(
    State(state): State<Base>,
    member: SignedInMember,
    PathPart(event_id): PathPart,
) -> ApiResult<Json<MemberEvent>> {
    admit(&state, &member)?;
    let cancelled = state.database.cancel_sign_up(event_id, member.id, state.clock.now()).await?;
    cancelled.map(Json).map_err(problem)
}

/// Refuses members who send requests too fast.
fn admit(state: &Base, member: &SignedInMember) -> ApiResult<()> {
    let too_fast = "too many requests at once: slow down";
    state.paces.admit(caller_of_member(&member.id), state.clock.now()).map_err(|wait| wait.problem(too_fast))
}

fn problem(refusal: SignUpRefusal) -> ApiError {
    let (kind, detail) = match refusal {
        SignUpRefusal::NoEvent => (ProblemKind::NotFound, "there is no such event"),
        SignUpRefusal::Begun => {
            (ProblemKind::Conflict, "the event has begun: nobody can sign up or cancel any more, talk to the venue")
        }
        SignUpRefusal::NoCard => (ProblemKind::Forbidden, "events are for members with a card, and you have none"),
        SignUpRefusal::NotThatDay => {
            (ProblemKind::Forbidden, "your card is not valid on the day of the event: see its dates")
        }
        SignUpRefusal::NotInCity => {
            (ProblemKind::Forbidden, "your card does not work in the city of the event: see its cities")
        }
        SignUpRefusal::ProgrammeEnded => {
            (ProblemKind::ProgrammeEnded, "the programme will have ended by the day of the event")
        }
    };
    ApiError::new(kind, detail)
}
