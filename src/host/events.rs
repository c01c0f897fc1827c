//! What a host may want to know: bubbling DOM `CustomEvent`s on the element that the page is mounted in. Their names and
//! details are the ones in `src/module/member-page.d.ts`; none of them carries a code, a key or a token.

use js_sys::{Object, Reflect};
use member_domain::{Fen, RefundState, UnixMillis};
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use crate::api::ApiError;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum HostEvent {
    /// The page shows more than its skeleton: the card, or why there is none.
    Ready,
    /// A code is on screen: turn the screen bright.
    CodeShown,
    /// It no longer is.
    CodeHidden,
    /// A shop has redeemed the member's code, or a PIN has.
    Redeemed {
        /// The redemption's id.
        id: String,
        /// The shop's id.
        shop_id: String,
        /// What it saved.
        saved: Fen,
        /// When.
        redeemed_at: UnixMillis,
    },
    /// The member does what a refund needs. The host may take over.
    RefundAction {
        /// Where the refund stands.
        state: RefundState,
        /// Where the page would lead: the operator's support.
        url: String,
    },
    /// Nobody is signed in, or the backend does not accept the host's token.
    SignInNeeded,
    /// The member follows a link out of the page. The host may take over.
    OpenLink {
        /// Where it leads.
        url: String,
    },
    /// Something went wrong. The page says so itself, where the member has to know.
    Error(Trouble),
    /// Something was measured.
    Metric {
        /// What.
        name: &'static str,
        /// How much, in `unit`.
        value: f64,
        /// `ms` or `count`.
        unit: &'static str,
    },
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The member's state could not be had.
    Api(ApiError),
    /// The host's token function failed in this way.
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

    const fn can_be_taken_over(&self) -> bool {
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
            Self::Error(Trouble::Api(error)) => {
                let (kind, problem) = match error {
                    ApiError::Unreachable => ("unreachable", JsValue::UNDEFINED),
                    ApiError::Unreadable => ("unreadable", JsValue::UNDEFINED),
                    ApiError::Problem(problem) => ("refused", problem.as_str().into()),
                };
                object(&[("kind", kind.into()), ("problem", problem)])
            }
            Self::Error(Trouble::Token(kind)) => object(&[("kind", (*kind).into())]),
            Self::Metric { name, value, unit } => {
                object(&[("name", (*name).into()), ("value", (*value).into()), ("unit", (*unit).into())])
            }
        }
    }

    /// Whether nobody has prevented what usually follows.
    pub(crate) fn dispatch(&self, element: &HtmlElement) -> bool {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        // Out of the shadow tree, too.
        init.set_composed(true);
        init.set_cancelable(self.can_be_taken_over());
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
