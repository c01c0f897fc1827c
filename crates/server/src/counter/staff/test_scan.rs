//! `/R/{digits}` for a test code: shows staff that scanning works and that nothing was redeemed.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use member_domain::{RedemptionCode, Refusal};
use member_storage::TestScan;

use super::{
    StaffResult,
    page::{Page, Words, link, notice, time, words},
    refusal,
    visitor::Phone,
};
use crate::counter::{Counter, desk};

/// Returns the page for a test code that a paired phone has scanned. The scan uses up the code.
pub(super) async fn page(state: &Counter, phone: &Phone, code: RedemptionCode) -> StaffResult {
    let desk = phone.desk();
    let scan = desk::guess(state, &desk, code.clone(), {
        let (database, token, shop_id, now) =
            (state.database.clone(), phone.token, phone.shop_id.clone(), state.clock.now());
        async move {
            let scan = database.scan_test_code(token, shop_id, code, now).await?;
            let unknown = matches!(scan, TestScan::Refused(Refusal::CodeUnknown));
            Ok((scan, unknown))
        }
    });
    Ok(match scan.await {
        Ok(TestScan::Worked(test)) => worked(phone, &time(test.tested_at)),
        Ok(TestScan::Refused(why)) => refused(why, phone),
        Err(error) => refusal::of(error, &phone.shop_name),
    })
}

fn worked(phone: &Phone, at: &str) -> Response {
    let title = words("测试成功，可以核销", "The test worked");
    let text = words(
        "这是测试码，没有核销任何优惠，也不用收款。会员来了，照这样扫会员码就行。",
        "This was a test code: nothing was redeemed and nothing is to be paid. Scan members' codes just like this.",
    );
    let body = format!(
        "<div class=panel>{}{}<p class=note>{at} · {}</p></div>{}",
        title.heading(),
        text.paragraphs(),
        words("已记录本店测试", "Recorded for this shop").label(),
        link("/R", words("回到首页", "Start")),
    );
    Page { status: StatusCode::OK, title: title.zh, shop: Some(&phone.shop_name), body }.into_response()
}

fn refused(why: Refusal, phone: &Phone) -> Response {
    let (title, text): (Words, Words) = match why {
        Refusal::CodeUnknown => (
            words("本店没有|这个测试码", "This shop has no such test code"),
            words(
                "测试码只在指定的那家店有效。请核对数字，或向运营方要本店的测试码。",
                "A test code works at its own shop only. Check the digits, or ask the operator for one of this shop.",
            ),
        ),
        Refusal::CodeExpired => (
            words("测试码过期了", "This test code has expired"),
            words(
                "测试码 30 分钟内有效，请向运营方要新的。",
                "It works for 30 minutes: ask the operator for a new one.",
            ),
        ),
        Refusal::CodeUsed => (
            words("测试码已经用过", "This test code was already used"),
            words("每个测试码只能用一次，请向运营方要新的。", "Each works once: ask the operator for a new one."),
        ),
        other => return refusal::refusal(other.kind(), &phone.shop_name),
    };
    let status = StatusCode::from_u16(why.kind().status()).expect("kinds have valid statuses");
    let body = notice(title, text, &link("/R", words("回到首页", "Start")));
    Page { status, title: title.zh, shop: Some(&phone.shop_name), body }.into_response()
}
