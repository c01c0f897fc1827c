//! `GET /v1/refund`, also part of `GET /v1/me`; `POST /v1/refund-events` for payment providers.

use serde::{Deserialize, Serialize};

use crate::{CivilDate, Fen, RefundRule, RefundState, UnixMillis};

/// The refund of a card's price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// The number under which the operator and the provider know it.
    #[serde(default)]
    pub id: String,
    /// Where it stands.
    pub state: RefundState,
    /// How much comes back.
    pub amount_fen: Fen,
    /// By which rule that was decided.
    #[serde(default)]
    pub rule: RefundRule,
    /// Through which payment channel, as the member knows it: `wechat-pay`, `alipay`, ...
    pub channel: String,
    /// Within how many working days after accepting a refund the channel says that the money arrives; its estimate, not the
    /// operator's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub estimate_working_days: Option<u8>,
    /// The provider's own number for it, once there is one.
    pub provider_reference: Option<String>,
    /// The day it will be handed to the provider, while it is scheduled.
    pub scheduled_for: Option<CivilDate>,
    /// When the state was last confirmed with the provider.
    pub checked_at: UnixMillis,
    /// Whether it is of a card that the member had before the one in `GET /v1/me`.
    #[serde(default)]
    pub of_earlier_card: bool,
    /// Every state so far with its time, oldest first.
    pub timeline: Vec<RefundStep>,
}

/// One state a refund reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundStep {
    /// The state.
    pub state: RefundState,
    /// When it was reached.
    pub at: UnixMillis,
}

/// What a payment provider reports: the body of `POST /v1/refund-events`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefundEvent {
    /// The refund's [`Refund::id`].
    pub refund_id: String,
    /// The state it reached; never `scheduled`, which is not the provider's to say.
    pub state: RefundState,
    /// How much the provider refunds.
    pub amount_fen: Fen,
    /// The currency's ISO 4217 code; `CNY` is the only one that is applied.
    pub currency: String,
    /// The provider's own number for it.
    #[serde(default)]
    pub provider_reference: Option<String>,
    /// When it reached that state.
    pub occurred_at: UnixMillis,
}

/// What became of a provider's report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundEventAnswer {
    /// What was done with it.
    pub outcome: RefundEventOutcome,
    /// Where the refund stands now.
    pub state: RefundState,
}

/// What was done with a provider's report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefundEventOutcome {
    /// It counts: it moved the refund on, now or at an earlier time, or it confirms what is known.
    Applied,
    /// This very report has arrived before.
    Duplicate,
    /// Outside the state machine, as far as is known so far: kept and logged, without effect.
    Refused,
    /// Amount or currency is not the refund's: held for review, without effect.
    Held,
}
