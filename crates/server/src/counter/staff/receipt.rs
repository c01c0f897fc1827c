//! `/R/receipt/{id}`: a receipt, for the terminals of the same shop. Within ten minutes, they can cancel the
//! redemption.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use member_domain::{
    CANCELLATION_MILLIS, CivilDate, UnixMillis,
    wire::{ProblemKind, Receipt},
};

use super::{
    StaffError, StaffResult,
    form::{NoFields, OwnForm},
    page::{Page, behind, link, time, words, yuan},
    redeem::sum_class,
    refusal,
    visitor::{Part, Phone, Visitor},
};
use crate::{
    counter::{Counter, desk},
    http::{markup::Text, problem::ApiError},
};

pub(super) async fn show(State(state): State<Counter>, visitor: Visitor, Part(id): Part) -> StaffResult {
    let phone = visitor.paired("/R")?;
    let receipt = state.database.receipt_of_shop(phone.shop_id.clone(), id).await?;
    let receipt = receipt.ok_or(StaffError::NotFound)?;
    Ok(receipt_page(&phone, &receipt, state.clock.now()))
}

pub(super) async fn undo(
    State(state): State<Counter>,
    visitor: Visitor,
    Part(id): Part,
    OwnForm(NoFields {}): OwnForm<NoFields>,
) -> StaffResult {
    let phone = visitor.paired("/R")?;
    let desk = phone.desk();
    if let Err(error) = desk::admit(&state, &desk) {
        return Ok(refusal::of(error, &phone.shop_name));
    }
    match desk::cancel(&state, &desk, id.clone()).await {
        Ok(receipt) => Ok(Redirect::to(&address(&receipt.id)).into_response()),
        Err(ApiError::Problem(ProblemKind::NotFound, _)) => Err(StaffError::NotFound),
        Err(ApiError::Problem(ProblemKind::Conflict, _)) => Ok(refusal::too_late_to_undo(&id, &phone.shop_name)),
        Err(error) => Ok(refusal::of(error, &phone.shop_name)),
    }
}

/// Redirects to the receipt, if the form's address is opened or reloaded as a page.
pub(super) async fn back(Part(id): Part) -> Redirect {
    Redirect::to(&address(&id))
}

/// Returns the address of a receipt. Ids have only letters and digits. For any other text, returns the start
/// page's address.
fn address(id: &str) -> String {
    let known = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if known { format!("/R/receipt/{id}") } else { "/R".to_owned() }
}

fn receipt_page(phone: &Phone, receipt: &Receipt, now: UnixMillis) -> Response {
    let cancelled = receipt.cancelled_at;
    let (title, mark, sum) = match cancelled {
        None => (words("已核销", "Redeemed"), "<div class=\"mark done\"><b>✓</b>", words("应收", "To collect")),
        Some(_) => {
            (words("已撤销", "Taken back"), "<div class=mark><b>↺</b>", words("按原价收", "Collect the full price"))
        }
    };
    let collect = if cancelled.is_some() { receipt.bill_fen } else { receipt.payable_fen };
    let over = if cancelled.is_some() { " class=over" } else { "" };
    let at = |at: UnixMillis| format!("{} {}", CivilDate::in_shanghai(at), time(at));
    let cancelled_row = cancelled
        .map(|cancelled| format!("<div><dt>{}<dd>{}</div>", words("撤销时间", "Taken back").label(), at(cancelled)));
    let body = format!(
        "<div class=ticket><div class=panel>{mark}{}</div>{}<strong class=\"{}\">{}</strong><dl><div><dt>{}<dd>{}</div><div><dt>{}\
         <dd{over}>−{}</div><div><dt>{}<dd>{}</div><div><dt>{}<dd>{}</div>{}<div><dt>{}<dd>{}</div></dl></div></div>{}{}",
        title.heading(),
        sum.label(),
        sum_class(collect),
        yuan(collect),
        words("账单", "Bill").label(),
        yuan(receipt.bill_fen),
        words("会员优惠", "Saved").label(),
        yuan(receipt.saved_fen),
        words("会员", "Member").label(),
        Text(&receipt.member_masked),
        words("时间", "Time").label(),
        at(receipt.redeemed_at),
        cancelled_row.unwrap_or_default(),
        words("小票", "Receipt").label(),
        Text(&receipt.id),
        link("/R", words("下一位", "Next member")),
        undo_form(receipt, now),
    );
    Page { status: StatusCode::OK, title: title.zh, shop: Some(&phone.shop_name), body }.into_response()
}

/// Returns the form that cancels the redemption after a confirmation. It is empty if the redemption is
/// already cancelled or too old.
fn undo_form(receipt: &Receipt, now: UnixMillis) -> String {
    let until = receipt.redeemed_at.plus_millis(CANCELLATION_MILLIS);
    if receipt.cancelled_at.is_some() || now > until {
        return String::new();
    }
    let until = time(until);
    let label = format!("{until} 前可撤销 <span lang=en>Undo until {until}</span>");
    let form = format!(
        "{}<form method=post action=\"{}/undo\"><button class=calm>{}</button></form>",
        words(
            "撤销后会员不享受这次优惠，这个码也不能再用。",
            "The member then saves nothing here, and this code stays used.",
        )
        .paragraphs(),
        address(&receipt.id),
        words("确认撤销", "Undo").label(),
    );
    behind(&label, false, &form)
}
