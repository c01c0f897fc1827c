//! `GET /v1/redemptions`, the member's ledger, and `GET /v1/redemptions.csv`, the ledger as a file.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use member_domain::wire::{LedgerEntry, LedgerPage};
use serde::Deserialize;

use crate::{
    http::{
        problem::{ApiError, ApiResult},
        request::QueryString,
        session::SignedInMember,
    },
    members::Members,
    spreadsheet::{self, Csv, in_shanghai},
};

const PAGE: u32 = 50;
/// The number of entries that are read at once for the file.
const CSV_PAGE: u32 = 500;

#[derive(Deserialize)]
pub(crate) struct LedgerQuery {
    cursor: Option<String>,
}

pub(crate) async fn list(
    State(state): State<Members>,
    member: SignedInMember,
    QueryString(query): QueryString<LedgerQuery>,
) -> ApiResult<Json<LedgerPage>> {
    let before = query
        .cursor
        .map(|cursor| cursor.parse().map_err(|_| ApiError::field("cursor", "this is no cursor of this list")));
    let mut entries = state.database.ledger(member.id, before.transpose()?, PAGE + 1).await?;
    let has_more = entries.len() > PAGE as usize;
    entries.truncate(PAGE as usize);
    let next_cursor = entries.last().filter(|_| has_more).map(|(place, _)| place.to_string());
    Ok(Json(LedgerPage { redemptions: entries.into_iter().map(|(_, entry)| entry).collect(), next_cursor }))
}

const CSV_COLUMNS: [&str; 7] = ["id", "redeemed_at", "shop", "bill_yuan", "saved_yuan", "paid_yuan", "cancelled_at"];

/// Returns the whole ledger as a file, newest first, for the member to keep.
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
