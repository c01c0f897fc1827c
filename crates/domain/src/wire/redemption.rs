//! `POST /v1/redemptions` for tills, `GET /v1/redemptions` for members.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{Fen, UnixMillis, described::described};

/// The request of a till. Unknown members are refused.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RedemptionRequest {
    /// The code, as scanned (URL or digits) or as typed (with spaces, hyphens or full-width digits): 20
    /// digits that start with `66`. It is text, never a number.
    #[cfg_attr(
        feature = "openapi",
        schema(
            max_length = 512,
            pattern = "^(?:[Hh][Tt][Tt][Pp][Ss]?://[A-Za-z0-9.:/_-]+/[Rr]/)?6[ ·_-]{0,8}6(?:[ ·_-]{0,8}[0-9]){18}$"
        )
    )]
    pub code: String,
    /// The bill before the discount, in fen; at most 100,000 yuan.
    #[serde(deserialize_with = "whole_fen")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64, minimum = 1, maximum = 10_000_000))]
    pub bill_fen: Fen,
}

/// The request of a redemption by PIN. Staff at a shop without any device type the PIN and the bill on the
/// member's phone. Unknown members are refused.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PinRedemptionRequest {
    /// The shop's PIN: 4 to 8 digits. Full-width digits are accepted. It is text, never a number.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9\u{ff10}-\u{ff19}]{4,8}$"))]
    pub pin: String,
    /// The bill before the discount, in fen; at most 100,000 yuan.
    #[serde(deserialize_with = "whole_fen")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64, minimum = 1, maximum = 10_000_000))]
    pub bill_fen: Fen,
}

/// Reads a whole number of fen. JSON has one kind of number, so `4200.0` and `4.2e3` are whole numbers too.
fn whole_fen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fen, D::Error> {
    struct WholeFen;

    impl de::Visitor<'_> for WholeFen {
        type Value = Fen;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number of fen")
        }

        fn visit_i64<E: de::Error>(self, fen: i64) -> Result<Fen, E> {
            Ok(Fen(fen))
        }

        fn visit_u64<E: de::Error>(self, fen: u64) -> Result<Fen, E> {
            i64::try_from(fen).map(Fen).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(fen), &self))
        }

        fn visit_f64<E: de::Error>(self, fen: f64) -> Result<Fen, E> {
            /// Larger numbers may have been rounded (2^53).
            const LARGEST: f64 = 9_007_199_254_740_992.0;
            if fen.fract() != 0.0 || fen.abs() > LARGEST {
                return Err(E::invalid_value(de::Unexpected::Float(fen), &self));
            }
            #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
            let fen = fen as i64;
            Ok(Fen(fen))
        }
    }

    deserializer.deserialize_any(WholeFen)
}

/// The outcome of an attempt, found by its `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Attempt))]
pub struct AttemptAnswer {
    /// The state of the attempt.
    pub state: AttemptState,
    /// The receipt as it is now; only with `done`, and not together with `test`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub receipt: Option<Receipt>,
    /// The name of the problem; only with `refused`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false, examples("code-used")))]
    pub problem: Option<String>,
    /// The answer to a valid test code; only with `done`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub test: Option<TestReceipt>,
}

described! {
    /// The state of an attempt.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum AttemptState {
        /// The attempt redeemed a code (see `receipt`), or scanned a valid test code (see `test`).
        Done,
        /// The attempt was refused (see `problem`).
        Refused,
        /// No such attempt has arrived so far, but it can still arrive. Retry with the same key only.
        Unknown,
    }
}

/// The answer to a redemption, with the data for a printed receipt. `savedFen + payableFen = billFen`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// The id of the redemption, also the receipt number. The reference backend makes it of 12 characters of
    /// Crockford's base 32, so that staff can read it out.
    pub id: String,
    /// The shop that redeemed the code.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::ShopId))]
    pub shop_id: String,
    /// The masked name of the member: the first character and `*`.
    #[cfg_attr(feature = "openapi", schema(examples("林*")))]
    pub member_masked: String,
    /// The bill before the discount, in fen.
    pub bill_fen: Fen,
    /// The amount that the card saved, in fen.
    pub saved_fen: Fen,
    /// The amount to pay, in fen.
    pub payable_fen: Fen,
    /// The time of the redemption.
    pub redeemed_at: UnixMillis,
    /// The time of the cancellation; absent if the redemption was not cancelled. A cancelled redemption saves
    /// nothing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub cancelled_at: Option<UnixMillis>,
}

/// The answer to a test code: scanning works, and nothing was redeemed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestReceipt {
    /// Always true. This field and the status 200 distinguish the answer from a receipt.
    #[cfg_attr(feature = "openapi", schema(extensions(("x-const" = json!(true)))))]
    pub test: bool,
    /// The shop that scanned the code.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::ShopId))]
    pub shop_id: String,
    /// The time of the scan.
    pub tested_at: UnixMillis,
}

/// One entry of the member's ledger; also the data of the event `redemption`. `savedFen + payableFen =
/// billFen`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerEntry {
    /// The id of the redemption, the same as on the receipt.
    pub id: String,
    /// The shop that redeemed the code.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::ShopId))]
    pub shop_id: String,
    /// The name of the shop.
    pub shop_name: String,
    /// The bill before the discount, in fen.
    pub bill_fen: Fen,
    /// The amount that the card saved, in fen.
    pub saved_fen: Fen,
    /// The amount to pay, in fen.
    pub payable_fen: Fen,
    /// The time of the redemption.
    pub redeemed_at: UnixMillis,
    /// The time of the cancellation; absent if the redemption was not cancelled. A cancelled redemption saves
    /// nothing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub cancelled_at: Option<UnixMillis>,
}

/// A page of the member's ledger, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerPage {
    /// The entries.
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    pub redemptions: Vec<LedgerEntry>,
    /// The `cursor` of the next page; `null` on the last page.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}
