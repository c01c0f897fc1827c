//! `GET /v1/refund`, also part of `GET /v1/me`; `POST /v1/refund-events` for payment providers.

use serde::{Deserialize, Serialize};

use crate::{CivilDate, Fen, RefundRule, RefundState, UnixMillis, described::described};

/// The refund of a card's price. It states what has happened and promises nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refund {
    /// The refund number that the operator and the payment provider use.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(examples("RF7Q0J4M9ZK2XW8H1C")))]
    pub id: String,
    /// The state of the refund.
    pub state: RefundState,
    /// The amount of the refund, in fen.
    #[cfg_attr(feature = "openapi", schema(value_type = i64, minimum = 1))]
    pub amount_fen: Fen,
    /// The rule that decided the amount.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(default = "full"))]
    pub rule: RefundRule,
    /// The payment channel, by a name such as `wechat-pay` or `alipay`. Clients must expect names that they
    /// do not know.
    #[cfg_attr(feature = "openapi", schema(examples("wechat-pay", "alipay")))]
    pub channel: String,
    /// The channel's estimate of the working days from its acceptance of a refund to the arrival of the
    /// money; absent if the channel gives none. The operator does not guarantee it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false, minimum = 1))]
    pub estimate_working_days: Option<u8>,
    /// The payment provider's own number of the refund; `null` until there is one.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub provider_reference: Option<String>,
    /// The day on which the refund will be handed to the provider; `null` if none is fixed. After the state
    /// `scheduled`, it is only the day that was planned.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub scheduled_for: Option<CivilDate>,
    /// The time when the state was last confirmed with the provider.
    pub checked_at: UnixMillis,
    /// Whether the refund belongs to a card that the member had before the card in `GET /v1/me`. The card
    /// there has no refund.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(default = false))]
    pub of_earlier_card: bool,
    /// All states so far, oldest first. The last one is `state`.
    #[cfg_attr(feature = "openapi", schema(min_items = 1))]
    pub timeline: Vec<RefundStep>,
}

/// One state that a refund reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefundStep {
    /// The state.
    pub state: RefundState,
    /// The time when the refund reached the state.
    pub at: UnixMillis,
}

/// The report of a payment provider that a refund reached a state. Unknown members are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefundEvent {
    /// The `id` of the refund, under which the operator handed it to the provider.
    pub refund_id: String,
    /// The state that the refund reached.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::ReportedState))]
    pub state: RefundState,
    /// The amount that the provider refunds, in fen. An amount that differs from the refund's is `held`.
    #[cfg_attr(feature = "openapi", schema(value_type = i64, minimum = 1, maximum = 100_000_000_000_i64))]
    pub amount_fen: Fen,
    /// The ISO 4217 code of the currency. Any code except `CNY` is `held`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Z]{3}$"))]
    pub currency: String,
    /// The provider's own number of the refund, without control characters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub provider_reference: Option<String>,
    /// The time when the refund reached the state: not before the refund was scheduled and not in the future,
    /// with a tolerance of five minutes.
    pub occurred_at: UnixMillis,
}

/// The answer to a provider's report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefundEventAnswer {
    /// The outcome of the report.
    pub outcome: RefundEventOutcome,
    /// The current state of the refund.
    pub state: RefundState,
}

described! {
    /// The outcome of a provider's report.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum RefundEventOutcome {
        /// The report counts: it changes the state, now or at an earlier time, or it confirms the known
        /// state.
        Applied,
        /// The same report has arrived before.
        Duplicate,
        /// The state machine does not allow the change, given the reports so far. The report is stored and
        /// logged, and judged again when others arrive.
        Refused,
        /// The amount or currency differs from the refund's. The report is held for review and never applied.
        Held,
    }
}
