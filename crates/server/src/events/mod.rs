//! `GET /v1/member-events`, and a member's sign-up for an event or its cancellation.

use axum::{Json, extract::State};
use member_domain::{
    City,
    openapi::MemberEventId,
    wire::{MemberEvent, MemberEventList, ProblemKind},
};
use member_storage::SignUpRefusal;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    counter::rules::caller_of_member,
    http::{
        Base,
        problem::{ApiError, ApiResult},
        request::{PathPart, QueryString},
        session::SignedInMember,
    },
    openapi::{
        responses::{
            Conflict, ForbiddenOrProgrammeEnded, Internal, InvalidRequest, NotFound, RateLimited, Unauthorized,
        },
        samples,
    },
};

/// The maximum number of events in the list.
const MOST: u32 = 100;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventQuery {
    /// Only events of this city.
    #[param(value_type = Option<City>, example = "shanghai")]
    city: Option<String>,
}

/// Events for members only
///
/// The events that are not over, soonest first, at most 100, each with the sign-up of the member who sent the
/// request.
#[utoipa::path(
    get,
    path = "/v1/member-events",
    operation_id = "listMemberEvents",
    tag = "member-events",
    security(("memberSession" = []), ("memberBearer" = [])),
    params(EventQuery),
    responses(
        (status = 200, description = "The events.", body = MemberEventList, example = samples::events::list),
        Unauthorized,
        InvalidRequest,
        RateLimited,
        Internal,
    ),
)]
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

/// Sign up for an event
///
/// Gives the member a seat if there is one, otherwise a place at the end of the waiting list. The answer
/// tells which. However many members sign up at the same time, never more of them get a seat than there are
/// seats. Repeating the call changes nothing. The request has no body.
///
/// It needs a card that is valid on the day of the event and in its city (`forbidden`), in a programme that
/// will not have ended by then (`programme-ended`). Once the event has begun it is a `conflict`. The member's
/// open pages are notified by the event `member-event`.
///
/// Requests from other sites are refused as for `POST /v1/credentials`.
#[utoipa::path(
    put,
    path = "/v1/member-events/{id}/sign-up",
    operation_id = "signUpForEvent",
    tag = "member-events",
    security(("memberSession" = []), ("memberBearer" = [])),
    params(("id" = MemberEventId, Path, description = "The event's id.", example = "sh-handdrip-class")),
    responses(
        (
            status = 200,
            description = "The event as it is now for this member.",
            body = MemberEvent,
            example = samples::events::signed_up,
        ),
        Unauthorized,
        ForbiddenOrProgrammeEnded,
        NotFound,
        Conflict,
        RateLimited,
        Internal,
    ),
)]
pub(crate) async fn sign_up(
    State(state): State<Base>,
    member: SignedInMember,
    PathPart(event_id): PathPart,
) -> ApiResult<Json<MemberEvent>> {
    admit(&state, &member)?;
    let signed_up = state.database.sign_up(event_id, member.id, state.clock.now()).await?;
    signed_up.map(Json).map_err(problem)
}

/// Cancel a sign-up
///
/// Gives back the seat, or the place on the waiting list. A free seat goes to the member who has waited
/// longest, in the same transaction, and that member's open pages are notified. Repeating the call changes
/// nothing. A member who signs up again is at the end of the list. It needs no card. Once the event has begun
/// it is a `conflict`.
///
/// Requests from other sites are refused as for `POST /v1/credentials`.
#[utoipa::path(
    delete,
    path = "/v1/member-events/{id}/sign-up",
    operation_id = "cancelSignUp",
    tag = "member-events",
    security(("memberSession" = []), ("memberBearer" = [])),
    params(("id" = MemberEventId, Path, description = "The event's id.", example = "sh-handdrip-class")),
    responses(
        (
            status = 200,
            description = "The event as it is now for this member.",
            body = MemberEvent,
            example = samples::events::cancelled,
        ),
        Unauthorized,
        ForbiddenOrProgrammeEnded,
        NotFound,
        Conflict,
        RateLimited,
        Internal,
    ),
)]
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
