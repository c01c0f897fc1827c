//! The connection of one mounted page: base address, member's token, timeout, and pending requests.

use std::{cell::RefCell, rc::Rc, time::Duration};

use gloo_net::http::{Method, RequestBuilder};
use js_sys::JsString;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::set_timeout_with_handle};
use member_domain::{
    nests_deeper,
    wire::{Problem, ProblemKind},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, RequestCredentials};

#[cfg(debug_assertions)]
use super::preview;
use super::{ApiError, decode};

#[cfg(feature = "module")]
use super::TokenSource;
/// Builds without a host have no tokens.
#[cfg(not(feature = "module"))]
type TokenSource = std::convert::Infallible;

/// A request's timeout. It includes the time the host takes to return the token.
pub(super) const TIMEOUT: Duration = Duration::from_secs(8);
/// The longest accepted answer, in UTF-16 code units. A hundred shops take a tenth of it.
const LONGEST_ANSWER: u32 = 2_000_000;

/// The deepest accepted nesting of an answer. The backend's answers have eight levels.
const DEEPEST: usize = 64;

/// The connection of one page to the backend.
#[derive(Debug, Default)]
pub(super) struct Connection {
    /// The prefix of every path.
    pub(super) base: String,
    /// The source of the member's token. `None` if the browser's cookie identifies the member.
    pub(super) token: Option<TokenSource>,
    /// The pending requests.
    pending: RefCell<Vec<AbortController>>,
}

pub(super) struct Call<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    /// The media type of the `Accept` header.
    pub(super) accept: &'static str,
    pub(super) idempotency_key: Option<&'a str>,
    /// A JSON body.
    pub(super) body: Option<JsValue>,
    /// Whether the answer holds a secret that must not enter wasm memory, because nothing clears that memory.
    pub(super) is_secret: bool,
}

/// The reason for a missing answer, with the backend's problem document if it sent one.
pub(super) struct Refusal {
    pub(super) error: ApiError,
    pub(super) problem: Option<Box<Problem>>,
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self { error, problem: None }
    }
}

impl Connection {
    pub(super) fn new(base: &str) -> Self {
        Self { base: base.to_owned(), ..Self::default() }
    }

    /// A connection that identifies the member by a token from the host.
    #[cfg(feature = "module")]
    pub(super) fn with_token(base: &str, token: TokenSource) -> Self {
        Self { token: Some(token), ..Self::new(base) }
    }

    /// Aborts all pending requests.
    pub(super) fn close(&self) {
        self.pending.take().iter().for_each(AbortController::abort);
    }

    /// Whether requests carry a token. Requests with a token send no cookie. Cross-origin requests never send
    /// one.
    pub(super) const fn uses_token(&self) -> bool {
        self.token.is_some()
    }

    /// Sends a request and returns the answer's JSON, parsed by the browser.
    pub(super) async fn send(self: Rc<Self>, call: Call<'_>) -> Result<JsValue, Refusal> {
        let text = Rc::clone(&self).send_for_text(&call).await;
        let parse = if call.is_secret { parse_secret } else { parse };
        let answer = text.and_then(|text| parse(&text).map_err(|_| ApiError::Unreadable.into()));
        #[cfg(debug_assertions)]
        if matches!(answer, Err(Refusal { error: ApiError::Unreachable | ApiError::Unreadable, .. }))
            && let Some(sample) = preview::sample(&call.method, call.path).filter(|_| self.base.is_empty())
        {
            return Ok(sample);
        }
        answer
    }

    /// Sends a request and returns the answer's text.
    pub(super) async fn send_for_text(self: Rc<Self>, call: &Call<'_>) -> Result<JsString, Refusal> {
        let pending = PendingRequest::start(&self).ok_or(ApiError::Unreadable)?;
        self.fetch_answer(call, &pending.controller.signal()).await
    }

    /// Returns the answer. Uses the host's token if there is a token source. If the backend refuses the
    /// token, requests one new token and retries once.
    #[cfg(feature = "module")]
    async fn fetch_answer(&self, call: &Call<'_>, signal: &AbortSignal) -> Result<JsString, Refusal> {
        use super::token::TokenReason;
        let Some(source) = &self.token else { return self.exchange(call, signal, None).await };
        let token = source.get(TokenReason::First, signal).await?;
        let answer = self.exchange(call, signal, Some(&token)).await;
        if !is_unauthorized(&answer) {
            source.report_accepted();
            return answer;
        }
        let token = source.get(TokenReason::AfterRefusal, signal).await?;
        let answer = self.exchange(call, signal, Some(&token)).await;
        if is_unauthorized(&answer) {
            source.report_refused();
        } else {
            source.report_accepted();
        }
        answer
    }

    #[cfg(not(feature = "module"))]
    async fn fetch_answer(&self, call: &Call<'_>, signal: &AbortSignal) -> Result<JsString, Refusal> {
        self.exchange(call, signal, None).await
    }

    async fn exchange(&self, call: &Call<'_>, signal: &AbortSignal, token: Option<&str>) -> Result<JsString, Refusal> {
        let url = [&self.base, call.path].concat();
        let mut request = RequestBuilder::new(&url).method(call.method.clone()).header("Accept", call.accept);
        if self.uses_token() {
            request = request.credentials(RequestCredentials::Omit);
        }
        if let Some(token) = token {
            request = request.header("Authorization", &["Bearer ", token].concat());
        }
        if let Some(key) = call.idempotency_key {
            request = request.header("Idempotency-Key", key);
        }
        let request = request.abort_signal(Some(signal));
        let request = match &call.body {
            Some(body) => request.header("Content-Type", "application/json").body(body.clone()),
            None => request.build(),
        };
        let response = request.map_err(|_| ApiError::Unreadable)?.send().await.map_err(|_| ApiError::Unreachable)?;
        let status = response.status();
        // A 401 may come from a gateway, so its text is not read.
        let text = if status == UNAUTHORIZED { JsString::from("") } else { read(response.into(), signal).await? };
        check_answer(status, text)
    }

    /// Whether this page runs on its own origin and the cookie identifies the member. Only then is the early
    /// request of `index.html` valid.
    pub(super) const fn uses_own_cookie(&self) -> bool {
        self.base.is_empty() && !self.uses_token()
    }
}

const UNAUTHORIZED: u16 = 401;

/// Returns the text of an answer with this status, or the refusal it describes.
pub(super) fn check_answer(status: u16, text: JsString) -> Result<JsString, Refusal> {
    if status == UNAUTHORIZED {
        // A 401 may come from a gateway that sends no problem document.
        return Err(ApiError::Problem(ProblemKind::Unauthorized).into());
    }
    if text.length() > LONGEST_ANSWER {
        return Err(ApiError::Unreadable.into());
    }
    if (200..300).contains(&status) {
        return Ok(text);
    }
    let problem = decode::<Problem>(parse(&text).map_err(|_| ApiError::Unreadable)?)?;
    let error = ProblemKind::from_type(&problem.kind).map_or(ApiError::Unreadable, ApiError::Problem);
    Err(Refusal { error, problem: Some(Box::new(problem)) })
}

#[cfg(feature = "module")]
fn is_unauthorized(answer: &Result<JsString, Refusal>) -> bool {
    matches!(answer, Err(Refusal { error: ApiError::Problem(ProblemKind::Unauthorized), .. }))
}

async fn read(response: web_sys::Response, signal: &AbortSignal) -> Result<JsString, ApiError> {
    // A body cut off by the timeout is a network fault, not a wrong answer.
    let broken = |_| if signal.aborted() { ApiError::Unreachable } else { ApiError::Unreadable };
    let text = JsFuture::from(response.text().map_err(broken)?).await.map_err(broken)?;
    Ok(text.unchecked_into())
}

/// A pending request. It is aborted at its timeout or when the page is unmounted.
struct PendingRequest {
    connection: Rc<Connection>,
    controller: AbortController,
    timeout: Option<TimeoutHandle>,
}

impl PendingRequest {
    fn start(connection: &Rc<Connection>) -> Option<Self> {
        let controller = AbortController::new().ok()?;
        connection.pending.borrow_mut().push(controller.clone());
        let late = controller.clone();
        // Dropping a future does not abort its fetch, so this timer aborts it. The abort also ends a body
        // that never ends.
        let timeout = set_timeout_with_handle(move || late.abort(), TIMEOUT).ok();
        Some(Self { connection: Rc::clone(connection), controller, timeout })
    }
}

impl Drop for PendingRequest {
    fn drop(&mut self) {
        if let Some(timeout) = self.timeout {
            timeout.clear();
        }
        self.connection.pending.borrow_mut().retain(|other| *other != self.controller);
    }
}

#[wasm_bindgen::prelude::wasm_bindgen]
extern "C" {
    // The js-sys version takes a Rust string, which the browser would copy back into a string of its own.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn parse_json(text: &JsString) -> Result<JsValue, JsValue>;
}

/// Parses JSON with the browser's parser. Rejects JSON nested deeper than any valid answer: the decoder's
/// type error would print it recursively and overflow the stack.
pub(super) fn parse(text: &JsString) -> Result<JsValue, JsValue> {
    if nests_deeper(String::from(text).bytes(), DEEPEST) {
        return Err(JsValue::UNDEFINED);
    }
    parse_json(text)
}

/// Parses secret JSON. Checks the nesting unit by unit, so the text is never copied into wasm memory. Slower
/// than [`parse`].
fn parse_secret(text: &JsString) -> Result<JsValue, JsValue> {
    if nests_deeper(text.iter(), DEEPEST) {
        return Err(JsValue::UNDEFINED);
    }
    parse_json(text)
}
