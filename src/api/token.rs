//! The member's token, asked of the host app for every request and kept nowhere.

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

/// Why the host is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// A request is about to go out.
    First,
    /// The backend has refused what the host gave last.
    AfterRefusal,
}

/// What the host has to know about its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenTrouble {
    /// The host gave none: nobody is signed in.
    SignedOut,
    /// The backend refused the one that was asked for after a refusal.
    Refused,
    /// The function threw, or its promise was rejected.
    Threw,
    /// It did not answer in time.
    Silent,
    /// It gave something that is no token.
    NotAToken,
}

/// The host's `getToken`.
#[derive(Clone)]
pub struct TokenSource {
    function: Rc<RefCell<Function>>,
    on_outcome: Rc<dyn Fn(Option<TokenTrouble>)>,
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenSource")
    }
}

impl TokenSource {
    /// Asks `function`; how it went is told to `on_outcome`, with nothing where the backend took the token.
    pub fn new(function: Function, on_outcome: impl Fn(Option<TokenTrouble>) + 'static) -> Self {
        Self { function: Rc::new(RefCell::new(function)), on_outcome: Rc::new(on_outcome) }
    }

    /// Asks another function from now on.
    pub fn replace(&self, function: Function) {
        self.function.replace(function);
    }

    /// The token for one request. A host that cannot give one now is like a network that cannot be reached: what the device
    /// holds stays. Only where the host says that nobody is signed in does the page forget the member.
    pub(super) async fn get(&self, asked: Asked, signal: &AbortSignal) -> Result<String, ApiError> {
        let trouble = |trouble, error| {
            (self.on_outcome)(Some(trouble));
            Err(error)
        };
        let why = Object::new();
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&why, &"rejected".into(), &(asked == Asked::AfterRefusal).into());
        let function = self.function.borrow().clone();
        let answer = match function.call1(&JsValue::UNDEFINED, &why) {
            Ok(promise) => in_time(&Promise::resolve(&promise), signal).await,
            Err(error) => Err(Some(error)),
        };
        match answer {
            // Unmounted, or out of time.
            Err(None) => trouble(TokenTrouble::Silent, ApiError::Unreachable),
            Err(Some(_)) => trouble(TokenTrouble::Threw, ApiError::Unreachable),
            Ok(token) if token.is_null() || token.is_undefined() => {
                trouble(TokenTrouble::SignedOut, ApiError::Problem(ProblemKind::Unauthorized))
            }
            Ok(token) => match token.as_string().filter(|token| is_token(token)) {
                Some(token) => Ok(token),
                None => trouble(TokenTrouble::NotAToken, ApiError::Unreachable),
            },
        }
    }

    /// The backend took the token.
    pub(super) fn accepted(&self) {
        (self.on_outcome)(None);
    }

    /// The backend refused the second token too.
    pub(super) fn refused(&self) {
        (self.on_outcome)(Some(TokenTrouble::Refused));
    }
}

/// Whether it can stand in a header: RFC 6750's `b64token`, of a length that a backend reads.
fn is_token(token: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    (1..=4_096).contains(&token.len()) && token.bytes().all(allowed)
}

/// What a promise comes to; nothing where it did not in time, or once `signal` is aborted.
async fn in_time(promise: &Promise, signal: &AbortSignal) -> Result<JsValue, Option<JsValue>> {
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

/// What a promise comes to, or an error once `signal` is aborted.
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
