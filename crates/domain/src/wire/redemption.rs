//! `POST /v1/redemptions` for tills, `GET /v1/redemptions` for members.

use serde::{Deserialize, Serialize};

use crate::{Fen, UnixMillis};

/// The request of a till.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RedemptionRequest {
    /// The code, as scanned (URL or digits) or as typed.
    pub code: String,
    /// The bill before the discount.
    pub bill_fen: Fen,
}

/// The request of a redemption by PIN: `POST /v1/shops/{id}/redemptions`. Staff at a shop without any device type the
/// PIN and the bill on the member's phone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PinRedemptionRequest {
    /// The shop's PIN.
    pub pin: String,
    /// The bill before the discount.
    pub bill_fen: Fen,
}

/// The outcome of an attempt, found by its Idempotency-Key: `GET /v1/redemptions/attempts/{key}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttemptAnswer {
    /// The state of the attempt.
    pub state: AttemptState,
    /// The receipt, if the attempt redeemed a code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub receipt: Option<Receipt>,
    /// The name of the problem, if the attempt was refused.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub problem: Option<String>,
    /// The answer to a valid test code. Such an attempt is done and has no receipt.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub test: Option<TestReceipt>,
}

/// The state of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttemptState {
    /// The attempt redeemed a code, or scanned a valid test code.
    Done,
    /// The attempt was refused.
    Refused,
    /// No such attempt has arrived so far, but it can still arrive. Retry with the same key only.
    Unknown,
}

/// The answer to a redemption, with the data for a printed receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The id of the redemption, also the receipt number.
    pub id: String,
    /// The shop that redeemed the code.
    pub shop_id: String,
    /// The masked name of the member: 林*.
    pub member_masked: String,
    /// The bill before the discount.
    pub bill_fen: Fen,
    /// The amount that the card saved.
    pub saved_fen: Fen,
    /// The amount to pay.
    pub payable_fen: Fen,
    /// The time of the redemption.
    pub redeemed_at: UnixMillis,
    /// The time of the cancellation, if the redemption was cancelled.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cancelled_at: Option<UnixMillis>,
}

/// The answer to a test code: scanning works, and nothing was redeemed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TestReceipt {
    /// Always true. This field and the status 200 distinguish it from a [`Receipt`].
    pub test: bool,
    /// The shop that scanned the code.
    pub shop_id: String,
    /// The time of the scan.
    pub tested_at: UnixMillis,
}

/// One entry of the member's ledger; also the payload of the `redemption` event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerEntry {
    /// The id of the redemption.
    pub id: String,
    /// The id of the shop.
    pub shop_id: String,
    /// The name of the shop.
    pub shop_name: String,
    /// The bill before the discount.
    pub bill_fen: Fen,
    /// The amount that the card saved.
    pub saved_fen: Fen,
    /// The amount to pay.
    pub payable_fen: Fen,
    /// The time of the redemption.
    pub redeemed_at: UnixMillis,
    /// The time of the cancellation, if the redemption was cancelled. A cancelled redemption saves nothing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cancelled_at: Option<UnixMillis>,
}

/// A page of the member's ledger, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LedgerPage {
    /// The entries.
    pub redemptions: Vec<LedgerEntry>,
    /// The `cursor` of the next page; absent on the last page.
    pub next_cursor: Option<String>,
}
