//! `GET /v1/member-events`, and a member's sign-up for an event.

use serde::{Deserialize, Serialize};

use crate::{City, Place, UnixMillis, described::described};

/// The events that are not over, soonest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberEventList {
    /// The events.
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub events: Vec<MemberEvent>,
    /// The server's time when it wrote this answer.
    pub server_time: UnixMillis,
}

/// An event for members only, as it is for the member who sent the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberEvent {
    /// The stable id.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::MemberEventId))]
    pub id: String,
    /// The title.
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub title: String,
    /// The description; `null` if there is none.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required, max_length = 500))]
    pub about: Option<String>,
    /// The city.
    pub city: City,
    /// The venue's name.
    #[cfg_attr(feature = "openapi", schema(max_length = 500))]
    pub venue: String,
    /// The administrative district, in the local spelling; `null` if it is not known.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub district: Option<String>,
    /// The street and number; `null` if they are not known.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub address: Option<String>,
    /// The position; `null` if it is not known.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub place: Option<Place>,
    /// The id of the curated shop where the event takes place; `null` if it takes place elsewhere.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<crate::openapi::ShopId>))]
    pub shop_id: Option<String>,
    /// The time at which the event begins. Sign-ups and cancellations are possible until then.
    pub starts_at: UnixMillis,
    /// The time at which the event ends; `null` if it is not set.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub ends_at: Option<UnixMillis>,
    /// The number of seats.
    #[cfg_attr(feature = "openapi", schema(maximum = 100_000))]
    pub seats: u32,
    /// The number of free seats; 0 while the waiting list is not empty.
    #[cfg_attr(feature = "openapi", schema(maximum = 100_000))]
    pub seats_left: u32,
    /// The number of members on the waiting list.
    pub waiting: u32,
    /// The sign-up of the member who sent the request.
    pub sign_up: SignUp,
}

/// The sign-up of a member for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignUp {
    /// The state of the sign-up.
    pub state: SignUpState,
    /// The position on the waiting list, from 1. It never increases. Absent in all states except `waiting`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false, minimum = 1))]
    pub position: Option<u32>,
}

described! {
    /// The state of a sign-up.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum SignUpState {
        /// The member is not signed up.
        None,
        /// The member has a seat.
        Seat,
        /// The member is on the waiting list.
        Waiting,
    }
}
