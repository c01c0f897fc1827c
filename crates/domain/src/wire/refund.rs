//! `GET /v1/refund`, also part of `GET /v1/me`.

use serde::{Deserialize, Serialize};

use crate::{CivilDate, Fen, RefundState, UnixMillis};

/// The refund of a card's price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// Where it stands.
    pub state: RefundState,
    /// How much comes back.
    pub amount_fen: Fen,
    /// Through which payment channel, as the member knows it: `wechat-pay`, `alipay`, ...
    pub channel: String,
    /// The provider's own number for it, once there is one.
    pub provider_reference: Option<String>,
    /// The day it will be handed to the provider, while it is scheduled.
    pub scheduled_for: Option<CivilDate>,
    /// When the state was last confirmed with the provider.
    pub checked_at: UnixMillis,
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
