//! `/R`: the staff pages, for shops that have only a phone. The server renders them, and each works without
//! script. Staff pair the phone, redeem scanned codes and read the shop's report.

mod form;
mod page;
mod pairing;
mod receipt;
mod redeem;
mod refusal;
mod report;
mod test_scan;
mod visitor;

use axum::{
    Router,
    extract::FromRef,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get},
};
use member_storage::StorageError;
use page::{Page, link, notice, words};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{counter::Counter, http::Base};

/// Returns the routes of the staff pages, under `/R` and `/r`: QR codes have the capital letter, people type
/// the small one.
pub(crate) fn routes<S>(public_origin: &str) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Base: FromRef<S>,
    Counter: FromRef<S>,
{
    let policies = page::Policies::new(public_origin);
    let policy = move |response: &Response| Some(policies.of(response));
    let policy = SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy);
    let no_store = SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    ["/R", "/r"].into_iter().fold(Router::new(), with_routes).layer(no_store).layer(policy)
}

fn with_routes<S>(router: Router<S>, prefix: &str) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Base: FromRef<S>,
    Counter: FromRef<S>,
{
    let table: [(&str, MethodRouter<S>); 12] = [
        ("", get(pairing::start).post(redeem::typed)),
        ("/", get(pairing::start).post(redeem::typed)),
        ("/pair", get(to_start).post(pairing::pair)),
        ("/unpair", get(to_start).post(pairing::unpair)),
        ("/report", get(report::show)),
        ("/report.csv", get(report::csv)),
        ("/receipt/{id}", get(receipt::show)),
        ("/receipt/{id}/undo", get(receipt::back).post(receipt::undo)),
        ("/{digits}", get(redeem::scanned).post(redeem::billed)),
        ("/{digits}/", get(redeem::scanned)),
        ("/{digits}/confirm", get(redeem::back).post(redeem::confirm)),
        ("/{digits}/{*rest}", get(|| async { StaffError::NotFound })),
    ];
    table.into_iter().fold(router, |router, (path, methods)| router.route(&format!("{prefix}{path}"), methods))
}

/// Redirects to the start page, if a form's address is opened or reloaded as a page.
async fn to_start() -> Redirect {
    Redirect::to("/R")
}

/// An error of a staff page, shown as a page.
#[derive(Debug)]
pub(crate) enum StaffError {
    /// Another page, which explains the error.
    Instead(Box<Response>),
    /// 500: the cause is logged and not shown.
    Internal,
    /// 404: the page does not exist, or this shop may not see it.
    NotFound,
    /// 403: the form does not come from one of the staff pages.
    OtherSite,
    /// 422, 413 or similar: the form does not match the staff pages' forms.
    BadForm(StatusCode),
}

type StaffResult<T = Response> = Result<T, StaffError>;

impl StaffError {
    fn instead(page: Response) -> Self {
        Self::Instead(Box::new(page))
    }
}

impl From<StorageError> for StaffError {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "storage failed");
        Self::Internal
    }
}

impl IntoResponse for StaffError {
    fn into_response(self) -> Response {
        let (status, title, text) = match self {
            Self::Instead(page) => return *page,
            Self::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                words("系统出错了，这一步|没有完成", "The server failed; this step was not done"),
                words(
                    "请返回上一页再试一次，同一个码不会核销两次。还是不行，请先按原价收款并联系运营方。",
                    "Go back and try again: a code is never redeemed twice. If it fails again, charge the full price \
                     and call the operator.",
                ),
            ),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                words("没有这一页", "There is no such page"),
                words("请回到首页，或重新扫会员码。", "Go to the start, or scan the member's code again."),
            ),
            Self::OtherSite => (
                StatusCode::FORBIDDEN,
                words("这个操作|不是从本页|发出的", "This did not come from these pages"),
                words(
                    "为了安全没有执行。请回到首页，从那里再来一次。",
                    "It was not done, for safety. Go to the start and do it again from there.",
                ),
            ),
            Self::BadForm(status) => (
                status,
                words("内容不完整", "Something is missing"),
                words("请回到首页，重新扫会员码。", "Go to the start, and scan the member's code again."),
            ),
        };
        let actions = link("/R", words("回到首页", "Start"));
        Page { status, title: title.zh, shop: None, body: notice(title, text, &actions) }.into_response()
    }
}
