//! Requests to the backend. Every request has a timeout, a status check and one error type. The browser's
//! JSON parser and serde-wasm-bindgen decode the answers, which keeps a JSON parser out of the wasm.
//!
//! Each mounted page has its own [`Api`]. On its own origin a cookie identifies the member. In a host app the
//! host passes a token for each request; the token is never stored.

mod connection;
mod credentials;
mod early;
mod favourites;
mod live;
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
use gloo_net::http::Method;
pub use live::{LiveEvent, LiveEvents};
pub use me::TimedAnswer;
pub use page_core::PAGE;
pub use page_core::{ApiError, ListOrder, PinRefusal, ShopQuery};
use serde::de::DeserializeOwned;
#[cfg(feature = "module")]
pub use token::{TokenProblem, TokenSource};
use wasm_bindgen::JsValue;

use crate::prelude::*;

/// The media type of almost all answers.
const JSON: &str = "application/json";

/// A decoded answer with its raw JSON. The JSON is stored for the next visit.
pub struct Answer<T> {
    /// The decoded answer.
    pub value: T,
    /// The raw answer.
    pub json: JsValue,
}

impl<T: DeserializeOwned> Answer<T> {
    fn read(json: JsValue) -> Result<Self, ApiError> {
        Ok(Self { value: decode(json.clone())?, json })
    }
}

/// Decodes JSON that the browser parsed, from a new or a stored answer.
pub fn decode<T: DeserializeOwned>(json: JsValue) -> Result<T, ApiError> {
    serde_wasm_bindgen::from_value(json).map_err(|_| ApiError::Unreadable)
}

/// One mounted page's handle to the backend. Unmounting the page aborts pending requests and refuses new
/// ones.
#[derive(Clone, Copy, Debug)]
pub struct Api(StoredValue<Rc<Connection>, LocalStorage>);

impl Api {
    /// A backend at this address: an origin with an optional path, without a trailing slash. Empty means the
    /// page's own origin. The handle lives as long as the owner.
    pub fn at(base: &str) -> Self {
        Self::from_connection(Connection::new(base))
    }

    /// A backend that identifies the member by a token from the host.
    #[cfg(feature = "module")]
    pub fn with_token(base: &str, token: TokenSource) -> Self {
        Self::from_connection(Connection::with_token(base, token))
    }

    fn from_connection(connection: Connection) -> Self {
        let api = Self(StoredValue::new_local(Rc::new(connection)));
        on_cleanup(move || {
            if let Some(connection) = api.connection() {
                connection.close();
            }
        });
        api
    }

    /// The connection, unless the page is unmounted.
    fn connection(self) -> Option<Rc<Connection>> {
        self.0.try_get_value()
    }

    /// Whether the backend can identify the member: by a token, or by a cookie on the page's own origin.
    pub fn can_identify_member(self) -> bool {
        let is_own = |base: &str| {
            let rest = window().location().origin().ok().and_then(|own| base.strip_prefix(&*own).map(str::to_owned));
            // Otherwise `https://card.example.org` would match `https://card.example`.
            rest.is_some_and(|path| path.is_empty() || path.starts_with('/'))
        };
        self.connection()
            .is_some_and(|connection| connection.uses_token() || connection.base.is_empty() || is_own(&connection.base))
    }

    /// Requests `path` and decodes the answer.
    async fn get<T: DeserializeOwned>(self, path: &str) -> Result<T, ApiError> {
        decode(self.request(Method::GET, path).await?)
    }

    /// Sends a request without a body or extra headers.
    async fn request(self, method: Method, path: &str) -> Result<JsValue, ApiError> {
        self.request_as(method, path, false).await
    }

    /// Sends a request whose answer's text must never enter wasm memory.
    async fn request_secret(self, method: Method, path: &str) -> Result<JsValue, ApiError> {
        self.request_as(method, path, true).await
    }

    async fn request_as(self, method: Method, path: &str, is_secret: bool) -> Result<JsValue, ApiError> {
        let answer = self.send(Call { method, path, accept: JSON, idempotency_key: None, body: None, is_secret }).await;
        answer.map_err(|refusal| refusal.error)
    }

    /// Sends a request and returns the answer's JSON, parsed by the browser.
    async fn send(self, call: Call<'_>) -> Result<JsValue, Refusal> {
        let Some(connection) = self.connection() else { return Err(ApiError::Unreachable.into()) };
        connection.send(call).await
    }
}

/// Percent-encodes a value for a query string.
fn percent_encode(value: &str) -> String {
    js_sys::encode_uri_component(value).into()
}
