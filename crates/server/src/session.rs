//! Who is asking: a signed-in member (session cookie or bearer token) or a shop's terminal (bearer token). Also how much
//! of a person leaves the server.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use member_domain::wire::ProblemKind;

use crate::{problem::ApiError, redeeming::RedeemedBy, secret::TokenHash, serve::AppState};

/// The cookie's name. It is set `HttpOnly`, so the page never sees its value.
pub(crate) const COOKIE: &str = "member_session";

/// How long a session lasts, in milliseconds: 30 days.
pub(crate) const SESSION_MILLIS: i64 = 30 * 86_400_000;

/// A signed-in member.
#[derive(Debug)]
pub(crate) struct SignedInMember {
    pub(crate) id: String,
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
    AppState: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let state = AppState::from_ref(state);
        let refused = || ApiError::new(ProblemKind::Unauthorized, "sign in: no valid session cookie or bearer token");
        let token = bearer(&parts.headers).or_else(|| cookie(&parts.headers)).ok_or_else(refused)?;
        let found = state.database.session_member(TokenHash::of(token), state.clock.now()).await?;
        found.map(|id| Self { id }).ok_or_else(refused)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Terminal
where
    AppState: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let state = AppState::from_ref(state);
        let refused = |detail: &str| ApiError::new(ProblemKind::Unauthorized, detail);
        let token = bearer(&parts.headers)
            .ok_or_else(|| refused("send the terminal's token as 'Authorization: Bearer TOKEN'"))?;
        let token = TokenHash::of(token);
        let found = state.database.terminal_shop(token).await?;
        let (shop_id, kind) =
            found.ok_or_else(|| refused("this terminal token is not known: pair the terminal again"))?;
        Ok(Self { shop_id, token, kind })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE).then_some(value)
    })
}

/// A name with all but its first character hidden, whatever its length: 林*.
pub(crate) fn mask_name(name: &str) -> String {
    name.trim().chars().next().map_or_else(|| "*".to_owned(), |first| format!("{first}*"))
}

/// A card number with its middle hidden: `6601 •••• 4827`.
pub(crate) fn mask_card_number(number: &str) -> String {
    match (number.get(..4), number.len().checked_sub(4).and_then(|at| number.get(at..))) {
        (Some(head), Some(tail)) if number.len() >= 12 => format!("{head} •••• {tail}"),
        _ => "••••".to_owned(),
    }
}
