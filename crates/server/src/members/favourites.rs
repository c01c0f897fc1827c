//! `GET` and `PUT /v1/favourites`: the member's favourite shops, the same on all devices.

use axum::{Json, extract::State};
use member_domain::wire::{FavouriteChanges, FavouriteList};

use crate::{
    counter::rules::caller_of_member,
    http::{
        Base,
        problem::{ApiError, ApiResult},
        request::JsonBody,
        session::SignedInMember,
    },
    openapi::{
        responses::{Forbidden, Internal, InvalidRequest, RateLimited, Unauthorized},
        samples,
    },
};

/// The most favourites of one member.
const MOST: usize = 500;
/// The most changes in one request.
const MOST_CHANGES: usize = 100;

/// The member's favourite shops
///
/// A shop that has left the programme stays a favourite until the member removes it.
#[utoipa::path(
    get,
    path = "/v1/favourites",
    operation_id = "listFavourites",
    tags = ["shops", "member"],
    security(("memberSession" = []), ("memberBearer" = [])),
    responses(
        (status = 200, description = "The favourites.", body = FavouriteList, example = samples::member::favourites),
        Unauthorized,
        RateLimited,
        Internal,
    ),
)]
pub(crate) async fn list(State(state): State<Base>, member: SignedInMember) -> ApiResult<Json<FavouriteList>> {
    admit(&state, &member)?;
    Ok(Json(FavouriteList { shop_ids: state.database.favourites(member.id).await? }))
}

/// Change the member's favourite shops
///
/// Applies the changes of one device in their order and answers with the favourites of all devices. A device
/// sends its changes when it has network, and repeats a request whose answer was lost: repeating it changes
/// nothing. Unknown shops are skipped. A request without changes is a question for the favourites. At most
/// 500 favourites, and 100 changes in one request.
///
/// A backend without favourites answers `not-found`. The page then stores them on the device only.
///
/// Requests from other sites are refused as for `POST /v1/credentials`.
#[utoipa::path(
    put,
    path = "/v1/favourites",
    operation_id = "changeFavourites",
    tags = ["shops", "member"],
    security(("memberSession" = []), ("memberBearer" = [])),
    request_body(content = FavouriteChanges, example = json!(samples::member::favourite_changes())),
    responses(
        (status = 200, description = "The favourites.", body = FavouriteList, example = samples::member::favourites),
        Unauthorized,
        Forbidden,
        InvalidRequest,
        RateLimited,
        Internal,
    ),
)]
pub(crate) async fn change(
    State(state): State<Base>,
    member: SignedInMember,
    JsonBody(body): JsonBody<FavouriteChanges>,
) -> ApiResult<Json<FavouriteList>> {
    admit(&state, &member)?;
    if body.changes.len() > MOST_CHANGES {
        return Err(ApiError::field(
            "changes",
            format!("at most {MOST_CHANGES} changes in one request: send the others in the next"),
        ));
    }
    let changed = state.database.change_favourites(member.id, body.changes, MOST).await?;
    let too_many = || ApiError::field("changes", format!("at most {MOST} favourites: remove some first"));
    Ok(Json(FavouriteList { shop_ids: changed.ok_or_else(too_many)? }))
}

/// Refuses members who send requests too fast.
fn admit(state: &Base, member: &SignedInMember) -> ApiResult<()> {
    let too_fast = |wait: crate::http::rate::Wait| wait.problem("too many requests at once: slow down");
    state.paces.admit(caller_of_member(&member.id), state.clock.now()).map_err(too_fast)
}
