//! The pages for refused codes. Each page says what is wrong and what to do.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use member_domain::{CodeError, wire::ProblemKind};

use super::page::{Page, Words, link, loud_link, notice, quiet_link, words};
use crate::http::problem::ApiError;

/// Returns the page for digits that are not a member code.
pub(super) fn no_code(error: CodeError, shop: Option<&str>) -> Response {
    let title = match error {
        CodeError::ForeignPrefix => words("这是|别的应用的码", "This is another app's code"),
        _ => words("这不是会员码", "This is not a member code"),
    };
    refused(StatusCode::NOT_FOUND, title, what_is_wrong(error), "", shop)
}

/// Returns the page for a code's address that a page of another site has opened. Its link opens the address again, from here.
pub(super) fn opened_from_elsewhere(digits: &str) -> Response {
    let title = words("请确认|是您要打开的", "Did you mean to open this?");
    let text = words(
        "这个页面是从别的网站打开的。刚扫了会员码，请点“继续”；没有扫码，请关闭本页。",
        "Another site has opened this page. If you have just scanned a member's code, go on; if not, close this page.",
    );
    // Digits and letters only: the address stays one of these pages.
    let digits: String = digits.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    let body = notice(title, text, &loud_link(&format!("/R/{digits}"), words("继续", "Go on")));
    Page { status: StatusCode::OK, title: title.zh, shop: None, body }.into_response()
}

/// Returns the message about wrong digits, for the page and for the field.
pub(super) fn what_is_wrong(error: CodeError) -> Words {
    match error {
        CodeError::Empty => words("请扫会员码，或输入 20 位数字。", "Scan the member's code, or type its 20 digits."),
        CodeError::TooLong => words(
            "内容太长，不是会员码。请会员打开会员卡出示会员码，再扫一次。",
            "This is too long for a member code. Ask the member to show the code, and scan again.",
        ),
        CodeError::NotDigits => words(
            "会员码只有数字。请会员打开会员卡出示会员码，再扫一次。",
            "A member code has digits only. Ask the member to show the code, and scan again.",
        ),
        CodeError::AddedByScanner => words(
            "扫码枪在会员码前后加了字符。请在扫码枪设置里关掉前缀、后缀和条码标识（Code ID），再扫一次；也可以手输 20 位数字。",
            "The scanner adds characters to the code. Turn off its prefix, suffix and code ID, and scan again; or type the 20 digits.",
        ),
        CodeError::WrongLength(_) => words(
            "会员码是 20 位数字，位数不对。请再扫一次，或核对数字。",
            "A member code has 20 digits; this has not. Scan again, or check the digits.",
        ),
        CodeError::ForeignPrefix => words(
            "会员码以 66 开头，这像是付款码或别的卡。请会员打开会员卡，出示会员码。",
            "Member codes start with 66; this looks like a payment code. Ask the member to open the card and show its code.",
        ),
    }
}

/// Returns the page for an error during a redemption.
pub(super) fn of(error: ApiError, shop: &str) -> Response {
    match error {
        ApiError::Problem(kind, _) => refusal(kind, shop),
        ApiError::RateLimited { seconds, .. } => too_many(seconds, shop),
        _ => super::StaffError::Internal.into_response(),
    }
}

/// Returns the page for a code that cannot be redeemed.
pub(super) fn refusal(kind: ProblemKind, shop: &str) -> Response {
    let (title, text) = match kind {
        ProblemKind::CodeUnknown => (
            words("没有这个会员码", "No card has this code"),
            words(
                "请会员出示现在的码，再扫一次；手输的请核对 20 位数字。",
                "Scan the code the member shows now; if you typed it, check the 20 digits.",
            ),
        ),
        ProblemKind::CodeExpired => (
            words("这个码过期了", "This code has expired"),
            words(
                "会员码每 30 秒换一次。请会员出示现在的码，再扫一次。",
                "Codes change every 30 seconds. Scan the one the member shows now.",
            ),
        ),
        ProblemKind::CodeUsed => (
            words("这个码已经用过", "This code was already used"),
            words(
                "每个码只能用一次。请等会员手机上换新码，再扫一次。",
                "Each code works once. Wait for the member's next code, then scan it.",
            ),
        ),
        ProblemKind::ProgrammeEnded => (
            words("会员计划已结束", "The programme has ended"),
            words("会员卡不再有折扣，请按原价收款。", "Cards no longer give a discount: charge the full price."),
        ),
        ProblemKind::Forbidden => (
            words("这张卡今天|在本店不能用", "This card is not valid here today"),
            words(
                "有效期或城市不符，请按原价收款。会员可在会员卡上|查看日期和城市。",
                "Its dates or cities do not fit: charge the full price. The member's card shows both.",
            ),
        ),
        ProblemKind::Conflict => (
            words("这一页|已经用过了", "This page was already used"),
            words("请重新扫会员码，再输入金额。", "Scan the member's code again, then enter the bill."),
        ),
        _ => return super::StaffError::Internal.into_response(),
    };
    let status = StatusCode::from_u16(kind.status()).expect("kinds have valid statuses");
    refused(status, title, text, "", Some(shop))
}

/// Returns the page for a code that this shop has just redeemed.
pub(super) fn just_used(receipt_id: &str, shop: &str) -> Response {
    let text = words("不用再扫。点下面看刚才的结果。", "No need to scan again: see the result below.");
    let to_receipt = loud_link(&format!("/R/receipt/{receipt_id}"), words("查看小票", "Show the receipt"));
    refused(
        StatusCode::CONFLICT,
        words("本店刚刚|核销过这个码", "You have just redeemed this code"),
        text,
        &to_receipt,
        Some(shop),
    )
}

/// Returns the page for a code whose bill was not entered in time.
pub(super) fn too_long_ago(shop: &str) -> Response {
    let text = words(
        "扫码后 5 分钟内要输入金额。请会员出示现在的码，再扫一次。",
        "Enter the bill within 5 minutes of scanning. Scan the code the member shows now.",
    );
    refused(StatusCode::GONE, words("扫码已超过 5 分钟", "Scanned more than 5 minutes ago"), text, "", Some(shop))
}

/// Returns the page for a redemption that can no longer be cancelled.
pub(super) fn too_late_to_undo(receipt_id: &str, shop: &str) -> Response {
    let text = words(
        "核销 10 分钟后不能再撤销。请和会员当面结清，并告诉运营方。",
        "After 10 minutes a redemption stands. Settle it with the member, and tell the operator.",
    );
    let to_receipt = link(&format!("/R/receipt/{receipt_id}"), words("查看小票", "Show the receipt"));
    let title = words("已经不能撤销", "Too late to undo");
    let body = notice(title, text, &to_receipt);
    Page { status: StatusCode::CONFLICT, title: title.zh, shop: Some(shop), body }.into_response()
}

/// Returns the page for a phone that sends requests too fast.
fn too_many(seconds: u32, shop: &str) -> Response {
    let text = words("请稍等一会儿，再扫一次会员码。", "Wait a moment, then scan the member's code again.");
    let page = refused(StatusCode::TOO_MANY_REQUESTS, words("操作太快了", "Too many requests"), text, "", Some(shop));
    ([(header::RETRY_AFTER, HeaderValue::from(seconds))], page).into_response()
}

fn refused(status: StatusCode, title: Words, text: Words, more: &str, shop: Option<&str>) -> Response {
    // Browsers open the form around the field that the address names.
    let typed = quiet_link("/R#code", words("手动输入", "Type the digits"));
    let body = notice(title, text, &format!("{more}{typed}"));
    Page { status, title: title.zh, shop, body }.into_response()
}
