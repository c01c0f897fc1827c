//! Events for the host: bubbling DOM `CustomEvent`s on the element the page is mounted in. Their names and
//! details match `src/module/member-page.d.ts`. No event carries a code, a key or a token.

use js_sys::{Object, Reflect};
use member_domain::{Fen, RefundState, UnixMillis};
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use crate::api::ApiError;

/// An event for the host.
#[derive(Clone, Debug, PartialEq)]
pub enum HostEvent {
    /// The skeleton is replaced by the card, or by the reason for a missing card.
    Ready,
    /// A code is on screen. The host should raise the brightness.
    CodeShown,
    /// The code is no longer on screen.
    CodeHidden,
    /// A shop redeemed the member's code, or a PIN redemption succeeded.
    Redeemed {
        /// The redemption's id.
        id: String,
        /// The shop's id.
        shop_id: String,
        /// The saved amount.
        saved: Fen,
        /// The time of the redemption.
        redeemed_at: UnixMillis,
    },
    /// The member taps the action that a refund needs. The host may take over.
    RefundAction {
        /// The refund's state.
        state: RefundState,
        /// The address of the operator's support, which the page would open.
        url: String,
    },
    /// Nobody is signed in, or the backend refuses the host's token.
    SignInNeeded,
    /// The member opens an external link. The host may take over.
    OpenLink {
        /// The link's address.
        url: String,
    },
    /// An error. The page itself informs the member where necessary.
    Error(ErrorCause),
    /// A measurement.
    Metric {
        /// Its name.
        name: &'static str,
        /// Its value, in `unit`.
        value: f64,
        /// `ms` or `count`.
        unit: &'static str,
    },
}

/// The cause of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorCause {
    /// Loading the member's state failed.
    Api(ApiError),
    /// The host's token function failed, with this reason.
    Token(&'static str),
}

impl HostEvent {
    const fn name(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::CodeShown => "code-shown",
            Self::CodeHidden => "code-hidden",
            Self::Redeemed { .. } => "redeemed",
            Self::RefundAction { .. } => "refund-action",
            Self::SignInNeeded => "sign-in-needed",
            Self::OpenLink { .. } => "open-link",
            Self::Error(_) => "error",
            Self::Metric { .. } => "metric",
        }
    }

    const fn is_cancelable(&self) -> bool {
        matches!(self, Self::OpenLink { .. } | Self::RefundAction { .. })
    }

    #[expect(clippy::cast_precision_loss, reason = "amounts and instants are below 2^53")]
    fn detail(&self) -> JsValue {
        match self {
            Self::Ready | Self::CodeShown | Self::CodeHidden | Self::SignInNeeded => JsValue::NULL,
            Self::Redeemed { id, shop_id, saved, redeemed_at } => object(&[
                ("id", id.into()),
                ("shopId", shop_id.into()),
                ("savedFen", (saved.0 as f64).into()),
                ("redeemedAt", (redeemed_at.0 as f64).into()),
            ]),
            Self::RefundAction { state, url } => object(&[("state", state.as_str().into()), ("url", url.into())]),
            Self::OpenLink { url } => object(&[("url", url.into())]),
            Self::Error(ErrorCause::Api(error)) => {
                let (kind, problem) = match error {
                    ApiError::Unreachable => ("unreachable", JsValue::UNDEFINED),
                    ApiError::Unreadable => ("unreadable", JsValue::UNDEFINED),
                    ApiError::Problem(problem) => ("refused", problem.as_str().into()),
                };
                object(&[("kind", kind.into()), ("problem", problem)])
            }
            Self::Error(ErrorCause::Token(kind)) => object(&[("kind", (*kind).into())]),
            Self::Metric { name, value, unit } => {
                object(&[("name", (*name).into()), ("value", (*value).into()), ("unit", (*unit).into())])
            }
        }
    }

    /// Dispatches the event. Returns whether the default action was not prevented.
    pub(crate) fn dispatch(&self, element: &HtmlElement) -> bool {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        // The event must leave the shadow tree too.
        init.set_composed(true);
        init.set_cancelable(self.is_cancelable());
        init.set_detail(&self.detail());
        let event = CustomEvent::new_with_event_init_dict(self.name(), &init);
        event.is_ok_and(|event| element.dispatch_event(&event).unwrap_or(true))
    }
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_undefined()) {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}
