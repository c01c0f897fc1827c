//! The only way to the backend: gloo-net requests with a timeout, a status check and one error type. Answers are decoded
//! by the browser's own JSON parser and serde-wasm-bindgen, which keeps a JSON parser out of the wasm.

mod credentials;
mod events;
mod me;
#[cfg(debug_assertions)]
mod preview;
mod redemptions;
mod shops;

pub use credentials::enrol;
pub use events::{LiveEvent, LiveEvents};
use gloo_net::http::{Method, RequestBuilder};
use leptos::prelude::set_timeout_with_handle;
pub use me::me;
use member_domain::wire::{Problem, ProblemKind};
pub use redemptions::latest_redemptions;
use serde::de::DeserializeOwned;
pub use shops::{ShopQuery, shop, shops};
use std::time::Duration;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

/// How long a request may take before the page gives up on it.
const TIMEOUT: Duration = Duration::from_secs(8);

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// The backend cannot be reached, or did not answer in time.
    Unreachable,
    /// The backend refused and said why.
    Problem(ProblemKind),
    /// The backend answered something this page does not understand.
    Unreadable,
}

/// Asks for `path` and decodes the answer.
async fn get<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    decode(request(Method::GET, path).await?)
}

fn decode<T: DeserializeOwned>(json: JsValue) -> Result<T, ApiError> {
    serde_wasm_bindgen::from_value(json).map_err(|_| ApiError::Unreadable)
}

/// Sends a request without a body and gives the answer's JSON as the browser parsed it.
async fn request(method: Method, path: &str) -> Result<JsValue, ApiError> {
    let controller = AbortController::new().map_err(|_| ApiError::Unreadable)?;
    let signal = controller.signal();
    // A dropped future does not abort its fetch, so time is kept here; the abort also ends a body that never does.
    let timeout = set_timeout_with_handle(move || controller.abort(), TIMEOUT);
    let answer = exchange(method.clone(), path, &signal).await;
    if let Ok(timeout) = timeout {
        timeout.clear();
    }
    #[cfg(debug_assertions)]
    if matches!(answer, Err(ApiError::Unreachable | ApiError::Unreadable))
        && let Some(sample) = preview::sample(&method, path)
    {
        return Ok(sample);
    }
    answer
}

async fn exchange(method: Method, path: &str, signal: &web_sys::AbortSignal) -> Result<JsValue, ApiError> {
    let request = RequestBuilder::new(path).method(method).header("Accept", "application/json");
    let request = request.abort_signal(Some(signal)).build().map_err(|_| ApiError::Unreadable)?;
    let response = request.send().await.map_err(|_| ApiError::Unreachable)?;
    let ok = response.ok();
    let body = web_sys::Response::from(response).json().map_err(|_| ApiError::Unreadable)?;
    let json = JsFuture::from(body).await.map_err(|_| unreadable_body(signal));
    if ok {
        return json;
    }
    let problem = json.and_then(decode::<Problem>)?;
    Err(ProblemKind::from_type(&problem.kind).map_or(ApiError::Unreadable, ApiError::Problem))
}

/// A body that ended early because time ran out is a network fault, not a wrong answer.
fn unreadable_body(signal: &web_sys::AbortSignal) -> ApiError {
    if signal.aborted() { ApiError::Unreachable } else { ApiError::Unreadable }
}

/// A value as it may stand in a query string.
fn encoded(value: &str) -> String {
    js_sys::encode_uri_component(value).into()
}
