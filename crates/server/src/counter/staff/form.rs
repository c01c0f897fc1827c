//! Forms of the staff pages. A form from another site is refused before its body is read. A form without
//! `Sec-Fetch-Site` and `Origin` is refused too: every browser that shows these pages sends one of them.

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

/// A form from one of the staff pages. Every POST handler of the pages takes one.
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
