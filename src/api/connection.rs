//! What one mounted page's requests go through: the address, who the member is, the time a request may take, and what is
//! still on its way.

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
/// Without a host there are no tokens.
#[cfg(not(feature = "module"))]
type TokenSource = std::convert::Infallible;

/// How long a request may take before the page gives up on it, the host's answer about the token included.
pub(super) const TIMEOUT: Duration = Duration::from_secs(8);
/// The longest answer that is looked at, in UTF-16 code units. A hundred shops are a tenth of it.
const LONGEST_ANSWER: u32 = 2_000_000;

/// How deep answers are nested at most. The backend's are eight levels.
const DEEPEST: usize = 64;

/// One page's way to the backend.
#[derive(Debug, Default)]
pub(super) struct Connection {
    /// What every path is put behind.
    pub(super) base: String,
    /// Where the member's token comes from; none where the browser's cookie says who the member is.
    pub(super) token: Option<TokenSource>,
    /// The requests on their way.
    on_the_way: RefCell<Vec<AbortController>>,
}

/// One request.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    /// The media type that is wanted.
    pub(super) accept: &'static str,
    pub(super) idempotency_key: Option<&'a str>,
    /// JSON
    pub(super) body: Option<JsValue>,
    /// Whether the answer has something in it that is never to lie in the wasm's memory, which nothing clears.
    pub(super) is_secret: bool,
}

/// Why there is no answer, with the backend's own words where it gave any.
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

    /// The same with the member known by a token of the host's.
    #[cfg(feature = "module")]
    pub(super) fn with_token(base: &str, token: TokenSource) -> Self {
        Self { token: Some(token), ..Self::new(base) }
    }

    /// Cuts off whatever is on its way.
    pub(super) fn close(&self) {
        self.on_the_way.take().iter().for_each(AbortController::abort);
    }

    /// Whether requests say who the member is by a token: then no cookie goes with them. To another origin none goes anyway.
    pub(super) const fn goes_by_token(&self) -> bool {
        self.token.is_some()
    }

    /// Sends a request and gives the answer's JSON as the browser parsed it.
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

    /// Sends a request and gives the answer's text.
    pub(super) async fn send_for_text(self: Rc<Self>, call: &Call<'_>) -> Result<JsString, Refusal> {
        let on_the_way = OnTheWay::start(&self).ok_or(ApiError::Unreadable)?;
        self.answered(call, &on_the_way.controller.signal()).await
    }

    /// The answer, by a token of the host's where there is one; a token that the backend refuses is asked for once more.
    #[cfg(feature = "module")]
    async fn answered(&self, call: &Call<'_>, signal: &AbortSignal) -> Result<JsString, Refusal> {
        use super::token::Asked;
        let Some(source) = &self.token else { return self.exchange(call, signal, None).await };
        let token = source.get(Asked::First, signal).await?;
        let answer = self.exchange(call, signal, Some(&token)).await;
        if !is_unauthorized(&answer) {
            source.accepted();
            return answer;
        }
        let token = source.get(Asked::AfterRefusal, signal).await?;
        let answer = self.exchange(call, signal, Some(&token)).await;
        if is_unauthorized(&answer) {
            source.refused();
        } else {
            source.accepted();
        }
        answer
    }

    #[cfg(not(feature = "module"))]
    async fn answered(&self, call: &Call<'_>, signal: &AbortSignal) -> Result<JsString, Refusal> {
        self.exchange(call, signal, None).await
    }

    async fn exchange(&self, call: &Call<'_>, signal: &AbortSignal, token: Option<&str>) -> Result<JsString, Refusal> {
        let url = [&self.base, call.path].concat();
        let mut request = RequestBuilder::new(&url).method(call.method.clone()).header("Accept", call.accept);
        if self.goes_by_token() {
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
        // Perhaps a gateway's, whose text is not to be waited for.
        let text = if status == UNAUTHORIZED { JsString::from("") } else { read(response.into(), signal).await? };
        judged(status, text)
    }

    /// Whether this is the page on its own origin, known by the cookie: what `index.html` has asked for early is for it.
    pub(super) const fn is_of_page(&self) -> bool {
        self.base.is_empty() && !self.goes_by_token()
    }
}

const UNAUTHORIZED: u16 = 401;

/// The text of an answer with this status, or what it says of why there is none.
pub(super) fn judged(status: u16, text: JsString) -> Result<JsString, Refusal> {
    if status == UNAUTHORIZED {
        // Perhaps a gateway's, which has no problem document to go with it.
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
    // A body that ended early because time ran out is a network fault, not a wrong answer.
    let broken = |_| if signal.aborted() { ApiError::Unreachable } else { ApiError::Unreadable };
    let text = JsFuture::from(response.text().map_err(broken)?).await.map_err(broken)?;
    Ok(text.unchecked_into())
}

/// A request on its way: cut off when its time is over or the page is unmounted.
struct OnTheWay {
    connection: Rc<Connection>,
    controller: AbortController,
    timeout: Option<TimeoutHandle>,
}

impl OnTheWay {
    fn start(connection: &Rc<Connection>) -> Option<Self> {
        let controller = AbortController::new().ok()?;
        connection.on_the_way.borrow_mut().push(controller.clone());
        let late = controller.clone();
        // A dropped future does not abort its fetch, so time is kept here; the abort also ends a body that never does.
        let timeout = set_timeout_with_handle(move || late.abort(), TIMEOUT).ok();
        Some(Self { connection: Rc::clone(connection), controller, timeout })
    }
}

impl Drop for OnTheWay {
    fn drop(&mut self) {
        if let Some(timeout) = self.timeout {
            timeout.clear();
        }
        self.connection.on_the_way.borrow_mut().retain(|other| *other != self.controller);
    }
}

#[wasm_bindgen::prelude::wasm_bindgen]
extern "C" {
    // js-sys takes a Rust string: the browser would make its own text of the copy, although it has it already.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn parse_json(text: &JsString) -> Result<JsValue, JsValue>;
}

/// Parses JSON by the browser's parser. What is nested deeper than any answer is not: to say of it that it is of the wrong
/// type, the decoder would write it out, array within array, until the stack is full.
pub(super) fn parse(text: &JsString) -> Result<JsValue, JsValue> {
    if nests_deeper(String::from(text).bytes(), DEEPEST) {
        return Err(JsValue::UNDEFINED);
    }
    parse_json(text)
}

/// The same, looking at the text unit by unit where it is. Slower.
fn parse_secret(text: &JsString) -> Result<JsValue, JsValue> {
    if nests_deeper(text.iter(), DEEPEST) {
        return Err(JsValue::UNDEFINED);
    }
    parse_json(text)
}
