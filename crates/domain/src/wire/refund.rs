//! `GET /v1/refund`, also part of `GET /v1/me`; `POST /v1/refund-events` for payment providers.

use serde::{Deserialize, Serialize};

use crate::{CivilDate, Fen, RefundRule, RefundState, UnixMillis};

/// The refund of a card's price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// The refund number that the operator and the provider use.
    #[serde(default)]
    pub id: String,
    /// The state of the refund.
    pub state: RefundState,
    /// The amount of the refund.
    pub amount_fen: Fen,
    /// The rule that decided the amount.
    #[serde(default)]
    pub rule: RefundRule,
    /// The payment channel by the name the member knows: `wechat-pay`, `alipay`, ...
    pub channel: String,
    /// The channel's estimate of the working days from its acceptance of a refund to the arrival of the money. The
    /// operator does not guarantee it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub estimate_working_days: Option<u8>,
    /// The provider's own number of the refund, once there is one.
    pub provider_reference: Option<String>,
    /// The day on which the refund will be handed to the provider; only while it is scheduled.
    pub scheduled_for: Option<CivilDate>,
    /// The time when the state was last confirmed with the provider.
    pub checked_at: UnixMillis,
    /// Whether the refund belongs to an earlier card of the member, not to the one in `GET /v1/me`.
    #[serde(default)]
    pub of_earlier_card: bool,
    /// All states so far with their times, oldest first.
    pub timeline: Vec<RefundStep>,
}

/// One state that a refund reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundStep {
    /// The state.
    pub state: RefundState,
    /// The time when the refund reached the state.
    pub at: UnixMillis,
}

/// The report of a payment provider: the body of `POST /v1/refund-events`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefundEvent {
    /// The [`Refund::id`] of the refund.
    pub refund_id: String,
    /// The state that the refund reached. A provider cannot report `scheduled`.
    pub state: RefundState,
    /// The amount that the provider refunds.
    pub amount_fen: Fen,
    /// The ISO 4217 code of the currency. Only `CNY` is applied.
    pub currency: String,
    /// The provider's own number of the refund.
    #[serde(default)]
    pub provider_reference: Option<String>,
    /// The time when the refund reached the state.
    pub occurred_at: UnixMillis,
}

/// The answer to a provider's report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundEventAnswer {
    /// The outcome of the report.
    pub outcome: RefundEventOutcome,
    /// The current state of the refund.
    pub state: RefundState,
}

/// The outcome of a provider's report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefundEventOutcome {
    /// The report counts: it changes the state, now or at an earlier time, or it confirms the known state.
    Applied,
    /// The same report has arrived before.
    Duplicate,
    /// The state machine does not allow the change, given the reports so far. The report is stored and logged without
    /// effect.
    Refused,
    /// The amount or currency differs from the refund's. The report is held for review, without effect.
    Held,
}
