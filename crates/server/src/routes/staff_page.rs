//! `GET /R/{digits}`: what a shop's phone shows after scanning a member's code with its camera. Plain HTML, no script.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{Html, IntoResponse},
};
use member_domain::RedemptionCode;

use super::request::PathPart;
use crate::serve::AppState;

pub(super) async fn show(State(_): State<AppState>, PathPart(digits): PathPart) -> impl IntoResponse {
    let (status, page) = match digits.parse::<RedemptionCode>() {
        Ok(code) => (StatusCode::OK, page("这是一张会员码", "This is a member code", &grouped(&code.to_digits()))),
        Err(_) => (
            StatusCode::NOT_FOUND,
            page("这不是会员码", "This is not a member code", "请让会员重新出示 · Ask the member to show it again"),
        ),
    };
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; form-action 'none'"),
    ];
    (status, headers, Html(page))
}

/// Both texts and `line` are ours or digits: nothing of the request reaches the HTML unchecked.
fn page(zh: &str, en: &str, line: &str) -> String {
    format!(
        "<!doctype html><html lang=\"zh-Hans\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>{zh}</title><h1>{zh}</h1><p lang=\"en\">{en}</p><p><strong>{line}</strong></p>\
         <p>这部手机还不是本店的收银终端，所以不能在这里核销。请用店里的收银系统扫描会员手机上的码，或输入这 20 位数字。</p>\
         <p lang=\"en\">This phone is not yet a terminal of the shop, so it cannot redeem here. Scan the code on the \
         member's phone with the shop's till, or type these 20 digits there.</p></html>"
    )
}

fn grouped(digits: &str) -> String {
    let groups: Vec<&str> = digits.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}
