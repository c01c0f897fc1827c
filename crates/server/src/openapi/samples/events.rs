//! Examples of events for members only, and of the stream of server-sent events.

use serde_json::{Value, json};

fn event(seats_left: u32, waiting: u32, sign_up: Value) -> Value {
    json!({
        "id": "sh-handdrip-class",
        "title": "手冲入门课",
        "about": "带一只自己的杯子，咖啡豆店里准备",
        "city": "shanghai",
        "venue": "梧桐里手冲",
        "district": "徐汇区",
        "address": "武康路 210 号",
        "place": { "coordSystem": "gcj02", "lat": 31.209_275, "lng": 121.440_572 },
        "shopId": "sh-wutongli-coffee",
        "startsAt": 1_795_845_600_000_i64,
        "endsAt": 1_795_852_800_000_i64,
        "seats": 8,
        "seatsLeft": seats_left,
        "waiting": waiting,
        "signUp": sign_up,
    })
}

/// A list of one event.
pub(crate) fn list() -> Value {
    json!({ "events": [event(2, 0, json!({ "state": "none" }))], "serverTime": 1_795_343_412_345_i64 })
}

/// An event with the member on its waiting list.
pub(crate) fn signed_up() -> Value {
    event(0, 3, json!({ "state": "waiting", "position": 3 }))
}

/// An event after the member has cancelled.
pub(crate) fn cancelled() -> Value {
    event(3, 0, json!({ "state": "none" }))
}

/// A stream of server-sent events.
pub(crate) fn stream() -> Value {
    json!(include_str!("stream.txt"))
}
