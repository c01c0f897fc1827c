//! The errors of the API: RFC 9457 problem documents whose `type` ends in a stable name.

use serde::{Deserialize, Serialize};

/// The kind of an error: the last segment of a problem's `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// 404: the code does not exist.
    CodeUnknown,
    /// 410: the code has expired.
    CodeExpired,
    /// 409: the code was already redeemed.
    CodeUsed,
    /// 403: the programme no longer grants discounts.
    ProgrammeEnded,
    /// 401: the request is not signed in, or the token is unknown.
    Unauthorized,
    /// 403: the caller is signed in but not allowed to do this.
    Forbidden,
    /// 422: the request has an invalid form; `field` names the field.
    InvalidRequest,
    /// 429: too many requests; or 503: too many connections. `Retry-After` gives the time to wait.
    RateLimited,
    /// 404: the resource does not exist.
    NotFound,
    /// 409: the request contradicts the current state.
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

    /// The HTTP status of this kind.
    pub fn status(self) -> u16 {
        self.row().2
    }

    /// The kind at the end of this `type` URI.
    pub fn from_type(uri: &str) -> Option<Self> {
        let name = uri.rsplit(['/', ':', '#']).next()?;
        Self::ALL.iter().find(|row| row.1 == name).map(|row| row.0)
    }
}

/// A problem document (RFC 9457). `title` and `detail` are English text for people. Programs use the last
/// segment of `type`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI reference that identifies the kind of problem by its last segment, the part behind the last `/`,
    /// `:` or `#`. It need not lead anywhere.
    // [`ProblemKind::from_type`] parses it.
    #[serde(rename = "type")]
    #[cfg_attr(
        feature = "openapi",
        schema(
            format = "uri-reference",
            pattern = "(^|[/:#])(code-unknown|code-expired|code-used|programme-ended|unauthorized|forbidden|invalid-request|\
                       rate-limited|not-found|conflict|internal)$",
            examples("/problems/code-used")
        )
    )]
    pub kind: String,
    /// The kind in a few words, the same each time.
    pub title: String,
    /// The HTTP status.
    #[cfg_attr(feature = "openapi", schema(minimum = 400, maximum = 599))]
    pub status: u16,
    /// The details of this error, and what to do; absent if there is nothing to say.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub detail: Option<String>,
    /// The wrong parameter, header or member of the body: a path with dots for a nested member, or `body` or
    /// `query` for the whole. Only with status 422.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(
        feature = "openapi",
        schema(nullable = false, examples("code", "billFen", "Idempotency-Key", "limit", "body"))
    )]
    pub field: Option<String>,
    /// The number of further wrong PINs until the shop's PIN is locked. Only after a wrong PIN.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false, minimum = 1))]
    pub tries_left: Option<u32>,
    /// The number of seconds to wait, as in the header `Retry-After`. Only with status 429 or 503.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false, minimum = 1))]
    pub retry_after: Option<u32>,
}
