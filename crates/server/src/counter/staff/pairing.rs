//! `/R`: the shop's start page, pairing a phone with a shop by a one-time code, and unpairing it.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use member_domain::RedemptionCode;
use member_storage::Pairing;
use serde::Deserialize;

use super::{
    StaffError, StaffResult,
    form::{NoFields, OwnForm},
    page::{Page, Words, behind, digits_form, grouped, link, notice, words, wrong, wrong_attributes},
    visitor::{Phone, Visitor, cookie_name},
};
use crate::{
    counter::Counter,
    http::{markup::Text, session::is_https},
    secret::{PairingCode, Token},
};

/// How long a phone stays paired, in seconds: one year.
const COOKIE_SECONDS: u32 = 365 * 86_400;

/// Why a phone is not paired. It selects the title of the pairing page.
#[derive(Clone, Copy)]
enum Why {
    NotYet,
    Ended,
}

pub(super) async fn start(visitor: Visitor) -> Response {
    match visitor {
        Visitor::Paired(phone) => start_page(&phone, StatusCode::OK, "", None),
        other => unpaired(other, StatusCode::OK, "/R", None),
    }
}

/// Returns the start page of a paired phone. Scanning with the phone's camera is the usual way, so it is the one
/// loud thing.
pub(super) fn start_page(phone: &Phone, status: StatusCode, typed: &str, problem: Option<Words>) -> Response {
    let steps = [
        words("打开手机自带的相机", "Open this phone's camera"),
        words("对准会员手机上的二维码", "Point it at the member's QR"),
        words("点出现的链接", "Tap the link that appears"),
    ];
    let steps: String = steps.iter().map(|step| format!("<li>{}", step.label())).collect();
    let unpairing = words(
        "解除后，这部手机不能再核销，要用新的绑定码才能再绑定。",
        "It can then redeem no more until it is paired with a new code.",
    );
    let body = format!(
        "<div class=\"panel scan\">{}{}<ol>{steps}</ol></div>{}{}",
        words("扫会员码", "Scan the member's code").heading(),
        include_str!("scan.svg").replace('\n', ""),
        digits_form(typed, problem),
        behind(&words("解除绑定", "Unpair this phone").label(), false, &(unpairing.paragraphs() + &unpair_form())),
    );
    Page { status, title: "会员优惠", shop: Some(&phone.shop_name), body }.into_response()
}

fn unpair_form() -> String {
    let label = words("解除这部手机的绑定", "Unpair").label();
    format!("<form method=post action=/R/unpair><button class=calm>{label}</button></form>")
}

impl Visitor {
    /// Returns the paired phone. For other visitors, the error is the page of [`unpaired`], which continues
    /// at `next` after pairing.
    pub(super) fn paired(self, next: &str) -> StaffResult<Phone> {
        match self {
            Self::Paired(phone) => Ok(phone),
            other => Err(StaffError::instead(unpaired(other, StatusCode::FORBIDDEN, next, None))),
        }
    }
}

/// Returns the page for visitors without a paired phone. After pairing, it continues at `next`.
pub(super) fn unpaired(visitor: Visitor, status: StatusCode, next: &str, code: Option<&RedemptionCode>) -> Response {
    match visitor {
        Visitor::ShopLeft(phone) => shop_left(&phone),
        Visitor::Ended => pairing_page(Why::Ended, status, next, code, "", None),
        Visitor::Stranger | Visitor::Paired(_) => pairing_page(Why::NotYet, status, next, code, "", None),
    }
}

fn shop_left(phone: &Phone) -> Response {
    let title = words("本店已退出|会员优惠", "This shop no longer takes part");
    let text = words(
        "不能再核销会员码，请按原价收款。若是弄错了，请联系运营方。",
        "Member codes can no longer be redeemed here: charge the full price. If this is wrong, call the operator.",
    );
    let body = notice(title, text, &unpair_form());
    Page { status: StatusCode::FORBIDDEN, title: title.zh, shop: Some(&phone.shop_name), body }.into_response()
}

fn pairing_page(
    why: Why,
    status: StatusCode,
    next: &str,
    code: Option<&RedemptionCode>,
    typed: &str,
    problem: Option<Words>,
) -> Response {
    let title = match why {
        Why::NotYet => words("先绑定这部手机", "Pair this phone first"),
        Why::Ended => words("这部手机的|绑定已结束", "This phone was unpaired"),
    };
    let how = words(
        "请向运营方要本店的 8\u{a0}位绑定码，10\u{a0}分钟内填在下面。只需绑定一次，以后扫会员码就能核销。",
        "Ask the operator for this shop's 8-digit pairing code and enter it within 10 minutes. You pair once; then \
         every scan redeems.",
    );
    let till = code.map(|code| {
        format!(
            "<p class=note>{}<br><span class=digits>{}</span></p>",
            words("也可在收银系统里输入", "Or type it at the till").label(),
            grouped(&code.to_digits())
        )
    });
    let body = format!(
        "<div class=panel>{}{}<form method=post action=/R/pair><label for=code>{}</label>\
         <div class=\"field code\"><input id=code name=code value=\"{}\" inputmode=numeric autocomplete=one-time-code \
         enterkeyhint=go placeholder=\"0000 0000\"{}></div>{}<input type=hidden name=next value=\"{}\"><button>{}</button></form></div>{}",
        title.heading(),
        how.paragraphs(),
        words("绑定码", "Pairing code").label(),
        Text(typed),
        wrong_attributes(problem),
        wrong(problem),
        Text(next),
        words("绑定", "Pair").label(),
        till.unwrap_or_default(),
    );
    Page { status, title: title.zh, shop: None, body }.into_response()
}

#[derive(Deserialize)]
pub(super) struct PairingForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

pub(super) async fn pair(State(state): State<Counter>, OwnForm(form): OwnForm<PairingForm>) -> StaffResult {
    let next = own_page(&form.next);
    let wrong = |status, what| pairing_page(Why::NotYet, status, &next, None, &form.code, Some(what));
    let Some(code) = PairingCode::read(&form.code) else {
        let what = words("绑定码是 8 位数字，请核对。", "A pairing code has 8 digits: check it.");
        return Ok(wrong(StatusCode::UNPROCESSABLE_ENTITY, what));
    };
    let now = state.clock.now();
    if let Err(wait) = state.limits.pair(now) {
        return Ok(too_many(wait.seconds()));
    }
    let token = Token::generate();
    let what = match state.database.pair(code.hash(), token.hash(), now).await? {
        Pairing::Paired => {
            state.limits.paired(now);
            return Ok(([(header::SET_COOKIE, cookie(&state, token.reveal(), COOKIE_SECONDS))], Redirect::to(&next))
                .into_response());
        }
        Pairing::Unknown => words("没有这个绑定码，请核对数字。", "There is no such code: check the digits."),
        Pairing::Expired => words("绑定码过期了，请向运营方要新的。", "This code has expired: ask for a new one."),
        Pairing::Used => words("绑定码已用过，请向运营方要新的。", "This code was already used: ask for a new one."),
        Pairing::ShopLeft => words("本店已退出，不能绑定。", "This shop no longer takes part."),
    };
    Ok(wrong(StatusCode::FORBIDDEN, what))
}

fn too_many(seconds: u32) -> Response {
    let title = words("试的次数太多了", "Too many tries");
    let text = words("请过 10 分钟再试，并核对绑定码。", "Try again in 10 minutes, with the code checked.");
    let body = notice(title, text, &link("/R", words("返回", "Back")));
    let page = Page { status: StatusCode::TOO_MANY_REQUESTS, title: title.zh, shop: None, body };
    ([(header::RETRY_AFTER, HeaderValue::from(seconds))], page).into_response()
}

pub(super) async fn unpair(
    State(state): State<Counter>,
    visitor: Visitor,
    OwnForm(NoFields {}): OwnForm<NoFields>,
) -> StaffResult {
    if let Visitor::Paired(phone) | Visitor::ShopLeft(phone) = visitor {
        state.database.unpair(phone.token, state.clock.now()).await?;
    }
    Ok(([(header::SET_COOKIE, cookie(&state, "", 0))], Redirect::to("/R")).into_response())
}

fn cookie(state: &Counter, value: &str, seconds: u32) -> String {
    let name = cookie_name(&state.public_origin);
    let secure = if is_https(&state.public_origin) { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

/// Returns the page to continue at. It is always a staff page, whatever the form contains.
fn own_page(next: &str) -> String {
    match next.strip_prefix("/R/") {
        Some("report") => next.to_owned(),
        Some(code) => code.parse::<RedemptionCode>().map_or_else(|_| "/R".to_owned(), |code| page_of(&code)),
        None => "/R".to_owned(),
    }
}

/// Returns the address of a code's page.
pub(super) fn page_of(code: &RedemptionCode) -> String {
    format!("/R/{}", code.to_digits())
}

#[cfg(test)]
mod tests {
    use super::own_page;

    #[test]
    fn only_the_staffs_pages_are_gone_back_to() {
        assert_eq!(own_page("/R/66012345678987654321"), "/R/66012345678987654321");
        assert_eq!(own_page("/R/report"), "/R/report");
        for other in ["", "/R", "/", "//evil.example", "https://evil.example/R/", "/R//evil.example", "/R/../x", "/R/1"]
        {
            assert_eq!(own_page(other), "/R", "{other}");
        }
        assert_eq!(own_page("/R/https://evil.example/R/66012345678987654321"), "/R/66012345678987654321");
    }
}
