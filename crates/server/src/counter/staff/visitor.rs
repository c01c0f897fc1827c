//! Extractors of the staff pages: the visitor, by the cookie of a paired phone, and the variable part of the
//! path.

use std::convert::Infallible;

use axum::{
    extract::{FromRef, FromRequestParts, Path},
    http::request::Parts,
};
use member_domain::{CivilDate, Discount, RedeemedBy, TokenHash};

use super::StaffError;
use crate::{
    counter::{Counter, desk::Desk},
    http::{
        Base,
        sender::{Sender, sender},
        session::{cookie, is_https},
    },
    secret::hash_token,
};

/// Returns the name of a paired phone's cookie. The cookie is `HttpOnly`. Over HTTPS, it belongs to this host
/// alone (see `session::cookie_name`).
pub(super) fn cookie_name(public_origin: &str) -> &'static str {
    if is_https(public_origin) { "__Host-shop_terminal" } else { "shop_terminal" }
}

/// A phone that is paired with a shop.
#[derive(Debug)]
pub(super) struct Phone {
    pub(super) token: TokenHash,
    pub(super) shop_id: String,
    pub(super) shop_name: String,
    pub(super) discount: Discount,
}

impl Phone {
    /// Returns the desk at which the phone redeems.
    pub(super) fn desk(&self) -> Desk {
        Desk { caller: self.token.into(), method: RedeemedBy::Phone, shop_id: self.shop_id.clone() }
    }
}

/// The visitor of a page.
#[derive(Debug)]
pub(super) enum Visitor {
    /// A phone that is not paired.
    Stranger,
    /// A phone whose pairing was ended.
    Ended,
    /// A phone of a shop that no longer takes part.
    ShopLeft(Phone),
    /// A paired phone of a shop that takes part.
    Paired(Phone),
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor
where
    Counter: FromRef<S>,
{
    type Rejection = StaffError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StaffError> {
        let state = Counter::from_ref(state);
        let name = cookie_name(&state.public_origin);
        let Some(token) = cookie(&parts.headers, name).map(hash_token) else { return Ok(Self::Stranger) };
        let Some(found) = state.database.phone(token).await? else { return Ok(Self::Stranger) };
        if found.ended {
            return Ok(Self::Ended);
        }
        let left = found.left_on.is_some_and(|left_on| left_on <= CivilDate::in_shanghai(state.clock.now()));
        let phone = Phone { token, shop_id: found.shop_id, shop_name: found.shop_name, discount: found.discount };
        Ok(if left { Self::ShopLeft(phone) } else { Self::Paired(phone) })
    }
}

/// Whose page, or who at the browser, opened a page.
pub(super) struct OpenedFrom(pub(super) Sender);

impl<S: Send + Sync> FromRequestParts<S> for OpenedFrom
where
    Base: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self(sender(&parts.headers, Base::from_ref(state).own_origin())))
    }
}

/// The variable part of a path. A part that is not UTF-8 gets 404.
pub(super) struct Part(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Part {
    type Rejection = StaffError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StaffError> {
        let part = Path::<String>::from_request_parts(parts, state).await;
        part.map(|Path(part)| Self(part)).map_err(|_| StaffError::NotFound)
    }
}
