//! Forms of these pages. A form that another site sends is refused before it is read, and so is one of which nothing says
//! where it is from: what says neither is no browser that shows these pages.

use axum::{
    Form,
    extract::{FromRef, FromRequest, Request},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::StaffError;
use crate::http::{
    Base,
    sender::{Sender, sender},
};

/// A form sent from one of these pages. Every handler of a POST takes one.
pub(super) struct OwnForm<T>(pub(super) T);

/// A form without fields.
#[derive(Deserialize)]
pub(super) struct NoFields {}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for OwnForm<T>
where
    Base: FromRef<S>,
{
    type Rejection = StaffError;

    async fn from_request(request: Request, state: &S) -> Result<Self, StaffError> {
        if sender(request.headers(), Base::from_ref(state).own_origin()) != Sender::OwnPage {
            return Err(StaffError::OtherSite);
        }
        let form = Form::<T>::from_request(request, state).await;
        form.map(|Form(fields)| Self(fields)).map_err(|rejection| StaffError::BadForm(rejection.status()))
    }
}
