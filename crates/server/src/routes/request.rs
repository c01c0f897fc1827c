//! Reading requests: JSON bodies and query strings that are refused with a problem document.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Query, Request, rejection::JsonRejection},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::problem::ApiError;

/// A JSON body of type `T`.
pub(super) struct JsonBody<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(ApiError::TooLarge),
            Err(JsonRejection::MissingJsonContentType(_)) => {
                Err(ApiError::field("Content-Type", "send the body as application/json"))
            }
            Err(rejection) => Err(ApiError::field(&field_of(&rejection.body_text()), rejection.body_text())),
        }
    }
}

/// The field a deserialisation error speaks of: serde names missing and unknown fields in backticks, and axum puts the
/// path of a field with a wrong type before a colon.
fn field_of(message: &str) -> String {
    let quoted = message.split('`').nth(1).filter(|_| message.contains("field `"));
    let path = message.rsplit_once("target type: ").and_then(|(_, rest)| rest.split_once(':')).map(|(path, _)| path);
    let name = quoted.or(path).unwrap_or("body");
    if name.chars().all(|character| character.is_ascii_alphanumeric() || character == '.') {
        name.to_owned()
    } else {
        "body".to_owned()
    }
}

/// A query string of type `T`.
pub(super) struct QueryString<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryString<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(query)| Self(query)).map_err(|rejection| ApiError::field("query", rejection.body_text()))
    }
}
