//! Extractors for JSON bodies, query strings and paths. They refuse invalid input with a problem document.

use std::{fmt, marker::PhantomData};

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Query, Request, rejection::JsonRejection},
    http::{StatusCode, request::Parts},
};
use member_domain::wire::ProblemKind;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor, value::MapAccessDeserializer},
};

use crate::http::problem::{ApiError, ApiResult};

/// A JSON body of type `T`.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        // Read as a map, because serde would also accept an array of values for a struct.
        match Json::<Fields<T>>::from_request(request, state).await {
            Ok(Json(Fields(body))) => Ok(Self(body)),
            Err(rejection) => Err(refused(&rejection)),
        }
    }
}

/// Parses a complete body as a JSON object of type `T`.
pub(crate) fn parse_json<T: DeserializeOwned>(body: &[u8]) -> ApiResult<T> {
    Json::<Fields<T>>::from_bytes(body).map(|Json(Fields(body))| body).map_err(|rejection| refused(&rejection))
}

fn refused(rejection: &JsonRejection) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return ApiError::TooLarge;
    }
    if matches!(rejection, JsonRejection::MissingJsonContentType(_)) {
        return ApiError::field("Content-Type", "send the body as application/json");
    }
    let message = rejection.body_text();
    ApiError::field(&field_of(&message), without_value(&message))
}

/// A `T` that is read from a JSON object only.
struct Fields<T>(T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Fields<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor<T>(PhantomData<T>);

        impl<'de, T: DeserializeOwned> Visitor<'de> for FieldsVisitor<T> {
            type Value = Fields<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Fields)
            }
        }

        deserializer.deserialize_map(FieldsVisitor(PhantomData))
    }
}

/// Returns the field that a deserialisation error names. Serde puts missing and unknown fields in backticks.
/// Axum puts the path of a field with a wrong type before a colon.
fn field_of(message: &str) -> String {
    let quoted = message.split('`').nth(1).filter(|_| message.contains("field `"));
    let path = message.rsplit_once("target type: ").and_then(|(_, rest)| rest.split_once(':')).map(|(path, _)| path);
    // The path of an item in a list is `changes[0]`.
    let name = quoted.or(path).unwrap_or("body").replace('[', ".").replace(']', "");
    if name.chars().all(|character| character.is_ascii_alphanumeric() || character == '.') {
        name
    } else {
        "body".to_owned()
    }
}

/// Returns the message without the invalid value. The value may be a PIN or a code, which no answer may
/// repeat.
fn without_value(message: &str) -> String {
    let complaint = message.find("invalid type: ").or_else(|| message.find("invalid value: "));
    let cut = complaint.and_then(|start| {
        let value = start + message[start..].find(['`', '"'])?;
        let rest = value + message[value..].rfind(", expected ")?;
        Some(format!("{}{}", message[..value].trim_end(), &message[rest..]))
    });
    cut.unwrap_or_else(|| message.to_owned())
}

/// A query string of type `T`.
pub(crate) struct QueryString<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryString<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(query)| Self(query)).map_err(|rejection| ApiError::field("query", rejection.body_text()))
    }
}

/// The variable part of a path. A part that is not UTF-8 gets 404.
pub(crate) struct PathPart(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for PathPart {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let part = Path::<String>::from_request_parts(parts, state).await;
        part.map(|Path(part)| Self(part))
            .map_err(|_| ApiError::new(ProblemKind::NotFound, "there is nothing at this address"))
    }
}
