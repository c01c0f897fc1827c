//! `GET /v1/member-events`; `PUT` and `DELETE /v1/member-events/{id}/sign-up`

use gloo_net::http::Method;
use member_domain::wire::{MemberEvent, MemberEventList};

use super::{Answer, Api, ApiError, decode, encoded};

impl Api {
    /// The events to come, of all cities: they are few, and an address can lead to any of them.
    pub async fn member_events(self) -> Result<Answer<MemberEventList>, ApiError> {
        Answer::read(self.request(Method::GET, "/v1/member-events").await?)
    }

    /// Signs the member up, or puts him on the waiting list where no seat is left. Doing it again changes nothing.
    pub async fn sign_up(self, id: &str) -> Result<MemberEvent, ApiError> {
        self.change(Method::PUT, id).await
    }

    /// Gives the seat, or the place on the waiting list, back. Doing it again changes nothing.
    pub async fn cancel_sign_up(self, id: &str) -> Result<MemberEvent, ApiError> {
        self.change(Method::DELETE, id).await
    }

    async fn change(self, method: Method, id: &str) -> Result<MemberEvent, ApiError> {
        decode(self.request(method, &format!("/v1/member-events/{}/sign-up", encoded(id))).await?)
    }
}
