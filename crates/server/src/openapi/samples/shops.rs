//! Examples of shops.

use serde_json::{Value, json};

/// A page of two shops.
pub(crate) fn page() -> Value {
    json!({
        "shops": [
            {
                "id": "sh-wutongli-coffee",
                "name": "梧桐里手冲",
                "category": "coffee",
                "city": "shanghai",
                "district": "徐汇区",
                "address": "武康路 210 号",
                "place": { "coordSystem": "gcj02", "lat": 31.209_275, "lng": 121.440_572 },
                "discountPermille": 100,
                "pricePerPersonFen": 4200,
                "curation": { "reason": "86 篇笔记提到“豆单更新快”", "on": "2026-10-21" },
                "openingHours": "Mo-Su 08:00-20:00",
                "open": { "state": "open", "until": 1_795_348_800_000_i64 },
                "redeemMethods": ["phone-camera", "typed-digits"],
            },
            {
                "id": "sh-qiaotou-stand",
                "name": "桥头小摊",
                "category": "snacks",
                "city": "shanghai",
                "district": null,
                "address": null,
                "place": { "coordSystem": "wgs84", "lat": 31.2113, "lng": 121.4419 },
                "discountPermille": 120,
                "pricePerPersonFen": null,
                "curation": null,
                "openingHours": null,
                "open": { "state": "unknown" },
                "redeemMethods": ["phone-camera"],
            },
        ],
        "nextCursor": "sh-qiaotou-stand",
        "total": 17,
    })
}

/// One shop in full.
pub(crate) fn shop() -> Value {
    json!({
        "id": "sh-wutongli-coffee",
        "name": "梧桐里手冲",
        "category": "coffee",
        "city": "shanghai",
        "district": "徐汇区",
        "address": "武康路 210 号",
        "place": { "coordSystem": "gcj02", "lat": 31.209_275, "lng": 121.440_572 },
        "discountPermille": 100,
        "pricePerPersonFen": 4200,
        "curation": { "reason": "86 篇笔记提到“豆单更新快”", "on": "2026-10-21" },
        "openingHours": "Mo-Su 08:00-20:00",
        "open": { "state": "closed", "until": 1_795_392_000_000_i64 },
        "redeemMethods": ["phone-camera", "typed-digits"],
        "codeForm": "url",
        "phone": "021-5550-0137",
    })
}
