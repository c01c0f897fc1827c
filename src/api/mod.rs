//! The only way to the backend: gloo-net requests with a timeout, a status check and one error type. Answers are decoded
//! by the browser's own JSON parser and serde-wasm-bindgen, which keeps a JSON parser out of the wasm.
//!
//! Each mounted page has an [`Api`] of its own. The page on its own origin is known by a cookie; a page inside a host app is
//! known by the token that the host hands over for each request, which is kept nowhere.

mod connection;
mod credentials;
mod early;
mod events;
mod me;
mod member_events;
#[cfg(debug_assertions)]
mod preview;
mod redemptions;
mod shops;
#[cfg(feature = "module")]
mod stream;
#[cfg(feature = "module")]
mod token;

use std::rc::Rc;

use connection::{Call, Connection, Refusal};
pub use events::{LiveEvent, LiveEvents};
use gloo_net::http::Method;
pub use me::TimedAnswer;
pub use page_core::{ApiError, ListOrder, PinRefusal, ShopQuery};
use serde::de::DeserializeOwned;
pub use shops::PAGE;
#[cfg(feature = "module")]
pub use token::{TokenSource, TokenTrouble};
use wasm_bindgen::JsValue;

use crate::prelude::*;

/// The media type of almost all answers.
const JSON: &str = "application/json";

/// An answer with the JSON it was decoded from, so that it can be kept for the next visit.
pub struct Answer<T> {
    /// What the page works with.
    pub value: T,
    /// The same as the backend sent it.
    pub json: JsValue,
}

impl<T: DeserializeOwned> Answer<T> {
    fn read(json: JsValue) -> Result<Self, ApiError> {
        Ok(Self { value: decode(json.clone())?, json })
    }
}

/// Decodes JSON that the browser has parsed, of an answer now or of one that was kept.
pub fn decode<T: DeserializeOwned>(json: JsValue) -> Result<T, ApiError> {
    serde_wasm_bindgen::from_value(json).map_err(|_| ApiError::Unreadable)
}

/// The backend, as one mounted page reaches it. Once the page is unmounted nothing is asked any more, and what was on its way
/// is cut off.
#[derive(Clone, Copy, Debug)]
pub struct Api(StoredValue<Rc<Connection>, LocalStorage>);

impl Api {
    /// The backend at this address (an origin, perhaps with a path, without a slash at the end); empty for the page's own
    /// origin. It lives as long as the owner.
    pub fn at(base: &str) -> Self {
        Self::over(Connection::new(base))
    }

    /// A backend at which the member is known by a token of the host's.
    #[cfg(feature = "module")]
    pub fn with_token(base: &str, token: TokenSource) -> Self {
        Self::over(Connection::with_token(base, token))
    }

    fn over(connection: Connection) -> Self {
        let api = Self(StoredValue::new_local(Rc::new(connection)));
        on_cleanup(move || {
            if let Some(connection) = api.connection() {
                connection.close();
            }
        });
        api
    }

    /// The way to the backend, unless the page is unmounted.
    fn connection(self) -> Option<Rc<Connection>> {
        self.0.try_get_value()
    }

    /// Whether the backend can know the member at all: by a token, or by a cookie, which goes to the own origin only.
    pub fn can_know_member(self) -> bool {
        let is_own = |base: &str| {
            let behind = window().location().origin().ok().and_then(|own| base.strip_prefix(&*own).map(str::to_owned));
            // Else `https://card.example.org` would be on `https://card.example`.
            behind.is_some_and(|path| path.is_empty() || path.starts_with('/'))
        };
        self.connection().is_some_and(|connection| {
            connection.goes_by_token() || connection.base.is_empty() || is_own(&connection.base)
        })
    }

    /// Asks for `path` and decodes the answer.
    async fn get<T: DeserializeOwned>(self, path: &str) -> Result<T, ApiError> {
        decode(self.request(Method::GET, path).await?)
    }

    /// A request without a body and without headers of its own.
    async fn request(self, method: Method, path: &str) -> Result<JsValue, ApiError> {
        self.request_as(method, path, false).await
    }

    /// The same where the answer's text is not to lie in wasm memory, not for a moment.
    async fn request_secret(self, method: Method, path: &str) -> Result<JsValue, ApiError> {
        self.request_as(method, path, true).await
    }

    async fn request_as(self, method: Method, path: &str, is_secret: bool) -> Result<JsValue, ApiError> {
        let answer = self.send(Call { method, path, accept: JSON, idempotency_key: None, body: None, is_secret }).await;
        answer.map_err(|refusal| refusal.error)
    }

    /// Sends a request and gives the answer's JSON as the browser parsed it.
    async fn send(self, call: Call<'_>) -> Result<JsValue, Refusal> {
        let Some(connection) = self.connection() else { return Err(ApiError::Unreachable.into()) };
        connection.send(call).await
    }
}

/// A value as it may stand in a query string.
fn encoded(value: &str) -> String {
    js_sys::encode_uri_component(value).into()
}
