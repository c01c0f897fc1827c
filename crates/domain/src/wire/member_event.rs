//! `GET /v1/member-events` and a member's sign-up for one.

use serde::{Deserialize, Serialize};

use crate::{City, Place, UnixMillis};

/// The events to come, soonest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberEventList {
    /// The events.
    pub events: Vec<MemberEvent>,
    /// When the answer was written.
    pub server_time: UnixMillis,
}

/// An event for members only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberEvent {
    /// Stable id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What happens there.
    #[serde(default)]
    pub about: Option<String>,
    /// Where it is.
    pub city: City,
    /// The venue's name.
    pub venue: String,
    /// District, as written locally.
    #[serde(default)]
    pub district: Option<String>,
    /// Street and number.
    #[serde(default)]
    pub address: Option<String>,
    /// Its position, where it is known.
    #[serde(default)]
    pub place: Option<Place>,
    /// The curated shop it takes place at, if it is one.
    #[serde(default)]
    pub shop_id: Option<String>,
    /// When it begins. Sign-ups and cancellations end then.
    pub starts_at: UnixMillis,
    /// When it ends.
    #[serde(default)]
    pub ends_at: Option<UnixMillis>,
    /// How many seats there are.
    pub seats: u32,
    /// How many of them are free; none while anybody is waiting.
    pub seats_left: u32,
    /// How many members wait for a seat.
    pub waiting: u32,
    /// Where the member who asks stands.
    pub sign_up: SignUp,
}

/// Where a member stands with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignUp {
    /// Signed up, waiting, or neither.
    pub state: SignUpState,
    /// The place on the waiting list, from 1; only while waiting.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub position: Option<u32>,
}

/// Signed up, waiting, or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignUpState {
    /// Not signed up.
    None,
    /// Has a seat.
    Seat,
    /// Waits for one.
    Waiting,
}
