//! Identifies the caller: a signed-in member (session cookie or bearer token) or a shop's terminal (bearer
//! token).

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use member_domain::{RedeemedBy, TokenHash, wire::ProblemKind};

use crate::{
    http::{
        Base,
        problem::ApiError,
        sender::{Sender, sender},
    },
    secret::hash_token,
};

/// Returns the name of the session cookie. The cookie is `HttpOnly`, so the page never sees its value. Over
/// HTTPS, the name has the prefix `__Host-`. With this prefix, browsers accept the cookie only from this
/// host, over HTTPS and for all paths. So no other host in the domain can sign a member in as somebody else.
pub(crate) fn cookie_name(public_origin: &str) -> &'static str {
    if is_https(public_origin) { "__Host-member_session" } else { "member_session" }
}

/// Whether browsers reach this origin over HTTPS. A proxy may use HTTP between itself and this server.
pub(crate) fn is_https(public_origin: &str) -> bool {
    public_origin.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
}

/// How long a session lasts, in milliseconds: 30 days.
pub(crate) const SESSION_MILLIS: i64 = 30 * 86_400_000;

/// A signed-in member.
#[derive(Debug)]
pub(crate) struct SignedInMember {
    pub(crate) id: String,
    /// The token of the session.
    pub(crate) token: TokenHash,
}

/// A shop's terminal: a till or a paired phone.
#[derive(Debug)]
pub(crate) struct Terminal {
    pub(crate) shop_id: String,
    pub(crate) token: TokenHash,
    pub(crate) kind: RedeemedBy,
}

impl<S: Send + Sync> FromRequestParts<S> for SignedInMember
where
    Base: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let state = Base::from_ref(state);
        let refused = || ApiError::new(ProblemKind::Unauthorized, "sign in: no valid session cookie or bearer token");
        let token = match authorization(&parts.headers) {
            Authorization::Bearer(token) => token,
            Authorization::Unreadable => return Err(refused()),
            Authorization::None => {
                // The cookie is read before the origin is checked: without one, another site's page gets 401.
                let token = cookie(&parts.headers, cookie_name(&state.public_origin)).ok_or_else(refused)?;
                refuse_other_sites(parts, state.own_origin())?;
                token
            }
        };
        let token = hash_token(token);
        let found = state.database.session_member(token, state.clock.now()).await?;
        found.map(|id| Self { id, token }).ok_or_else(refused)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Terminal
where
    Base: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let state = Base::from_ref(state);
        let refused = |detail: &str| ApiError::new(ProblemKind::Unauthorized, detail);
        let Authorization::Bearer(token) = authorization(&parts.headers) else {
            return Err(refused("send the terminal's token as 'Authorization: Bearer TOKEN'"));
        };
        let token = hash_token(token);
        let found = state.database.terminal_shop(token).await?;
        let (shop_id, kind) =
            found.ok_or_else(|| refused("this terminal token is not known: pair the terminal again"))?;
        Ok(Self { shop_id, token, kind })
    }
}

/// Refuses requests of other sites' pages, which must not act for the member: browsers send the cookie with
/// these requests too. A bearer token needs no such check, because only a caller who has the token can send
/// it.
fn refuse_other_sites(parts: &Parts, own_origin: Option<&str>) -> Result<(), ApiError> {
    if parts.method.is_safe() || sender(&parts.headers, own_origin) != Sender::OtherSite {
        return Ok(());
    }
    Err(ApiError::new(ProblemKind::Forbidden, "a session cookie works from this site's own pages only"))
}

/// The authorization of a request. If there is a bearer token, right or wrong, cookies are not read.
enum Authorization<'a> {
    Bearer(&'a str),
    /// The header is not text. It may be meant as a bearer token.
    Unreadable,
    /// There is no header, or it has another scheme: a proxy in front of the server may ask for its own
    /// password.
    None,
}

fn authorization(headers: &HeaderMap) -> Authorization<'_> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Authorization::None };
    let Ok(value) = value.to_str() else { return Authorization::Unreadable };
    let (scheme, token) = value.trim().split_once([' ', '\t']).unwrap_or((value.trim(), ""));
    if scheme.eq_ignore_ascii_case("bearer") { Authorization::Bearer(token.trim()) } else { Authorization::None }
}

/// Returns the value of the cookie with this name.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == wanted).then_some(value)
    })
}
