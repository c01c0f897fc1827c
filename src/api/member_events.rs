//! `GET /v1/member-events`; `PUT` and `DELETE /v1/member-events/{id}/sign-up`

use gloo_net::http::Method;
use member_domain::wire::{MemberEvent, MemberEventList};

use super::{Answer, ApiError, decode, encoded, request};

/// The events to come, of all cities: they are few, and an address can lead to any of them.
pub async fn member_events() -> Result<Answer<MemberEventList>, ApiError> {
    Answer::read(request(Method::GET, "/v1/member-events").await?)
}

/// Signs the member up, or puts him on the waiting list where no seat is left. Doing it again changes nothing.
pub async fn sign_up(id: &str) -> Result<MemberEvent, ApiError> {
    change(Method::PUT, id).await
}

/// Gives the seat, or the place on the waiting list, back. Doing it again changes nothing.
pub async fn cancel_sign_up(id: &str) -> Result<MemberEvent, ApiError> {
    change(Method::DELETE, id).await
}

async fn change(method: Method, id: &str) -> Result<MemberEvent, ApiError> {
    decode(request(method, &format!("/v1/member-events/{}/sign-up", encoded(id))).await?)
}
