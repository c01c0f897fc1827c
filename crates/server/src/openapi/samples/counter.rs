//! Examples of outcomes of requests to redeem.

use serde_json::{Value, json};

/// A receipt.
pub(crate) fn receipt() -> Value {
    json!({
        "id": "7K3QXN0V2M8D",
        "shopId": "sh-wutongli-coffee",
        "memberMasked": "林*",
        "billFen": 8400,
        "savedFen": 840,
        "payableFen": 7560,
        "redeemedAt": 1_795_343_412_345_i64,
    })
}

/// The same receipt after the redemption was cancelled.
pub(crate) fn cancelled_receipt() -> Value {
    let mut receipt = receipt();
    receipt["cancelledAt"] = json!(1_795_343_472_345_i64);
    receipt
}

/// The receipt of a redemption by PIN.
pub(crate) fn receipt_by_pin() -> Value {
    json!({
        "id": "7K3QXN0V2M8D",
        "shopId": "sh-laozaojian-noodles",
        "memberMasked": "林*",
        "billFen": 3600,
        "savedFen": 360,
        "payableFen": 3240,
        "redeemedAt": 1_795_343_412_345_i64,
    })
}

/// The answer to a test code.
pub(crate) fn test_receipt() -> Value {
    json!({ "test": true, "shopId": "sh-wutongli-coffee", "testedAt": 1_795_343_412_345_i64 })
}
