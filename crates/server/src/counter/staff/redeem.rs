//! `/R/{digits}`: redeems a code that a paired phone has scanned. Staff enter the bill, see it with the
//! discount, and confirm. With script, they see the discount while they type and confirm on the same page.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use member_domain::{Fen, PRESENTATION_MILLIS, Proof, RedemptionCode, Refusal, UnixMillis, wire::ProblemKind};
use member_storage::Presented;
use serde::Deserialize;

use super::{
    StaffError, StaffResult,
    form::OwnForm,
    page::{Page, Words, discount, link, time, words, wrong, wrong_attributes, yuan},
    pairing::{page_of, start_page, unpaired},
    refusal, test_scan,
    visitor::{OpenedFrom, Part, Phone, Visitor},
};
use crate::{
    counter::{
        Counter,
        desk::{self, Done, RedeemRequest, checked_bill},
        rules::TotpRules,
    },
    http::{markup::Text, problem::ApiError, sender::Sender},
    secret::{base64url, random_bytes},
};

/// The maximum number of typed characters that are kept.
const MAX_TYPED: usize = 64;

/// The largest bill that [`checked_bill`] accepts, for the page's script.
const MAX_BILL: Fen = Fen(10_000_000);

#[derive(Deserialize)]
pub(super) struct DigitsForm {
    #[serde(default)]
    code: String,
}

/// Handles the digits typed on the start page.
pub(super) async fn typed(
    State(state): State<Counter>,
    visitor: Visitor,
    OwnForm(form): OwnForm<DigitsForm>,
) -> StaffResult {
    let phone = visitor.paired("/R")?;
    Ok(match form.code.parse::<RedemptionCode>() {
        Ok(code) => Redirect::to(&page_of(&code)).into_response(),
        Err(error) => {
            record_no_code(&state, &phone, &form.code).await?;
            let typed: String = form.code.chars().take(MAX_TYPED).collect();
            start_page(&phone, StatusCode::UNPROCESSABLE_ENTITY, &typed, Some(refusal::what_is_wrong(error)))
        }
    })
}

/// Counts and records a paired phone's digits that are not a code. Other visitors are not terminals, so their
/// digits are not recorded.
async fn record_no_code(state: &Counter, phone: &Phone, digits: &str) -> StaffResult<()> {
    let recorded = desk::refuse_scan(state, &phone.desk(), digits).await;
    recorded.map_err(|error| StaffError::instead(refusal::of(error, &phone.shop_name)))
}

/// Returns the phone and the code. If the code cannot be redeemed here, the error is the page that says why.
/// For a test code, the error is the page of the test. Counts the request.
async fn read(
    state: &Counter,
    visitor: Visitor,
    digits: &str,
    unpaired_as: StatusCode,
) -> StaffResult<(Phone, RedemptionCode)> {
    let code = match digits.parse::<RedemptionCode>() {
        Ok(code) => code,
        Err(error) => {
            if let Visitor::Paired(phone) = &visitor {
                record_no_code(state, phone, digits).await?;
            }
            let shop = match &visitor {
                Visitor::Paired(phone) | Visitor::ShopLeft(phone) => Some(phone.shop_name.as_str()),
                Visitor::Stranger | Visitor::Ended => None,
            };
            return Err(StaffError::instead(refusal::no_code(error, shop)));
        }
    };
    let phone = match visitor {
        Visitor::Paired(phone) => phone,
        other => return Err(StaffError::instead(unpaired(other, unpaired_as, &page_of(&code), Some(&code)))),
    };
    desk::admit(state, &phone.desk()).map_err(|error| StaffError::instead(refusal::of(error, &phone.shop_name)))?;
    if code.is_test() {
        return Err(StaffError::instead(test_scan::page(state, &phone, code).await?));
    }
    Ok((phone, code))
}

/// A code that this phone may redeem now.
struct Presentation {
    member_masked: String,
    /// The time until which the bill may be entered.
    until: UnixMillis,
}

async fn present(state: &Counter, phone: &Phone, code: &RedemptionCode) -> StaffResult<Presentation> {
    let desk = phone.desk();
    let presented = desk::guess(state, &desk, code.clone(), {
        let (database, token, shop_id) = (state.database.clone(), phone.token, phone.shop_id.clone());
        let (code, now) = (code.clone(), state.clock.now());
        async move {
            let presented = database.present(token, shop_id, code, TotpRules, now).await?;
            let unknown = matches!(presented, Presented::Refused { refusal: Refusal::CodeUnknown, .. });
            Ok((presented, unknown))
        }
    });
    let page = match presented.await {
        Ok(Presented::Valid { member_masked, seen_at }) => {
            return Ok(Presentation { member_masked, until: seen_at.plus_millis(PRESENTATION_MILLIS) });
        }
        Ok(Presented::TooLongAgo) => refusal::too_long_ago(&phone.shop_name),
        Ok(Presented::Refused { receipt_id: Some(id), .. }) => refusal::just_used(&id, &phone.shop_name),
        Ok(Presented::Refused { refusal, .. }) => refusal::refusal(refusal.kind(), &phone.shop_name),
        Err(error) => refusal::of(error, &phone.shop_name),
    };
    Err(StaffError::instead(page))
}

pub(super) async fn scanned(
    State(state): State<Counter>,
    visitor: Visitor,
    OpenedFrom(sender): OpenedFrom,
    Part(digits): Part,
) -> StaffResult {
    // A page of another site could otherwise spend the shop's guesses and spoil its record.
    if sender == Sender::OtherSite && matches!(visitor, Visitor::Paired(_)) {
        return Ok(refusal::opened_from_elsewhere(&digits));
    }
    let (phone, code) = read(&state, visitor, &digits, StatusCode::OK).await?;
    let presentation = present(&state, &phone, &code).await?;
    Ok(bill_page(&phone, &code, &presentation, "", None))
}

/// Redirects to the code's page, if a form's address is opened or reloaded as a page.
pub(super) async fn back(Part(digits): Part) -> Redirect {
    Redirect::to(&digits.parse().map_or_else(|_| "/R".to_owned(), |code| page_of(&code)))
}

/// Returns the page for the bill. Its script shows the amount to collect and sends the form to [`confirm`], with
/// the fields of [`check_page`]. Without script, the form goes to [`billed`].
fn bill_page(
    phone: &Phone,
    code: &RedemptionCode,
    presentation: &Presentation,
    typed: &str,
    problem: Option<Words>,
) -> Response {
    let (zh, en) = discount(phone.discount);
    let until = time(presentation.until);
    let body = format!(
        "<div class=\"panel who\"><div><h1 class=label>{}</h1><strong>{}</strong></div><div><span lang=en>{en}</span><strong>{zh}</strong>\
         </div></div><form method=post action=\"{}\" autocomplete=off data-off={} data-max={}><label for=bill>{}</label>\
         <div class=field><span>¥</span><input id=bill name=bill value=\"{}\" inputmode=decimal autocomplete=off \
         enterkeyhint=go autofocus placeholder=0.00{}></div>{}<input type=hidden id=fen>\
         <input type=hidden name=key value={}>{}<button><span class=two>{}</span><span class=one>{}</span></button></form>\
         <p class=note>{until} 前有效 <span lang=en>Valid until {until}</span></p>",
        words("会员", "Member").label(),
        Text(&presentation.member_masked),
        page_of(code),
        phone.discount.permille(),
        MAX_BILL.0,
        words("账单金额（元）", "Bill in yuan").label(),
        Text(typed),
        wrong_attributes(problem),
        wrong(problem),
        new_key(),
        payable(),
        words("下一步", "Next").label(),
        words("确认核销", "Redeem").label(),
    );
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Page { status, title: "输入金额", shop: Some(&phone.shop_name), body }.with_script()
}

/// Returns the place of the amounts that the script computes. It is not shown without script.
fn payable() -> String {
    format!(
        "<div class=\"live one\"><div><span>{}</span><span>{} <output id=saved>–</output></span></div>\
         <output id=sum class=\"sum none\" for=bill>–</output></div>",
        words("应收", "To collect").label(),
        words("省", "Saved").label(),
    )
}

/// Returns a new idempotency key. A page's form keeps its key, so sending it twice redeems once.
fn new_key() -> String {
    base64url(&random_bytes::<16>())
}

#[derive(Deserialize)]
pub(super) struct BillForm {
    #[serde(default)]
    bill: String,
}

pub(super) async fn billed(
    State(state): State<Counter>,
    visitor: Visitor,
    Part(digits): Part,
    OwnForm(form): OwnForm<BillForm>,
) -> StaffResult {
    let (phone, code) = read(&state, visitor, &digits, StatusCode::FORBIDDEN).await?;
    let presentation = present(&state, &phone, &code).await?;
    let typed: String = form.bill.chars().take(MAX_TYPED).collect();
    Ok(match read_bill(&typed) {
        Ok(bill) => check_page(&phone, &code, &presentation, bill),
        Err(problem) => bill_page(&phone, &code, &presentation, &typed, Some(problem)),
    })
}

fn read_bill(typed: &str) -> Result<Fen, Words> {
    if typed.trim().is_empty() {
        return Err(words("请输入账单金额。", "Enter the bill."));
    }
    let bill = Fen::from_yuan(typed).map_err(|_| {
        words("请只写数字，最多两位小数，例如 42.50。", "Digits with at most two decimals, such as 42.50.")
    })?;
    checked_bill(bill).map_err(|_| {
        if bill < Fen(1) {
            words("金额要大于 0。", "The bill must be more than 0.")
        } else {
            words("金额太大，最多 10 万元。", "The bill is too large: at most 100,000 yuan.")
        }
    })
}

/// Returns the page that shows the bill with its discount, for confirmation.
fn check_page(phone: &Phone, code: &RedemptionCode, presentation: &Presentation, bill: Fen) -> Response {
    let split = phone.discount.apply(bill);
    let (zh, _) = discount(phone.discount);
    let address = page_of(code);
    let body = format!(
        "<div class=panel><h1 class=label>{}</h1><strong class=\"{}\">{}</strong><dl><div><dt>{}<dd>{}</div><div><dt>{} <span lang=en>\
         Saved</span><dd>−{}</div><div><dt>{}<dd>{}</div></dl></div><form method=post action=\"{address}/confirm\">\
         <input type=hidden name=bill value={}><input type=hidden name=key value={}><button>{}</button></form>{}",
        words("应收", "To collect").label(),
        sum_class(split.payable),
        yuan(split.payable),
        words("账单", "Bill").label(),
        yuan(split.total),
        zh,
        yuan(split.saved),
        words("会员", "Member").label(),
        Text(&presentation.member_masked),
        bill.0,
        new_key(),
        words("确认核销", "Confirm").label(),
        link(&address, words("改金额", "Change the bill")),
    );
    Page { status: StatusCode::OK, title: "确认核销", shop: Some(&phone.shop_name), body }.into_response()
}

/// Returns the CSS classes of a sum. A sum with many digits is shown smaller.
pub(super) fn sum_class(sum: Fen) -> &'static str {
    if sum.0 >= 1_000_000 { "sum long-sum" } else { "sum" }
}

#[derive(Deserialize)]
pub(super) struct ConfirmForm {
    bill: i64,
    key: String,
}

pub(super) async fn confirm(
    State(state): State<Counter>,
    visitor: Visitor,
    Part(digits): Part,
    OwnForm(form): OwnForm<ConfirmForm>,
) -> StaffResult {
    let (phone, code) = read(&state, visitor, &digits, StatusCode::FORBIDDEN).await?;
    let bad_form = || StaffError::BadForm(StatusCode::UNPROCESSABLE_ENTITY);
    let bill = checked_bill(Fen(form.bill)).map_err(|_| bad_form())?;
    if !(1..=200).contains(&form.key.len()) || !form.key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(bad_form());
    }
    let now = state.clock.now();
    let presented_at =
        state.database.presented_at(phone.token, phone.shop_id.clone(), code.clone(), TotpRules, now).await?;
    let proof = Proof::Code { code: code.clone(), presented_at };
    let request = RedeemRequest { idempotency_key: form.key, proof, bill };
    match desk::redeem(&state, phone.desk(), request).await {
        Ok(Done::Redeemed(receipt)) => Ok(Redirect::to(&format!("/R/receipt/{}", receipt.id)).into_response()),
        Ok(Done::Tested(_)) => Ok(Redirect::to(&page_of(&code)).into_response()),
        Err(error) => refused(&state, &phone, code, presented_at, error).await,
    }
}

async fn refused(
    state: &Counter,
    phone: &Phone,
    code: RedemptionCode,
    presented_at: Option<UnixMillis>,
    error: ApiError,
) -> StaffResult {
    if let ApiError::Problem(ProblemKind::CodeUsed, _) = error {
        let recent = state.database.recent_receipt(phone.shop_id.clone(), code, TotpRules, state.clock.now()).await?;
        if let Some(id) = recent {
            return Ok(refusal::just_used(&id, &phone.shop_name));
        }
    }
    if matches!(error, ApiError::Problem(ProblemKind::CodeExpired, _)) && presented_at.is_some() {
        return Ok(refusal::too_long_ago(&phone.shop_name));
    }
    Ok(refusal::of(error, &phone.shop_name))
}

#[cfg(test)]
mod tests {
    use member_domain::Fen;

    use super::{MAX_BILL, checked_bill};

    #[test]
    fn the_script_accepts_the_bills_that_the_server_accepts() {
        assert!(checked_bill(MAX_BILL).is_ok() && checked_bill(MAX_BILL + Fen(1)).is_err());
        assert!(checked_bill(Fen(1)).is_ok() && checked_bill(Fen(0)).is_err());
    }
}
