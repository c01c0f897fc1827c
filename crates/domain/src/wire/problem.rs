//! Errors of the API: RFC 9457 problem documents whose `type` ends in a stable name.

use serde::{Deserialize, Serialize};

/// What went wrong, as a machine reads it: the last segment of a problem's `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// 404: no such code.
    CodeUnknown,
    /// 410: the code's time is over.
    CodeExpired,
    /// 409: the code was redeemed before.
    CodeUsed,
    /// 403: the programme no longer grants discounts.
    ProgrammeEnded,
    /// 401: nobody is signed in, or the token is unknown.
    Unauthorized,
    /// 403: signed in, but not allowed.
    Forbidden,
    /// 422: the request does not have the right form; `field` says where.
    InvalidRequest,
    /// 429: too many requests; `Retry-After` says when to come back.
    RateLimited,
    /// 404: no such thing.
    NotFound,
    /// 409: it contradicts what is already there.
    Conflict,
    /// 500: the server failed.
    Internal,
}

impl ProblemKind {
    const ALL: [(Self, &'static str, u16); 11] = [
        (Self::CodeUnknown, "code-unknown", 404),
        (Self::CodeExpired, "code-expired", 410),
        (Self::CodeUsed, "code-used", 409),
        (Self::ProgrammeEnded, "programme-ended", 403),
        (Self::Unauthorized, "unauthorized", 401),
        (Self::Forbidden, "forbidden", 403),
        (Self::InvalidRequest, "invalid-request", 422),
        (Self::RateLimited, "rate-limited", 429),
        (Self::NotFound, "not-found", 404),
        (Self::Conflict, "conflict", 409),
        (Self::Internal, "internal", 500),
    ];

    fn row(self) -> (Self, &'static str, u16) {
        *Self::ALL.iter().find(|row| row.0 == self).expect("ALL has a row for every kind")
    }

    /// The stable name at the end of `type`.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// The HTTP status that goes with it.
    pub fn status(self) -> u16 {
        self.row().2
    }

    /// The kind whose name ends this `type` URI.
    pub fn from_type(uri: &str) -> Option<Self> {
        let name = uri.rsplit(['/', ':', '#']).next()?;
        Self::ALL.iter().find(|row| row.1 == name).map(|row| row.0)
    }
}

/// An RFC 9457 problem document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// URI that identifies the kind; [`ProblemKind::from_type`] reads it.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words of English.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time and what to do.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
    /// The field of the request that is wrong.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<String>,
    /// How many more tries there are before they are locked, with a wrong PIN.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tries_left: Option<u32>,
    /// In how many seconds to come back, as in the `Retry-After` header.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retry_after: Option<u32>,
}
