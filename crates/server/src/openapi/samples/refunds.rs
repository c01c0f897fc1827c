//! Examples of refunds and of reports about them.

use serde_json::{Value, json};

/// A refund that is decided and not yet handed to the payment provider.
pub(crate) fn scheduled() -> Value {
    json!({
        "state": "scheduled",
        "amountFen": 16_800,
        "channel": "wechat-pay",
        "providerReference": null,
        "scheduledFor": "2026-11-25",
        "checkedAt": 1_794_448_800_000_i64,
        "timeline": [{ "state": "scheduled", "at": 1_794_448_800_000_i64 }],
    })
}

/// A refund that the provider could not pay out.
pub(crate) fn abnormal() -> Value {
    json!({
        "state": "abnormal",
        "amountFen": 16_800,
        "channel": "alipay",
        "providerReference": "50300000382026111900000000002",
        "scheduledFor": "2026-11-19",
        "checkedAt": 1_795_312_800_000_i64,
        "timeline": [
            { "state": "scheduled", "at": 1_794_448_800_000_i64 },
            { "state": "processing", "at": 1_795_053_600_000_i64 },
            { "state": "abnormal", "at": 1_795_312_800_000_i64 },
        ],
    })
}

/// A provider's report. `report`'s description has the same body, signed.
pub(crate) fn event() -> Value {
    json!({
        "refundId": "RF7Q0J4M9ZK2XW8H1C",
        "state": "processing",
        "amountFen": 16_800,
        "currency": "CNY",
        "providerReference": "50300000382026111900000000002",
        "occurredAt": 1_795_343_400_000_i64,
    })
}
