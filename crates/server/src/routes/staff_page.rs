//! `GET /R/{digits}`: what a shop's phone shows after scanning a member's code with its camera. Plain HTML, no script.

use std::sync::LazyLock;

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use member_domain::RedemptionCode;
use sha2::{Digest, Sha256};

use super::request::PathPart;
use crate::serve::AppState;

const STYLE: &str = include_str!("staff_page.css");

/// The one stylesheet is allowed by its hash, and nothing else is.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).expect("base64 and ASCII make a header value")
});

pub(super) async fn show(State(_): State<AppState>, PathPart(digits): PathPart) -> impl IntoResponse {
    let (status, page) = match digits.parse::<RedemptionCode>() {
        Ok(code) => {
            (StatusCode::OK, page("这是一张会员码", "This is a member code", &grouped(&code.to_digits()), CODE))
        }
        Err(_) => (StatusCode::NOT_FOUND, page("这不是会员码", "This is not a member code", "", NO_CODE)),
    };
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_SECURITY_POLICY, POLICY.clone()),
    ];
    (status, headers, Html(page))
}

/// Chinese and English, of what staff do next.
const CODE: (&str, &str) = (
    "这部手机还没有绑定门店，不能在这里核销。请用店里的收银系统扫会员手机上的码，或输入上面 20 位数字。",
    "This phone is not a terminal of the shop, so it cannot redeem here. Scan the code on the member's phone with the \
     shop's till, or type the 20 digits above.",
);
const NO_CODE: (&str, &str) = (
    "请会员打开会员卡，重新出示会员码，再扫一次。",
    "Ask the member to open the card, show the code again, and scan it once more.",
);

/// All texts are ours and `digits` are digits: nothing of the request reaches the HTML unchecked.
fn page(zh: &str, en: &str, digits: &str, (next_zh, next_en): (&str, &str)) -> String {
    format!(
        "<!doctype html><html lang=\"zh-Hans\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>{zh}</title><style>{STYLE}</style></head><body><main>\
         <h1>{zh}<span lang=\"en\">{en}</span></h1><p class=\"digits\">{digits}</p>\
         <p>{next_zh}</p><p lang=\"en\">{next_en}</p></main></body></html>"
    )
}

fn grouped(digits: &str) -> String {
    let groups: Vec<&str> = digits.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}
