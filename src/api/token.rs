//! The member's token. The host app supplies it for every request; it is never stored.

use std::{
    cell::{Cell, RefCell},
    fmt,
    rc::Rc,
};

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::set_timeout_with_handle;
use member_domain::wire::ProblemKind;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::{ApiError, connection::TIMEOUT};

/// The reason for requesting a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenReason {
    /// A request is about to be sent.
    First,
    /// The backend refused the previous token.
    AfterRefusal,
}

/// A problem with tokens that the host is notified of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenProblem {
    /// The host returned no token: nobody is signed in.
    SignedOut,
    /// The backend also refused the token that replaced a refused one.
    Refused,
    /// The function threw, or its promise was rejected.
    Threw,
    /// The host did not answer in time.
    Silent,
    /// The host returned a value that is not a token.
    NotAToken,
}

/// The host's `getToken`.
#[derive(Clone)]
pub struct TokenSource {
    function: Rc<RefCell<Function>>,
    on_outcome: Rc<dyn Fn(Option<TokenProblem>)>,
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenSource")
    }
}

impl TokenSource {
    /// Gets tokens from `function`. Reports each outcome to `on_outcome`; `None` means that the backend
    /// accepted the token.
    pub fn new(function: Function, on_outcome: impl Fn(Option<TokenProblem>) + 'static) -> Self {
        Self { function: Rc::new(RefCell::new(function)), on_outcome: Rc::new(on_outcome) }
    }

    /// Replaces the host's function.
    pub fn replace(&self, function: Function) {
        self.function.replace(function);
    }

    /// Returns the token for one request. A host that fails to supply a token counts as an unreachable
    /// network: the device keeps its data. The page forgets the member only if the host reports that nobody
    /// is signed in.
    pub(super) async fn get(&self, reason: TokenReason, signal: &AbortSignal) -> Result<String, ApiError> {
        let fail = |problem, error| {
            (self.on_outcome)(Some(problem));
            Err(error)
        };
        let details = Object::new();
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&details, &"rejected".into(), &(reason == TokenReason::AfterRefusal).into());
        let function = self.function.borrow().clone();
        let answer = match function.call1(&JsValue::UNDEFINED, &details) {
            Ok(promise) => with_timeout(&Promise::resolve(&promise), signal).await,
            Err(error) => Err(Some(error)),
        };
        match answer {
            // Unmounted or timed out.
            Err(None) => fail(TokenProblem::Silent, ApiError::Unreachable),
            Err(Some(_)) => fail(TokenProblem::Threw, ApiError::Unreachable),
            Ok(token) if token.is_null() || token.is_undefined() => {
                fail(TokenProblem::SignedOut, ApiError::Problem(ProblemKind::Unauthorized))
            }
            Ok(token) => match token.as_string().filter(|token| is_token(token)) {
                Some(token) => Ok(token),
                None => fail(TokenProblem::NotAToken, ApiError::Unreachable),
            },
        }
    }

    /// Reports that the backend accepted the token.
    pub(super) fn report_accepted(&self) {
        (self.on_outcome)(None);
    }

    /// Reports that the backend refused the second token too.
    pub(super) fn report_refused(&self) {
        (self.on_outcome)(Some(TokenProblem::Refused));
    }
}

/// Whether the token is valid in a header: RFC 6750's `b64token`, with a length that a backend accepts.
fn is_token(token: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    (1..=4_096).contains(&token.len()) && token.bytes().all(allowed)
}

/// Returns the promise's outcome. The error is `None` after the timeout or once `signal` is aborted.
async fn with_timeout(promise: &Promise, signal: &AbortSignal) -> Result<JsValue, Option<JsValue>> {
    let mut give_up = None;
    let late = Promise::new(&mut |_, reject| give_up = Some(reject));
    let is_late = Rc::new(Cell::new(false));
    let becomes_late = Rc::clone(&is_late);
    let act = move || {
        becomes_late.set(true);
        if let Some(give_up) = &give_up {
            let _ = give_up.call0(&JsValue::UNDEFINED);
        }
    };
    let timeout = set_timeout_with_handle(act, TIMEOUT).map_err(Some)?;
    let first = until_aborted(&Promise::race(&js_sys::Array::of2(promise, &late)), signal).await;
    timeout.clear();
    first.map_err(|error| Some(error).filter(|_| !is_late.get() && !signal.aborted()))
}

/// Returns the promise's outcome, or an error once `signal` is aborted.
pub(super) async fn until_aborted(promise: &Promise, signal: &AbortSignal) -> Result<JsValue, JsValue> {
    let mut stop = None;
    let aborted = Promise::new(&mut |_, reject| stop = Some(reject));
    let on_abort = Closure::<dyn FnMut()>::new(move || {
        if let Some(stop) = &stop {
            let _ = stop.call0(&JsValue::UNDEFINED);
        }
    });
    if signal.aborted() {
        return Err(JsValue::UNDEFINED);
    }
    let listener = on_abort.as_ref().unchecked_ref();
    signal.add_event_listener_with_callback("abort", listener)?;
    let first = JsFuture::from(Promise::race(&js_sys::Array::of2(promise, &aborted))).await;
    signal.remove_event_listener_with_callback("abort", listener)?;
    first
}
