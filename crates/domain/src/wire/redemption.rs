//! `POST /v1/redemptions` for tills, `GET /v1/redemptions` for members.

use serde::{Deserialize, Serialize};

use crate::{Fen, UnixMillis};

/// What a till sends.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RedemptionRequest {
    /// The code as scanned (URL or digits) or typed.
    pub code: String,
    /// The bill before the discount.
    pub bill_fen: Fen,
}

/// What staff enter on the member's phone at a shop without any device: `POST /v1/shops/{id}/redemptions`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PinRedemptionRequest {
    /// The shop's PIN.
    pub pin: String,
    /// The bill before the discount.
    pub bill_fen: Fen,
}

/// What became of a request to redeem, asked for by its Idempotency-Key: `GET /v1/redemptions/attempts/{key}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttemptAnswer {
    /// How it ended.
    pub state: AttemptState,
    /// The redemption, if it was done.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub receipt: Option<Receipt>,
    /// The name of the problem it was refused with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub problem: Option<String>,
    /// What a test code was answered, if it was one and was good: done, without a receipt.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub test: Option<TestReceipt>,
}

/// How a request to redeem ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttemptState {
    /// It redeemed, or it was a good test code.
    Done,
    /// It was refused.
    Refused,
    /// No such request has arrived so far. It may still: try again under the same key only.
    Unknown,
}

/// What the till gets: enough to print on a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The redemption's id, also the receipt number.
    pub id: String,
    /// The shop that redeemed.
    pub shop_id: String,
    /// Who it was, masked: 林*.
    pub member_masked: String,
    /// The bill before the discount.
    pub bill_fen: Fen,
    /// What the card took off.
    pub saved_fen: Fen,
    /// What is to pay.
    pub payable_fen: Fen,
    /// When it was redeemed.
    pub redeemed_at: UnixMillis,
    /// When it was taken back, if it was.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cancelled_at: Option<UnixMillis>,
}

/// What the till gets for a test code: scanning works there, and nothing was redeemed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TestReceipt {
    /// Always true: what tells it from a [`Receipt`], beside the status 200.
    pub test: bool,
    /// The shop that scanned it.
    pub shop_id: String,
    /// When it was scanned.
    pub tested_at: UnixMillis,
}

/// One line of the member's ledger; also the payload of the `redemption` event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerEntry {
    /// The redemption's id.
    pub id: String,
    /// Where it was.
    pub shop_id: String,
    /// The shop's name.
    pub shop_name: String,
    /// The bill before the discount.
    pub bill_fen: Fen,
    /// What the card took off.
    pub saved_fen: Fen,
    /// What was to pay.
    pub payable_fen: Fen,
    /// When it was redeemed.
    pub redeemed_at: UnixMillis,
    /// When it was taken back, if it was; it saves nothing then.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cancelled_at: Option<UnixMillis>,
}

/// A page of the member's ledger, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerPage {
    /// The entries.
    pub redemptions: Vec<LedgerEntry>,
    /// Pass it as `cursor` to get the page after this one; absent on the last.
    pub next_cursor: Option<String>,
}
