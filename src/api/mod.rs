//! The only way to the backend: gloo-net requests with a timeout, a status check and one error type. Answers are decoded
//! by the browser's own JSON parser and serde-wasm-bindgen, which keeps a JSON parser out of the wasm.

mod credentials;
mod events;
mod me;
mod member_events;
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
pub use member_events::{cancel_sign_up, member_events, sign_up};
pub use redemptions::{LEDGER_FILE, PinRefusal, attempt, earlier_redemptions, latest_redemptions, redeem_by_pin};
use serde::de::DeserializeOwned;
pub use shops::{ListOrder, PAGE, ShopQuery, shop, shops, shops_with};
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

/// Asks for `path` and decodes the answer.
async fn get<T: DeserializeOwned>(path: &str) -> Result<T, ApiError> {
    decode(request(Method::GET, path).await?)
}

/// Decodes JSON that the browser has parsed, of an answer now or of one that was kept.
pub fn decode<T: DeserializeOwned>(json: JsValue) -> Result<T, ApiError> {
    serde_wasm_bindgen::from_value(json).map_err(|_| ApiError::Unreadable)
}

/// A request without a body and without headers of its own.
async fn request(method: Method, path: &str) -> Result<JsValue, ApiError> {
    send(Call { method, path, idempotency_key: None, body: None }).await.map_err(|refusal| refusal.error)
}

/// One request.
struct Call<'a> {
    method: Method,
    path: &'a str,
    idempotency_key: Option<&'a str>,
    /// JSON
    body: Option<JsValue>,
}

/// Why there is no answer, with the backend's own words where it gave any.
struct Refusal {
    error: ApiError,
    problem: Option<Problem>,
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self { error, problem: None }
    }
}

/// Sends a request and gives the answer's JSON as the browser parsed it.
async fn send(call: Call<'_>) -> Result<JsValue, Refusal> {
    let controller = AbortController::new().map_err(|_| ApiError::Unreadable)?;
    let signal = controller.signal();
    // A dropped future does not abort its fetch, so time is kept here; the abort also ends a body that never does.
    let timeout = set_timeout_with_handle(move || controller.abort(), TIMEOUT);
    #[cfg(debug_assertions)]
    let (method, path) = (call.method.clone(), call.path);
    let answer = exchange(call, &signal).await;
    if let Ok(timeout) = timeout {
        timeout.clear();
    }
    #[cfg(debug_assertions)]
    if matches!(answer, Err(Refusal { error: ApiError::Unreachable | ApiError::Unreadable, .. }))
        && let Some(sample) = preview::sample(&method, path)
    {
        return Ok(sample);
    }
    answer
}

async fn exchange(call: Call<'_>, signal: &web_sys::AbortSignal) -> Result<JsValue, Refusal> {
    let mut request = RequestBuilder::new(call.path).method(call.method).header("Accept", "application/json");
    if let Some(key) = call.idempotency_key {
        request = request.header("Idempotency-Key", key);
    }
    let request = request.abort_signal(Some(signal));
    let request = match call.body {
        Some(body) => request.header("Content-Type", "application/json").body(body),
        None => request.build(),
    };
    let response = request.map_err(|_| ApiError::Unreadable)?.send().await.map_err(|_| ApiError::Unreachable)?;
    let ok = response.ok();
    let body = web_sys::Response::from(response).json().map_err(|_| ApiError::Unreadable)?;
    let json = JsFuture::from(body).await.map_err(|_| unreadable_body(signal))?;
    if ok {
        return Ok(json);
    }
    let problem = decode::<Problem>(json)?;
    let error = ProblemKind::from_type(&problem.kind).map_or(ApiError::Unreadable, ApiError::Problem);
    Err(Refusal { error, problem: Some(problem) })
}

/// A body that ended early because time ran out is a network fault, not a wrong answer.
fn unreadable_body(signal: &web_sys::AbortSignal) -> ApiError {
    if signal.aborted() { ApiError::Unreachable } else { ApiError::Unreadable }
}

/// A value as it may stand in a query string.
fn encoded(value: &str) -> String {
    js_sys::encode_uri_component(value).into()
}
