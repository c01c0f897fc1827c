//! `GET /v1/member-events`, and a member's sign-up for an event.

use serde::{Deserialize, Serialize};

use crate::{City, Place, UnixMillis};

/// The future events, soonest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberEventList {
    /// The events.
    pub events: Vec<MemberEvent>,
    /// The server's time when it wrote this answer.
    pub server_time: UnixMillis,
}

/// An event for members only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberEvent {
    /// The stable id.
    pub id: String,
    /// The title.
    pub title: String,
    /// The description.
    #[serde(default)]
    pub about: Option<String>,
    /// The city.
    pub city: City,
    /// The venue's name.
    pub venue: String,
    /// The district, in the local spelling.
    #[serde(default)]
    pub district: Option<String>,
    /// The street and number.
    #[serde(default)]
    pub address: Option<String>,
    /// The position, if it is known.
    #[serde(default)]
    pub place: Option<Place>,
    /// The id of the curated shop where the event takes place, if there is one.
    #[serde(default)]
    pub shop_id: Option<String>,
    /// The time at which the event begins. Sign-ups and cancellations are possible until then.
    pub starts_at: UnixMillis,
    /// The time at which the event ends.
    #[serde(default)]
    pub ends_at: Option<UnixMillis>,
    /// The number of seats.
    pub seats: u32,
    /// The number of free seats; 0 while the waiting list is not empty.
    pub seats_left: u32,
    /// The number of members on the waiting list.
    pub waiting: u32,
    /// The sign-up of the member who sent the request.
    pub sign_up: SignUp,
}

/// The sign-up of a member for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignUp {
    /// The state of the sign-up.
    pub state: SignUpState,
    /// The position on the waiting list, from 1; absent in all other states.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub position: Option<u32>,
}

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
