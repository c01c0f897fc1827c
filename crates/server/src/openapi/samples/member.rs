//! Examples of the member's state, ledger and credential.

use serde_json::{Value, json};

/// A card in the middle of its year, a device enrolled.
pub(crate) fn active() -> Value {
    json!({
        "serverTime": 1_795_343_412_345_i64,
        "offlineMillis": 259_200_000,
        "member": { "nameMasked": "林*" },
        "programme": {
            "id": "curated-card",
            "name": "精选会员卡",
            "nameEn": "Curated Card",
            "priceFen": 16_800,
            "phase": "running",
            "lastDay": null,
        },
        "card": {
            "numberMasked": "6601 •••• 4827",
            "state": "active",
            "validFrom": "2026-08-24",
            "validUntil": "2027-08-23",
            "cities": ["shanghai", "hangzhou", "guangzhou"],
            "paidFen": 16_800,
        },
        "payoff": { "savedFen": 15_020, "redemptions": 5 },
        "refund": null,
        "credential": { "status": "active", "number": "0123456789" },
    })
}

/// The programme has ended and the refund is on its way.
pub(crate) fn refunding() -> Value {
    json!({
        "serverTime": 1_795_343_412_345_i64,
        "member": { "nameMasked": "陈*" },
        "programme": {
            "id": "curated-card-trial",
            "name": "精选会员卡",
            "nameEn": null,
            "priceFen": 16_800,
            "phase": "ended",
            "lastDay": "2026-11-10",
        },
        "card": {
            "numberMasked": "6601 •••• 8164",
            "state": "ended",
            "validFrom": "2026-08-24",
            "validUntil": "2027-08-23",
            "cities": ["shanghai"],
            "paidFen": 16_800,
        },
        "payoff": { "savedFen": 0, "redemptions": 0 },
        "refund": {
            "state": "processing",
            "amountFen": 16_800,
            "channel": "wechat-pay",
            "providerReference": "50300000382026111900000000001",
            "scheduledFor": "2026-11-19",
            "checkedAt": 1_795_053_600_000_i64,
            "timeline": [
                { "state": "scheduled", "at": 1_794_448_800_000_i64 },
                { "state": "processing", "at": 1_795_053_600_000_i64 },
            ],
        },
        "credential": { "status": "none" },
    })
}

/// A member without a card.
pub(crate) fn without_card() -> Value {
    json!({
        "serverTime": 1_795_343_412_345_i64,
        "member": { "nameMasked": "周*" },
        "programme": {
            "id": "curated-card",
            "name": "精选会员卡",
            "nameEn": "Curated Card",
            "priceFen": 16_800,
            "phase": "running",
            "lastDay": null,
        },
        "card": null,
        "payoff": null,
        "refund": null,
        "credential": { "status": "none" },
    })
}

/// A new credential, with the key of RFC 6238 appendix B for SHA-256.
pub(crate) fn credential() -> Value {
    json!({
        "number": "0123456789",
        "valuePattern": "HTTPS://CARD.EXAMPLE/R/660123456789{totp_value_0}",
        "totpDetails": { "algorithm": "TOTP_SHA256", "periodMillis": 30_000, "valueLength": 8 },
        "key": {
            "kty": "oct",
            "alg": "HS256",
            "k": "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI",
        },
        "serverTime": 1_795_343_412_345_i64,
        "expiresAt": 1_819_036_800_000_i64,
    })
}

/// The last page of a ledger.
pub(crate) fn ledger() -> Value {
    json!({
        "redemptions": [
            {
                "id": "7K3QXN0V2M8D",
                "shopId": "sh-wutongli-coffee",
                "shopName": "梧桐里手冲",
                "billFen": 8400,
                "savedFen": 840,
                "payableFen": 7560,
                "redeemedAt": 1_795_343_412_345_i64,
            },
        ],
        "nextCursor": null,
    })
}

/// The same ledger as a file.
pub(crate) fn ledger_file() -> Value {
    let columns = "id,redeemed_at,shop,bill_yuan,saved_yuan,paid_yuan,cancelled_at";
    json!(format!("{columns}\n7K3QXN0V2M8D,2026-11-22T18:30:12.345+08:00,梧桐里手冲,84.00,8.40,75.60,\n"))
}

/// A device removed one favourite and added another.
pub(crate) fn favourite_changes() -> Value {
    json!({
        "changes": [
            { "shopId": "sh-manye-books", "isFavourite": false },
            { "shopId": "sh-wutongli-coffee", "isFavourite": true },
        ],
    })
}

/// The favourites after these changes.
pub(crate) fn favourites() -> Value {
    json!({ "shopIds": ["sh-wutongli-coffee", "hz-longjing-tea"] })
}
