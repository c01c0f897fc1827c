//! `GET /v1/member-events`; `PUT` and `DELETE /v1/member-events/{id}/sign-up`

use gloo_net::http::Method;
use member_domain::wire::{MemberEvent, MemberEventList};

use super::{Answer, Api, ApiError, decode, percent_encode};

impl Api {
    /// Requests the upcoming events of all cities. They are few, and an address can name any of them.
    pub async fn member_events(self) -> Result<Answer<MemberEventList>, ApiError> {
        Answer::read(self.request(Method::GET, "/v1/member-events").await?)
    }

    /// Signs the member up, or adds the member to the waiting list if no seat is left. Idempotent.
    pub async fn sign_up(self, id: &str) -> Result<MemberEvent, ApiError> {
        self.change(Method::PUT, id).await
    }

    /// Cancels the seat or the place on the waiting list. Idempotent.
    pub async fn cancel_sign_up(self, id: &str) -> Result<MemberEvent, ApiError> {
        self.change(Method::DELETE, id).await
    }

    async fn change(self, method: Method, id: &str) -> Result<MemberEvent, ApiError> {
        decode(self.request(method, &format!("/v1/member-events/{}/sign-up", percent_encode(id))).await?)
    }
}
