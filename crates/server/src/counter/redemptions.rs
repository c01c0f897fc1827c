//! `POST /v1/redemptions` and `POST /v1/redemptions/{id}/cancellation` for terminals, `POST
//! /v1/shops/{id}/redemptions` for members.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use member_domain::{
    Proof,
    openapi::ShopId,
    wire::{PinRedemptionRequest, ProblemKind, Receipt, RedemptionRequest, TestReceipt},
};
use utoipa::IntoParams;

use crate::{
    counter::{
        Counter,
        desk::{self, Desk, Done, RedeemRequest, checked_bill},
        pin::Pin,
    },
    http::{
        problem::{ApiError, ApiResult},
        request::{JsonBody, PathPart},
        session::{SignedInMember, Terminal},
    },
    openapi::{
        responses::{
            BodyTooLarge, CodeExpired, CodeUnknown, CodeUsedOrConflict, Conflict, ForbiddenOrProgrammeEnded, Internal,
            InvalidRequest, NotFound, RateLimited, Unauthorized,
        },
        samples::counter,
    },
};

const REDEEMED: &str =
    "Redeemed, now or by the first request under this `Idempotency-Key`: a repeated request gets the same receipt.";

/// Redeem a code at a shop's terminal
///
/// Grants the discount of the terminal's shop on a bill: `savedFen = floor(billFen * discountPermille /
/// 1000)`. The redemption is durable before the answer is sent, and the member's open pages are notified
/// (`GET /v1/events`).
///
/// The code is checked in this order, and the first reason to refuse it is the answer: shop no longer in the
/// programme (`forbidden`), unknown (`code-unknown`), out of the window (`code-expired`, or `code-used` if it
/// was redeemed), programme over (`programme-ended`), card not valid today or not in the shop's city
/// (`forbidden`), credential expired or replaced (`code-expired`), step not greater than the last accepted
/// one (`code-used`).
#[utoipa::path(
    post,
    path = "/v1/redemptions",
    operation_id = "redeemCode",
    tag = "redemption",
    security(("terminalBearer" = [])),
    params(IdempotencyKey),
    request_body(content = RedemptionRequest, description = "The code and the bill. At most 16 KiB.", examples(
        ("scanned" = (
            summary = "The QR code as a scanner reads it",
            value = json!({ "code": "HTTPS://CARD.EXAMPLE/R/66012345678962652551", "billFen": 8400 })
        )),
        ("digits" = (
            summary = "The digits alone",
            value = json!({ "code": "66012345678962652551", "billFen": 8400 })
        )),
        ("typed" = (
            summary = "As a person types it",
            value = json!({ "code": "6601 2345 6789 6265 2551", "billFen": 8400 })
        )),
    )),
    responses(
        (
            status = 200,
            description = "It was a test code, scanned now or by the first request under this `Idempotency-Key`. \
                           Scanning works, and nothing was redeemed. Print no receipt.",
            body = TestReceipt,
            example = counter::test_receipt,
        ),
        (
            status = 201,
            description = REDEEMED,
            body = Receipt,
            example = counter::receipt,
        ),
        Unauthorized,
        ForbiddenOrProgrammeEnded,
        CodeUnknown,
        CodeUsedOrConflict,
        CodeExpired,
        BodyTooLarge,
        InvalidRequest,
        RateLimited,
        Internal,
    ),
)]
pub(crate) async fn redeem(
    State(state): State<Counter>,
    terminal: Terminal,
    headers: HeaderMap,
    body: Result<JsonBody<RedemptionRequest>, ApiError>,
) -> ApiResult<Response> {
    let desk = Desk::from(terminal);
    desk::admit(&state, &desk)?;
    let read = body.and_then(|JsonBody(body)| {
        let idempotency_key = idempotency_key(&headers)?;
        let code = body.code.parse().map_err(|error| ApiError::field("code", error))?;
        let proof = Proof::Code { code, presented_at: None };
        Ok(RedeemRequest { idempotency_key, proof, bill: checked_bill(body.bill_fen)? })
    });
    let request = or_record(&state, &desk, read).await?;
    Ok(told(desk::redeem(&state, desk, request).await?))
}

/// Redeem by the shop's PIN, entered on the member's phone
///
/// For shops without any device: staff enter the shop's PIN and the bill on the member's page. It is the
/// member's request; the PIN shows that the shop agrees. No code is used up.
///
/// In this order: a request under an `Idempotency-Key` that was answered before gets that answer, whatever
/// its PIN; a shop without a PIN, or one that has left, is `forbidden`; a PIN that is locked is
/// `rate-limited`; a wrong one is `invalid-request` with `field` = `pin` and `triesLeft`. Then the member's
/// card is checked as for a code: no card or one that does not work here today (`forbidden`), programme over
/// (`programme-ended`).
///
/// Five wrong PINs in a row, of any members, lock the shop's PIN for 15 minutes; the fifth is answered with
/// `rate-limited` already. A right one clears the count. Ten wrong PINs of one member within 24 hours, at any
/// shops, end that member's tries for the day (`rate-limited`); right PINs of anybody do not clear that
/// count. A request waits while others' PINs are being checked, so that a right PIN is not refused because
/// others may be wrong. A wrong one does not use up its `Idempotency-Key`.
///
/// Requests from other sites are refused as for `POST /v1/credentials`.
#[utoipa::path(
    post,
    path = "/v1/shops/{id}/redemptions",
    operation_id = "redeemByPin",
    tags = ["redemption", "shops"],
    security(("memberSession" = []), ("memberBearer" = [])),
    params(("id" = ShopId, Path, description = "The shop's id.", example = "sh-laozaojian-noodles"), IdempotencyKey),
    request_body(
        content = PinRedemptionRequest,
        description = "The PIN and the bill. At most 16 KiB.",
        example = json!({ "pin": "246810", "billFen": 3600 }),
    ),
    responses(
        (
            status = 201,
            description = REDEEMED,
            body = Receipt,
            example = counter::receipt_by_pin,
        ),
        Unauthorized,
        ForbiddenOrProgrammeEnded,
        NotFound,
        Conflict,
        BodyTooLarge,
        InvalidRequest,
        RateLimited,
        Internal,
    ),
)]
pub(crate) async fn redeem_by_pin(
    State(state): State<Counter>,
    member: SignedInMember,
    PathPart(shop_id): PathPart,
    headers: HeaderMap,
    body: Result<JsonBody<PinRedemptionRequest>, ApiError>,
) -> ApiResult<Response> {
    let desk = Desk::of_member(&member.id, shop_id);
    // An attempt can only be recorded for an existing shop.
    if state.database.shop(desk.shop_id.clone()).await?.is_none() {
        return Err(ApiError::new(ProblemKind::NotFound, "there is no such shop"));
    }
    desk::admit(&state, &desk)?;
    let read = body.and_then(|JsonBody(body)| {
        let idempotency_key = idempotency_key(&headers)?;
        let pin = Pin::parse(&body.pin).map_err(|error| ApiError::field("pin", error))?;
        let proof = Proof::Card { member_id: member.id.clone() };
        Ok((pin, RedeemRequest { idempotency_key, proof, bill: checked_bill(body.bill_fen)? }))
    });
    let (pin, request) = or_record(&state, &desk, read).await?;
    Ok(told(desk::redeem_by_pin(&state, desk, member.id, request, pin).await?))
}

/// Returns 201 with the receipt, or 200 for a test code, so that no till prints a receipt for it.
fn told(done: Done) -> Response {
    match done {
        Done::Redeemed(receipt) => (StatusCode::CREATED, Json(receipt)).into_response(),
        Done::Tested(test) => Json(test).into_response(),
    }
}

/// Returns `read`. If it is an error, records a malformed request first.
async fn or_record<T>(state: &Counter, desk: &Desk, read: ApiResult<T>) -> ApiResult<T> {
    if read.is_err() {
        desk::record_malformed(state, desk).await?;
    }
    read
}

/// Cancel a redemption
///
/// For a terminal of the shop that redeemed, within ten minutes. The request has no body. Repeating it, at
/// any time, gives the same answer and changes nothing. The code stays used; the saving no longer counts. The
/// member's open pages are notified by another event `redemption`, with `cancelledAt`.
#[utoipa::path(
    post,
    path = "/v1/redemptions/{id}/cancellation",
    operation_id = "cancelRedemption",
    tag = "redemption",
    security(("terminalBearer" = [])),
    params((
        "id" = String,
        Path,
        description = "The redemption's id, from its receipt.",
        min_length = 1,
        example = "7K3QXN0V2M8D",
    )),
    responses(
        (status = 200, description = "Cancelled, now or before.", body = Receipt, example = counter::cancelled_receipt),
        Unauthorized,
        NotFound,
        Conflict,
        RateLimited,
        Internal,
    ),
)]
pub(crate) async fn cancel(
    State(state): State<Counter>,
    terminal: Terminal,
    PathPart(redemption_id): PathPart,
) -> ApiResult<Json<Receipt>> {
    let desk = Desk::from(terminal);
    desk::admit(&state, &desk)?;
    Ok(Json(desk::cancel(&state, &desk, redemption_id).await?))
}

/// The header that names an attempt.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes a header")]
struct IdempotencyKey {
    /// Names this attempt, after the IETF draft of the same name: 1 to 200 printable ASCII characters, best a
    /// new UUID. It is compared as it is, quotes included, and belongs to the terminal token, or the member,
    /// that sent it.
    ///
    /// The first outcome under a key is stored with it: a receipt, or a refusal of the code or the card (403,
    /// 404, 409, 410). The same code and bill under the same key get the same outcome again; another spelling
    /// of a code is the same code. Another code or bill under the same key is `conflict`, and so is another
    /// shop or bill with a PIN. Answers 401, 413, 422, 429 and 500 are not stored, so after them the same key
    /// may be used again. A shop that takes no PIN is not stored either. The reference backend forgets no
    /// key.
    #[param(
        rename = "Idempotency-Key",
        min_length = 1,
        max_length = 200,
        pattern = "^[!-~]([ -~]*[!-~])?$",
        example = "6f1c2f0e-8a58-4c7e-9a43-3f2b1f0f6a11"
    )]
    idempotency_key: String,
}

fn idempotency_key(headers: &HeaderMap) -> ApiResult<String> {
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::trim);
    let key = key.filter(|key| (1..=200).contains(&key.len()));
    key.map(str::to_owned).ok_or_else(|| {
        ApiError::field("Idempotency-Key", "send a header of 1 to 200 ASCII characters, new for every redemption")
    })
}
