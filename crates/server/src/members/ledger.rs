//! `GET /v1/redemptions`, the member's ledger, and `GET /v1/redemptions.csv`, the ledger as a file.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use member_domain::wire::{LedgerEntry, LedgerPage};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    http::{
        problem::{ApiError, ApiResult},
        request::QueryString,
        session::SignedInMember,
    },
    members::Members,
    openapi::{
        responses::{Internal, InvalidRequest, RateLimited, Unauthorized},
        samples,
    },
    spreadsheet::{self, Csv, in_shanghai},
};

const PAGE: u32 = 50;
/// The number of entries that are read at once for the file.
const CSV_PAGE: u32 = 500;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LedgerQuery {
    /// `nextCursor` of the previous page.
    #[param(pattern = "^[0-9]{1,18}$", example = "204")]
    cursor: Option<String>,
}

/// The member's ledger
///
/// Confirmed redemptions with every card of the member, newest first, at most 50 a page. Cancelled
/// redemptions have `cancelledAt`.
#[utoipa::path(
    get,
    path = "/v1/redemptions",
    operation_id = "listRedemptions",
    tags = ["redemption", "member"],
    security(("memberSession" = []), ("memberBearer" = [])),
    params(LedgerQuery),
    responses(
        (status = 200, description = "A page of the ledger.", body = LedgerPage, example = samples::member::ledger),
        Unauthorized,
        InvalidRequest,
        RateLimited,
        Internal,
    ),
)]
pub(crate) async fn list(
    State(state): State<Members>,
    member: SignedInMember,
    QueryString(query): QueryString<LedgerQuery>,
) -> ApiResult<Json<LedgerPage>> {
    let before = query.cursor.map(|cursor| {
        let parsed = cursor.parse().ok().filter(|_| cursor.bytes().all(|byte| byte.is_ascii_digit()));
        parsed.ok_or_else(|| ApiError::field("cursor", "this is no cursor of this list"))
    });
    let mut entries = state.database.ledger(member.id, before.transpose()?, PAGE + 1).await?;
    let has_more = entries.len() > PAGE as usize;
    entries.truncate(PAGE as usize);
    let next_cursor = entries.last().filter(|_| has_more).map(|(place, _)| place.to_string());
    Ok(Json(LedgerPage { redemptions: entries.into_iter().map(|(_, entry)| entry).collect(), next_cursor }))
}

const CSV_COLUMNS: [&str; 7] = ["id", "redeemed_at", "shop", "bill_yuan", "saved_yuan", "paid_yuan", "cancelled_at"];

/// The member's ledger as a file
///
/// All entries of `GET /v1/redemptions`, newest first, as CSV (RFC 4180) in UTF-8 with a byte order mark, for
/// spreadsheets. Columns: `id`, `redeemed_at` (RFC 3339, UTC+8), `shop`, `bill_yuan`, `saved_yuan`,
/// `paid_yuan` (yuan with two decimals), `cancelled_at` (empty unless the redemption was cancelled). A text
/// that a spreadsheet would take for a formula begins with an apostrophe.
#[utoipa::path(
    get,
    path = "/v1/redemptions.csv",
    operation_id = "exportRedemptions",
    tags = ["redemption", "member"],
    security(("memberSession" = []), ("memberBearer" = [])),
    responses(
        (
            status = 200,
            description = "The file.",
            body = String,
            content_type = "text/csv",
            headers(("Content-Disposition" = String, description = "Asks the browser to save the file.")),
            example = samples::member::ledger_file,
        ),
        Unauthorized,
        Internal,
    ),
)]
pub(crate) async fn file(State(state): State<Members>, member: SignedInMember) -> ApiResult<Response> {
    let (mut csv, mut before) = (Csv::new(Vec::new(), CSV_COLUMNS).map_err(unwritable)?, None);
    loop {
        let entries = state.database.ledger(member.id.clone(), before, CSV_PAGE).await?;
        for (_, entry) in &entries {
            csv.row(csv_row(entry)).map_err(unwritable)?;
        }
        before = entries.last().filter(|_| entries.len() == CSV_PAGE as usize).map(|(place, _)| *place);
        if before.is_none() {
            break;
        }
    }
    let csv = csv.finish().map_err(unwritable)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"member-card-savings.csv\""),
    ];
    Ok((headers, csv).into_response())
}

fn csv_row(entry: &LedgerEntry) -> [String; 7] {
    [
        entry.id.clone(),
        in_shanghai(entry.redeemed_at),
        entry.shop_name.clone(),
        spreadsheet::yuan(entry.bill_fen.0),
        spreadsheet::yuan(entry.saved_fen.0),
        spreadsheet::yuan(entry.payable_fen.0),
        entry.cancelled_at.map(in_shanghai).unwrap_or_default(),
    ]
}

fn unwritable(error: impl std::fmt::Display) -> ApiError {
    tracing::error!(%error, "cannot write a ledger as CSV");
    ApiError::Internal
}
